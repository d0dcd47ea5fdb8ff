"""Drawn scenes: their truth against scikit-image, their numbers pinned, each alike in any batch."""

import hashlib
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from skimage.draw import disk, polygon2mask
from skimage.measure import regionprops

from engine.data.painting import SceneSettings
from engine.data.scenes import (
    CATEGORIES,
    PANOPTIC_STEP,
    SCENES96,
    SHAPES32,
    Scene,
    Scenes,
    draw_many,
    draw_scene,
)
from engine.data.shapes import SHAPES
from engine.data.textures import STUFF
from engine.errors import InputError

CROWDED = SceneSettings(size=(64, 80), objects=(3, 8), border_share=0.5)


@pytest.fixture(scope="module")
def shapes() -> Scenes:
    return draw_many(2000, 0, SHAPES32)


@pytest.fixture(scope="module")
def crowds() -> Scenes:
    return draw_many(60, 1, CROWDED)


def digest(scenes: Scenes) -> str:
    """Of pixels, labels, boxes and maps; outlines may differ in a last bit between machines."""
    arrays = (scenes.pixels, scenes.labels, scenes.boxes, scenes.instance, scenes.ground)
    return hashlib.sha256(b"".join(array.tobytes() for array in arrays)).hexdigest()[:16]


@pytest.mark.parametrize(
    ("scene_settings", "count", "pinned"),
    [(SHAPES32, 200, "0e60fe4fa99000b1"), (SCENES96, 20, "eb85ad9c90093291")],
    ids=["shapes32", "scenes96"],
)
def test_the_scenes_that_figures_are_quoted_for_stay_as_they_are(
    scene_settings: SceneSettings, count: int, pinned: str
) -> None:
    assert digest(draw_many(count, 0, scene_settings)) == pinned


def test_importing_scenes_does_not_import_torch() -> None:
    code = "import sys, engine.data.scenes; assert 'torch' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_no_scenes() -> None:
    none = draw_many(0, 0, SHAPES32)
    assert len(none) == 0
    assert list(none) == []


def full_mask(scene: Scene, index: int) -> np.ndarray:
    """An object's mask inside the picture, drawn by scikit-image from its outline."""
    x, y, radius, angle = scene.outlines[index]
    size = scene.instance.shape
    mask = np.zeros(size, bool)
    if SHAPES[scene.labels[index]] == "circle":
        mask[disk((y - 0.5, x - 0.5), radius, shape=size)] = True
        return mask
    corners = {"square": 4, "triangle": 3}[SHAPES[scene.labels[index]]]
    turn = angle + 2 * np.pi * np.arange(corners) / corners
    points = np.stack([y - 0.5 + radius * np.sin(turn), x - 0.5 + radius * np.cos(turn)], axis=1)
    return polygon2mask(size, points)


@pytest.mark.parametrize("scene_settings", [SHAPES32, SCENES96, CROWDED])
def test_masks_are_the_outlines_painted_back_to_front(scene_settings: SceneSettings) -> None:
    for scene in draw_many(30, 5, scene_settings):
        expected = np.zeros(scene.instance.shape, int)
        for index in range(len(scene.labels)):
            expected[full_mask(scene, index)] = index + 1
        # A pixel whose centre lies on an edge may fall to either side.
        assert (expected != scene.instance).mean() <= 2e-4


def test_boxes_are_tight_around_the_visible_parts(crowds: Scenes) -> None:
    for scene in crowds:
        found = {region.label: region.bbox for region in regionprops(scene.instance)}
        for index, (x1, y1, x2, y2) in enumerate(scene.boxes):
            assert found[index + 1] == (y1, x1, y2, x2)
            assert 0 <= x1 < x2 <= 80
            assert 0 <= y1 < y2 <= 64
        assert len(found) == len(scene.labels) == len(scene.boxes)


def test_no_object_is_hidden_further_than_allowed_and_some_are_hidden(crowds: Scenes) -> None:
    shares = np.concatenate([scene.hidden_shares for scene in crowds])
    assert shares.max() <= CROWDED.hidden_share
    assert shares.max() > 0.2
    for scene in list(crowds)[:20]:
        for index, share in enumerate(scene.hidden_shares):
            full = full_mask(scene, index)
            visible = (full & (scene.instance == index + 1)).sum()
            assert 1 - visible / full.sum() == pytest.approx(share, abs=0.02)


def test_nothing_overlaps_where_nothing_may_be_hidden() -> None:
    for scene in draw_many(20, 2, replace(CROWDED, hidden_share=0.0)):
        assert not scene.hidden_shares.any()


def test_sizes_lie_within_their_limits() -> None:
    whole = draw_many(300, 3, replace(SHAPES32, cut_share=0.0, empty_share=0.0))
    sides = (whole.boxes[:, 0, 2:] - whole.boxes[:, 0, :2]).max(axis=1)
    assert 13 <= sides.min() < 15  # a tip narrower than a pixel covers no centre
    assert 26 < sides.max() <= 28


def test_some_objects_are_cut_off_and_none_by_too_much(shapes: Scenes) -> None:
    for scene in list(shapes)[:200]:
        for index, (x1, y1, x2, y2) in enumerate(scene.boxes):
            radius = scene.outlines[index, 2]
            assert max(x2 - x1, y2 - y1) <= 28
            assert min(x2 - x1, y2 - y1) >= (1 - 2 * SHAPES32.cut_share) * radius
    touching = (shapes.boxes[:, 0, :2] == 0).any(axis=1) & (shapes.counts == 1)
    assert 0.05 < touching.mean() < 0.6


def test_classes_are_balanced_and_a_quarter_shows_nothing(shapes: Scenes) -> None:
    counts = np.bincount(shapes.labels[:, 0] + 1, minlength=4)
    assert counts.sum() == 2000
    assert np.abs(counts / 2000 - 0.25).max() < 0.03
    np.testing.assert_array_equal(shapes.counts, shapes.labels[:, 0] >= 0)


def test_counts_of_objects_are_balanced() -> None:
    counts = np.bincount(draw_many(200, 0, SCENES96).counts, minlength=5)
    assert counts[0] == 0
    assert np.abs(counts[1:] / 200 - 0.25).max() < 0.1


def test_the_panoptic_map_names_category_and_instance(crowds: Scenes) -> None:
    for index, scene in enumerate(crowds):
        category, instance = np.divmod(scene.panoptic, PANOPTIC_STEP)
        np.testing.assert_array_equal(instance, scene.instance)
        thing = instance > 0
        np.testing.assert_array_equal(category[~thing], crowds.ground[index][~thing])
        for number, mask in enumerate(scene.masks):
            names = {CATEGORIES[each] for each in np.unique(category[mask])}
            assert names == {SHAPES[scene.labels[number]]}
        assert scene.masks.sum(axis=0).max(initial=0) <= 1
        np.testing.assert_array_equal(scene.masks.any(axis=0), thing)
    assert {STUFF[each] for each in np.unique(crowds.ground)} == set(STUFF)


@settings(max_examples=15)
@given(
    seed=st.integers(0, 2**63 - 1),
    start=st.integers(0, 10_000),
    count=st.integers(1, 5),
    index=st.integers(0, 4),
)
def test_a_scene_depends_on_its_seed_and_index_only(
    seed: int, start: int, count: int, index: int
) -> None:
    many = draw_many(count, seed, SHAPES32, start=start)
    at = index % count
    alone = draw_scene(seed, start + at, SHAPES32)
    for name, value in vars(many[at]).items():
        np.testing.assert_array_equal(value, getattr(alone, name))


def test_the_batch_size_does_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    expected = digest(draw_many(40, 9, CROWDED))
    monkeypatch.setattr("engine.data.scenes._BATCH_PIXELS", 3 * 64 * 80)
    assert digest(draw_many(40, 9, CROWDED)) == expected


def test_no_two_seeds_and_no_two_scenes_alike() -> None:
    pictures = [
        scene.pixels.tobytes() for seed in range(20) for scene in draw_many(20, seed, SHAPES32)
    ]
    assert len(set(pictures)) == len(pictures)


def test_difficulty_moves_nothing_and_drowns_the_object_in_noise() -> None:
    easy, hard = (draw_many(100, 4, replace(SHAPES32, difficulty=d)) for d in (0.0, 1.0))
    np.testing.assert_array_equal(easy.instance, hard.instance)

    def contrast_to_noise(scenes: Scenes) -> float:
        shares = []
        for scene in scenes:
            if len(scene.labels):
                inside, outside = (scene.pixels[scene.instance == k] / 255 for k in (1, 0))
                gap = np.abs(inside.mean(0) - outside.mean(0)).max()
                shares.append(gap / (inside.std(0).mean() + outside.std(0).mean()))
        return float(np.mean(shares))

    assert contrast_to_noise(easy) > 2 * contrast_to_noise(hard)


def test_any_size() -> None:
    for size in [(8, 8), (40, 700)]:
        scene = draw_scene(0, 0, SceneSettings(size=size, sizes_px=(4, 8)))
        assert scene.pixels.shape == (*size, 3)
        assert scene.pixels.dtype == np.uint8


@pytest.mark.parametrize(
    ("changed", "name"),
    [
        ({"size": (7, 32)}, "H"),
        ({"size": (32, 2000)}, "W"),
        ({"objects": (0, 1)}, "objects"),
        ({"objects": (3, 2)}, "objects"),
        ({"sizes_px": (14.0, 33.0)}, "sizes_px"),
        ({"cut_share": 0.5}, "cut_share"),
        ({"hidden_share": 1.0}, "hidden_share"),
        ({"tilt_degrees": 181.0}, "tilt_degrees"),
        ({"empty_share": -0.1}, "empty_share"),
        ({"difficulty": float("nan")}, "difficulty"),
    ],
)
def test_settings_out_of_range_are_a_sentence(changed: dict[str, object], name: str) -> None:
    with pytest.raises(InputError, match=f"value of {name} must lie between"):
        replace(SHAPES32, **changed)


@pytest.mark.parametrize(
    ("count", "seed", "name"), [(-1, 0, "count"), (10**9, 0, "count"), (1, -1, "seed")]
)
def test_counts_and_seeds_out_of_range_are_a_sentence(count: int, seed: int, name: str) -> None:
    with pytest.raises(InputError, match=f"value of {name} must lie between"):
        draw_many(count, seed, SHAPES32)

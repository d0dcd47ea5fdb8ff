"""Scenes of stuff and things: each pixel one segment, the truth held against scikit-image."""

import hashlib
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from skimage.measure import regionprops

from engine.data.landscapes import LANDSCAPE, LEAST_SHARE, value_noise
from engine.data.panoptic_scenes import (
    CATEGORIES,
    FIRST_THING,
    PanopticScene,
    PanopticSettings,
    draw_panoptic_scene,
    draw_panoptic_scenes,
)
from engine.data.scenes import PANOPTIC_STEP
from engine.errors import InputError

USUAL = PanopticSettings()
CROWDED = PanopticSettings(size=(64, 80), things=(12, 12), overlap=0.5)


@pytest.fixture(scope="module")
def usual() -> list[PanopticScene]:
    return list(draw_panoptic_scenes(80, 0, USUAL))


@pytest.fixture(scope="module")
def crowds() -> list[PanopticScene]:
    return list(draw_panoptic_scenes(20, 1, CROWDED))


def test_the_scenes_that_figures_are_quoted_for_stay_as_they_are(usual: list[PanopticScene]):
    arrays = [each.tobytes() for scene in usual[:10] for each in (scene.pixels, scene.panoptic)]
    assert hashlib.sha256(b"".join(arrays)).hexdigest()[:16] == "856d64feaafaf246"


def test_importing_them_does_not_import_torch():
    code = "import sys, engine.data.panoptic_scenes; assert 'torch' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_no_scenes_and_no_things():
    assert list(draw_panoptic_scenes(0, 0, USUAL)) == []
    scene = draw_panoptic_scene(0, 0, replace(USUAL, things=(0, 0)))
    assert scene.masks.shape == (0, 96, 96)
    assert scene.boxes.shape == (0, 4)
    assert not scene.instance.any()
    assert scene.semantic.max() < FIRST_THING


def test_each_pixel_belongs_to_exactly_one_segment(crowds: list[PanopticScene]):
    for scene in crowds:
        category, instance = np.divmod(scene.panoptic, PANOPTIC_STEP)
        np.testing.assert_array_equal(category >= FIRST_THING, instance > 0)
        owners = scene.masks.sum(axis=0) + (scene.semantic < FIRST_THING)
        assert (owners == 1).all()
        for label, mask in zip(scene.labels, scene.masks, strict=True):
            assert set(category[mask]) == {label}
        assert scene.instance.max() == len(scene.labels)
        assert scene.semantic.max() < len(CATEGORIES)


def test_boxes_and_centres_are_those_of_the_visible_parts(crowds: list[PanopticScene]):
    for scene in crowds:
        regions = {region.label: region for region in regionprops(scene.instance)}
        assert len(regions) == len(scene.labels)
        for index, (x1, y1, x2, y2) in enumerate(scene.boxes):
            region = regions[index + 1]
            assert region.bbox == (y1, x1, y2, x2)
            middle = np.array(region.centroid[::-1]) + 0.5
            np.testing.assert_allclose(scene.centres[index], middle, atol=1e-4)


@pytest.mark.parametrize("overlap", [0.0, 0.3, 0.6])
def test_no_thing_is_hidden_further_than_allowed(overlap: float):
    scenes = list(draw_panoptic_scenes(15, 2, replace(CROWDED, overlap=overlap)))
    hidden = np.concatenate([scene.hidden_shares for scene in scenes])
    assert hidden.max() <= overlap + 1e-6
    assert hidden.max() >= 0.8 * overlap


def touching_pairs(scene: PanopticScene) -> int:
    """Neighbouring pixels of two things of one class."""
    total = 0
    for axis in (0, 1):
        panoptic = np.moveaxis(scene.panoptic, axis, 0)
        one, other = panoptic[1:], panoptic[:-1]
        thing = one // PANOPTIC_STEP >= FIRST_THING
        same = (one // PANOPTIC_STEP == other // PANOPTIC_STEP) & thing
        total += int((same & (one != other)).sum())
    return total


@pytest.mark.parametrize("overlap", [0.0, 0.3])
def test_many_scenes_have_two_of_a_class_that_touch(overlap: float):
    scenes = draw_panoptic_scenes(40, 3, replace(USUAL, overlap=overlap))
    assert np.mean([touching_pairs(scene) > 0 for scene in scenes]) > 0.4


def test_every_class_is_common_and_no_stuff_is_a_sliver_before_things_hide_it():
    bare = [draw_panoptic_scene(4, at, replace(USUAL, things=(0, 0))) for at in range(80)]
    shares = np.array([np.bincount(s.semantic.ravel(), minlength=3) / 9216 for s in bare])
    assert ((shares == 0) | (shares >= LEAST_SHARE)).all()
    assert (shares.mean(axis=0) > 0.2).all()
    assert len(LANDSCAPE) == shares.shape[1]


def test_things_of_all_classes(usual: list[PanopticScene]):
    counts = np.bincount(np.concatenate([scene.labels for scene in usual]), minlength=6)
    assert not counts[:FIRST_THING].any()
    assert (counts[FIRST_THING:] > 0.2 * counts.sum()).all()
    assert {2, 3, 4, 5, 6} >= {len(scene.labels) for scene in usual} >= {2, 4, 6}


@settings(max_examples=8)
@given(seed=st.integers(0, 2**63 - 1), index=st.integers(0, 2**62))
def test_a_scene_depends_on_its_seed_and_index_only(seed: int, index: int):
    first, *_ = draw_panoptic_scenes(2, seed, USUAL, start=index)
    again = draw_panoptic_scene(seed, index, USUAL)
    for name, value in vars(first).items():
        np.testing.assert_array_equal(value, getattr(again, name))


def test_no_two_scenes_alike():
    pictures = {
        scene.pixels.tobytes()
        for seed in range(6)
        for scene in draw_panoptic_scenes(6, seed, USUAL)
    }
    assert len(pictures) == 36


def test_one_thing_more_leaves_the_others_where_they_are():
    for index in range(10):
        before, after = (
            draw_panoptic_scene(5, index, replace(USUAL, things=(count, count))) for count in (3, 4)
        )
        added = len(after.labels) - len(before.labels)
        assert added in (0, 1)
        kept = after.instance <= len(before.labels)
        np.testing.assert_array_equal(after.panoptic[kept], before.panoptic[kept])


def test_difficulty_moves_nothing_and_adds_noise():
    easy, hard = (
        list(draw_panoptic_scenes(10, 6, replace(USUAL, difficulty=d))) for d in (0.0, 1.0)
    )

    def roughness(scenes: list[PanopticScene]) -> float:
        return float(
            np.mean([np.abs(np.diff(s.pixels.astype(int), axis=1)).mean() for s in scenes])
        )

    for one, other in zip(easy, hard, strict=True):
        np.testing.assert_array_equal(one.panoptic, other.panoptic)
    assert roughness(hard) > 2 * roughness(easy)


def test_any_size():
    for size in [(32, 32), (40, 300)]:
        scene = draw_panoptic_scene(0, 0, PanopticSettings(size=size))
        assert scene.pixels.shape == (*size, 3)
        assert scene.pixels.dtype == np.uint8
        assert scene.semantic.shape == scene.instance.shape == size


@pytest.mark.parametrize("shape", [(1, 1), (2, 5), (40, 3)])
def test_value_noise_stays_in_range_and_keeps_a_constant(shape: tuple[int, int]):
    lattice = np.random.default_rng(0).random(shape)
    noise = value_noise(lattice, (17, 23))
    assert noise.shape == (17, 23)
    assert lattice.min() <= noise.min() <= noise.max() <= lattice.max()
    np.testing.assert_array_equal(value_noise(np.full(shape, 0.25), (17, 23)), 0.25)


@pytest.mark.parametrize(
    ("changed", "name"),
    [
        ({"size": (31, 96)}, "H"),
        ({"size": (96, 2000)}, "W"),
        ({"things": (-1, 2)}, "things"),
        ({"things": (3, 2)}, "things"),
        ({"things": (3, 13)}, "things"),
        ({"overlap": 0.7}, "overlap"),
        ({"difficulty": float("nan")}, "difficulty"),
        ({"sizes_px": (4.0, 9.0)}, "sizes_px"),
        ({"sizes_px": (16.0, 97.0)}, "sizes_px"),
    ],
)
def test_settings_out_of_range_are_a_sentence(changed: dict[str, object], name: str):
    with pytest.raises(InputError, match=f"value of {name} must lie between"):
        replace(USUAL, **changed)


@pytest.mark.parametrize(("seed", "index", "name"), [(-1, 0, "seed"), (0, 2**63, "index")])
def test_seeds_out_of_range_are_a_sentence(seed: int, index: int, name: str):
    with pytest.raises(InputError, match=f"value of {name} must lie between"):
        draw_panoptic_scene(seed, index, USUAL)

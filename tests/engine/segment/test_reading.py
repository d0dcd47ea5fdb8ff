"""The net that ships, and one picture read three ways."""

import numpy as np
import pytest
import torch

from engine.data.panoptic_scenes import (
    CATEGORIES,
    PanopticScene,
    PanopticSettings,
    draw_panoptic_scene,
    draw_panoptic_scenes,
)
from engine.segment.fusion import FusionSettings, fuse
from engine.segment.held_out import HELD_OUT, measure
from engine.segment.learning import HELD_OUT_SEED
from engine.segment.reading import ask, instance_reading, semantic_reading
from engine.segment.weights import TrainedPanopticNet, load_panoptic_net


@pytest.fixture(scope="module")
def made() -> TrainedPanopticNet:
    return load_panoptic_net(torch.device("cpu"))


@pytest.fixture(scope="module")
def scenes() -> list[PanopticScene]:
    return list(draw_panoptic_scenes(6, HELD_OUT_SEED, PanopticSettings()))


def test_the_net_that_ships_is_good_enough(made: TrainedPanopticNet):
    assert made.class_names == CATEGORIES
    assert made.figures["scenes"] == HELD_OUT
    assert made.figures["mean_iou"] >= 0.90
    assert made.figures["pq"] >= 0.80
    now = measure(made, 24)
    assert now.as_numbers()["mean_iou"] == pytest.approx(made.figures["mean_iou"], abs=0.05)
    assert now.as_numbers()["pq"] == pytest.approx(made.figures["pq"], abs=0.08)


def test_readings_agree_with_each_other(made: TrainedPanopticNet, scenes: list[PanopticScene]):
    for scene in scenes:
        maps = ask(made, scene.pixels)
        fusion = fuse(maps, made.is_thing, FusionSettings())
        semantic, things = semantic_reading(maps, made.is_thing), instance_reading(fusion)
        assert semantic.void_px == 0
        np.testing.assert_array_equal(semantic.categories, fusion.semantic.numpy())
        assert len({each.category for each in semantic.segments}) == len(semantic.segments)
        assert all(each.thing for each in things.segments)
        kept = things.ids > 0
        np.testing.assert_array_equal(things.ids[kept], fusion.result.ids[kept])
        others = {each.id for each in fusion.result.segments if not each.thing} | {0}
        assert set(np.unique(fusion.result.ids[~kept])) <= others
        for each in (*semantic.segments, *things.segments):
            assert 0 <= each.score <= 1
            assert each.thing == bool(made.is_thing[each.category])


def test_two_that_touch_are_one_blob_to_the_semantic_reading_only(made: TrainedPanopticNet):
    counts = []
    for index in range(12):
        scene = draw_panoptic_scene(HELD_OUT_SEED, index, PanopticSettings(things=(4, 6)))
        maps = ask(made, scene.pixels)
        things = instance_reading(fuse(maps, made.is_thing, FusionSettings())).segments
        blobs = [each for each in semantic_reading(maps, made.is_thing).segments if each.thing]
        counts.append((len(things), len(blobs), len(scene.labels)))
    said, classes, there = np.array(counts).sum(axis=0)
    assert classes < 0.7 * there
    assert abs(said - there) < 0.15 * there


def test_pictures_that_are_no_scenes_are_read_too(made: TrainedPanopticNet):
    for size in [(1, 1), (5, 40), (33, 47)]:
        pixels = np.random.default_rng(0).integers(0, 256, (*size, 3), dtype=np.uint8)
        maps = ask(made, pixels)
        assert maps.centres.shape == size
        assert semantic_reading(maps, made.is_thing).ids.shape == size
        assert fuse(maps, made.is_thing, FusionSettings()).result.ids.shape == size


@pytest.mark.parametrize("shape", [(4, 4), (4, 4, 4), (0, 4, 3)])
def test_what_is_no_picture_is_refused(made: TrainedPanopticNet, shape: tuple[int, ...]):
    with pytest.raises(ValueError, match="uint8"):
        ask(made, np.zeros(shape, np.uint8))

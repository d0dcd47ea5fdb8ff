"""Segments: a map and its list belong together; a scene's truth covers each pixel once."""

import numpy as np
import pytest

from engine.data.panoptic_scenes import PanopticSettings, draw_panoptic_scene
from engine.segment.segments import Segment, Segmentation, cut, true_segments


def test_nothing_but_void():
    nothing = cut(np.zeros((3, 4), int), [], [])
    assert nothing.segments == ()
    assert nothing.void_px == 12
    assert (nothing.categories == -1).all()


def test_numbers_that_do_not_occur_are_left_out():
    made = cut(np.array([[3, 3, 0], [1, 1, 1]]), [1, 0, 1], [False, True])
    assert made.segments == (Segment(1, 1, True, 3, 1.0), Segment(3, 1, True, 2, 1.0))
    assert made.void_px == 1
    np.testing.assert_array_equal(made.categories, [[1, 1, -1], [1, 1, 1]])


def test_a_scenes_truth_is_its_panoptic_map():
    for index in range(8):
        scene = draw_panoptic_scene(0, index, PanopticSettings(things=(0, 8)))
        made = true_segments(scene)
        assert made.void_px == 0
        np.testing.assert_array_equal(made.categories, scene.semantic)
        pairs = np.unique(np.stack([made.ids.ravel(), scene.panoptic.ravel()]), axis=1)
        assert pairs.shape[1] == len(made.segments) == len(np.unique(scene.panoptic))
        assert sum(each.thing for each in made.segments) == len(scene.labels)
        assert sum(each.area_px for each in made.segments) == scene.semantic.size
        for each in made.segments:
            assert each.thing == (each.category >= 3)


@pytest.mark.parametrize(
    "segments",
    [
        (),
        (Segment(1, 0, False, 3, 1.0),),
        (Segment(1, 0, False, 2, 1.0), Segment(2, 0, False, 1, 1.0)),
        (Segment(2, 0, False, 2, 1.0), Segment(1, 0, False, 2, 1.0)),
    ],
    ids=["missing", "one missing", "wrong area", "wrong order"],
)
def test_a_list_that_is_not_the_maps_is_refused(segments: tuple[Segment, ...]):
    with pytest.raises(ValueError, match="segments"):
        Segmentation(np.array([[1, 1], [2, 2]], np.int32), segments)


def test_another_type_is_refused():
    with pytest.raises(ValueError, match="int32"):
        Segmentation(np.zeros((2, 2)), ())

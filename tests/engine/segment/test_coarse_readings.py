"""Classes and boxes out of a net's maps, held against plain loops and torchvision."""

import numpy as np
import pytest
import torch
from torchvision.ops import masks_to_boxes

from engine.data.panoptic_scenes import PanopticSettings, draw_panoptic_scene
from engine.segment.coarse_readings import (
    WINDOW_PX,
    boxes_of,
    classes_there,
    classify,
    true_classes,
)
from engine.segment.panoptic_net import PanopticMaps
from engine.segment.segments import Segmentation, true_segments


def maps_of(logits: torch.Tensor) -> PanopticMaps:
    size = logits.shape[1:]
    return PanopticMaps(logits, torch.zeros(size), torch.zeros(2, *size))


def test_presence_is_the_surest_window() -> None:
    logits = torch.randn(3, 9, 12, generator=torch.Generator().manual_seed(1))
    probs = logits.softmax(dim=0).numpy()
    found = classify(maps_of(logits))
    for k in range(3):
        best, where = -1.0, (0, 0)
        for row in range(9 - WINDOW_PX + 1):
            for column in range(12 - WINDOW_PX + 1):
                mean = probs[k, row : row + WINDOW_PX, column : column + WINDOW_PX].mean()
                if mean > best:
                    best, where = mean, (row, column)
        row, column = where
        window = logits[k, row : row + WINDOW_PX, column : column + WINDOW_PX]
        assert found.presence[k] == pytest.approx(best, abs=1e-5)
        assert found.logits[k] == pytest.approx(float(window.mean()), abs=1e-5)
    assert float(found.shares.sum()) == pytest.approx(1)


def test_a_stray_pixel_makes_no_class_be_there() -> None:
    logits = torch.zeros(2, 20, 20)
    logits[0] = 8.0
    logits[1, 4, 4] = 20.0
    assert classes_there(classify(maps_of(logits))).tolist() == [True, False]
    logits[1, 4:9, 4:9] = 20.0
    assert classes_there(classify(maps_of(logits))).tolist() == [True, True]


def test_a_picture_smaller_than_a_window_is_one() -> None:
    found = classify(maps_of(torch.tensor([[[0.0, 0.0]], [[1.0, 3.0]]])))
    assert found.logits.tolist() == [0.0, 2.0]
    assert found.shares.tolist() == [0.0, 1.0]


@pytest.mark.parametrize("things", [0, 1, 7])
def test_boxes_are_torchvisions_and_the_truths(things: int) -> None:
    scene = draw_panoptic_scene(3, 5, PanopticSettings(things=(things, things)))
    found, truth = boxes_of(true_segments(scene)), true_segments(scene)
    assert np.array_equal(found.boxes, scene.boxes.astype(np.int32))
    assert found.labels.tolist() == scene.labels.tolist()
    if things:
        inclusive = masks_to_boxes(torch.from_numpy(scene.masks)).numpy()
        assert np.array_equal(found.boxes, np.add(inclusive, (0, 0, 1, 1)))
    there = true_classes(truth, 6)
    assert set(there.nonzero()[:, 0].tolist()) == set(np.unique(scene.semantic).tolist())


def test_void_has_no_boxes_and_no_classes() -> None:
    nothing = Segmentation(np.zeros((4, 5), np.int32), ())
    assert boxes_of(nothing).boxes.shape == (0, 4)
    assert not true_classes(nothing, 3).any()

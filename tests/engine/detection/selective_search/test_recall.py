"""Recall over the number of boxes, by hand and against torchvision's IoU."""

import numpy as np
import pytest
import torch
from torchvision.ops import box_iou

from engine.detection.selective_search.recall import (
    all_boxes,
    even_windows,
    first_hits,
    overlaps,
    recall_at,
)
from engine.errors import InputError


def test_overlaps_are_torchvisions() -> None:
    rng = np.random.default_rng(0)
    start = rng.integers(0, 50, (30, 2))
    boxes = np.concatenate([start, start + rng.integers(1, 40, (30, 2))], axis=1)
    theirs = box_iou(torch.from_numpy(boxes[:20]).float(), torch.from_numpy(boxes[20:]).float())
    np.testing.assert_allclose(overlaps(boxes[:20], boxes[20:]), theirs.numpy(), atol=1e-6)


def test_the_first_box_that_overlaps_enough_counts() -> None:
    truths = np.array([[0, 0, 10, 10], [20, 20, 30, 30], [50, 50, 60, 60]])
    boxes = np.array([[0, 0, 10, 4], [0, 0, 10, 5], [20, 20, 30, 30], [0, 0, 10, 10]])
    assert first_hits(boxes, truths, 0.5).tolist() == [2, 3, np.inf]
    assert first_hits(boxes, truths, 0.6).tolist() == [4, 3, np.inf]
    assert first_hits(boxes[:0], truths, 0.5).tolist() == [np.inf] * 3
    with pytest.raises(InputError, match="iou"):
        first_hits(boxes, truths, 1.5)


def test_recall_is_the_share_found_within_so_many() -> None:
    hits = np.array([1, 3, 3, np.inf])
    assert recall_at(hits, [0, 1, 2, 3, 1000]).tolist() == [0, 0.25, 0.25, 0.75, 0.75]


@pytest.mark.parametrize("wanted", [15, 40, 500, 7000])
@pytest.mark.parametrize("size", [(160, 240), (240, 160)])
def test_even_windows_are_as_many_as_asked_and_lie_inside(size, wanted) -> None:
    found = even_windows(size, wanted)
    assert found.min() >= 0
    assert found[:, 2].max() <= size[1]
    assert found[:, 3].max() <= size[0]
    assert 0.6 * wanted <= len(found) <= wanted
    shapes = np.unique(found[:, 2:] - found[:, :2], axis=0)
    assert len(shapes) == 15
    for shape in shapes[:3]:  # evenly: their middles' mean is the picture's middle
        of_shape = found[(found[:, 2:] - found[:, :2] == shape).all(axis=1)]
        middle = (of_shape[:, :2] + of_shape[:, 2:]).mean(axis=0) / 2
        np.testing.assert_allclose(middle, [size[1] / 2, size[0] / 2], atol=1.5)


def test_more_windows_find_more() -> None:
    rng = np.random.default_rng(3)
    start = rng.integers(0, 100, (60, 2))
    truths = np.concatenate([start, start + rng.integers(20, 60, (60, 2))], axis=1)
    found = [
        np.isfinite(first_hits(even_windows((160, 160), n), truths, 0.5)).mean()
        for n in (15, 150, 1500, 15000)
    ]
    assert found == sorted(found)
    assert found[-1] > 0.95


def test_a_number_of_windows_out_of_range_is_refused() -> None:
    for wanted in (14, 100_001):
        with pytest.raises(InputError, match="windows"):
            even_windows((100, 100), wanted)


def test_all_boxes_of_a_small_picture_are_counted() -> None:
    counted = sum(
        1 for y1 in range(3) for y2 in range(y1, 3) for x1 in range(4) for x2 in range(x1, 4)
    )
    assert all_boxes((3, 4)) == counted

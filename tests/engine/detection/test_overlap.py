"""Two boxes measured, against pixels counted one by one and torchvision."""

import numpy as np
import pytest
import torch
from torchvision.ops import box_iou, distance_box_iou, generalized_box_iou

from engine.detection.overlap import measure_overlap
from engine.errors import InputError

SIDE = 40


def covered(box: torch.Tensor) -> np.ndarray:
    picture = np.zeros((SIDE, SIDE), bool)
    x1, y1, x2, y2 = (int(v) for v in box)
    picture[y1:y2, x1:x2] = True
    return picture


@pytest.mark.parametrize("seed", range(20))
def test_areas_are_the_pixels_that_are_covered(seed: int) -> None:
    corners = torch.randint(0, SIDE, (2, 2, 2), generator=torch.Generator().manual_seed(seed))
    boxes = torch.cat([corners.amin(dim=1), corners.amax(dim=1) + 1], dim=1).float()
    first, second = (covered(box) for box in boxes)
    found = measure_overlap(boxes[0], boxes[1])
    assert found.intersection == (first & second).sum()
    assert found.union == (first | second).sum()
    rows, columns = np.nonzero(first | second)
    assert found.hull == (np.ptp(rows) + 1) * (np.ptp(columns) + 1)
    pair = boxes[:1].double(), boxes[1:].double()
    assert found.iou == pytest.approx(float(box_iou(*pair)))
    assert found.giou == pytest.approx(float(generalized_box_iou(*pair)))
    assert found.diou == pytest.approx(float(distance_box_iou(*pair)), abs=1e-6)


def test_equal_boxes_and_boxes_apart() -> None:
    box = torch.tensor([2.0, 3.0, 12.0, 8.0])
    same = measure_overlap(box, box)
    assert (same.intersection, same.union, same.iou, same.giou) == (50, 50, 1, 1)
    assert same.distance == 0
    apart = measure_overlap(box, box + 20)
    assert (apart.intersection, apart.iou) == (0, 0)
    assert apart.giou < 0 > apart.diou
    assert apart.distance == pytest.approx(20 * 2**0.5)


@pytest.mark.parametrize("wrong", [[0, 0, float("nan"), 1], [5, 0, 1, 1]])
def test_no_box_no_measure(wrong: list[float]) -> None:
    with pytest.raises(InputError):
        measure_overlap(torch.tensor(wrong), torch.tensor([0.0, 0.0, 1.0, 1.0]))

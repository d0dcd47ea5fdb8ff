"""Box formats and overlaps, against torchvision.ops."""

import pytest
import torch
from hypothesis import given
from torchvision import ops

from engine.detection.boxes import (
    BOX_FORMATS,
    area,
    box_iou,
    check_boxes,
    clip,
    convert,
    distance_iou,
    generalized_iou,
    overlap_of_smaller,
)
from engine.errors import InputError
from tests.engine.detection.box_sets import INF, NAN, random_boxes, whole_boxes


@pytest.mark.parametrize("count", [0, 1, 50])
@pytest.mark.parametrize("source", BOX_FORMATS)
@pytest.mark.parametrize("target", BOX_FORMATS)
def test_formats_as_torchvision(count: int, source: str, target: str) -> None:
    corners = random_boxes(count, seed=1)
    boxes = ops.box_convert(corners, "xyxy", source)
    expected = ops.box_convert(boxes, source, target)
    torch.testing.assert_close(convert(boxes, source, target), expected)  # pyright: ignore


@given(whole_boxes)
def test_formats_lead_back(boxes: torch.Tensor) -> None:
    for target in BOX_FORMATS:
        assert convert(convert(boxes, "xyxy", target), target, "xyxy").equal(boxes)


def test_an_unknown_format_is_refused() -> None:
    with pytest.raises(InputError, match="xyxy, xywh, cxcywh"):
        convert(random_boxes(1, 0), "xyxy", "yxyx")  # pyright: ignore


@pytest.mark.parametrize("size", [(1, 1), (30, 70), (200, 200)])
def test_clipping_as_torchvision(size: tuple[int, int]) -> None:
    boxes = random_boxes(200, seed=2) * 2 - 50
    assert clip(boxes, size).equal(ops.clip_boxes_to_image(boxes, size))


def test_a_box_outside_keeps_no_area() -> None:
    outside = torch.tensor([[-9.0, 2, -3, 8], [20, 20, 30, 30]])
    assert area(clip(outside, (10, 10))).tolist() == [0, 0]


@pytest.mark.parametrize("counts", [(0, 0), (0, 3), (3, 0), (1, 1), (40, 60)])
def test_overlaps_as_torchvision(counts: tuple[int, int]) -> None:
    first, second = random_boxes(counts[0], seed=3), random_boxes(counts[1], seed=4)
    assert area(first).equal(ops.box_area(first))
    assert box_iou(first, second).equal(ops.box_iou(first, second))
    torch.testing.assert_close(
        generalized_iou(first, second), ops.generalized_box_iou(first, second)
    )
    torch.testing.assert_close(distance_iou(first, second), ops.distance_box_iou(first, second))


@pytest.mark.parametrize(
    ("other", "iou", "giou", "diou"),
    [
        ([0.0, 0, 2, 2], 1, 1, 1),
        ([0.0, 0, 1, 2], 0.5, 0.5, 0.5 - 0.25 / 8),
        ([2.0, 0, 4, 2], 0, 0, -4 / 20),  # half-open: neighbours share nothing
        ([6.0, 0, 8, 2], 0, -0.5, -36 / 68),
        ([1.0, 1, 1, 1], 0, 0, 0),  # a point inside
    ],
)
def test_overlaps_worked_out_by_hand(
    other: list[float], iou: float, giou: float, diou: float
) -> None:
    pair = torch.tensor([[0.0, 0, 2, 2]]), torch.tensor([other])
    found = [overlap(*pair).item() for overlap in (box_iou, generalized_iou, distance_iou)]
    assert found == pytest.approx([iou, giou, diou])


def test_a_box_inside_another_overlaps_it_fully() -> None:
    boxes = torch.tensor([[0.0, 0, 8, 8], [2, 2, 4, 6], [6, 0, 12, 4], [3, 3, 3, 3]])
    expected = torch.tensor([[1, 1, 8 / 24, 0], [1, 1, 0, 0], [8 / 24, 0, 1, 0], [0, 0, 0, 0]])
    torch.testing.assert_close(overlap_of_smaller(boxes, boxes), expected)


@given(whole_boxes, whole_boxes)
def test_overlaps_stay_in_range_and_do_not_care_who_is_first(
    first: torch.Tensor, second: torch.Tensor
) -> None:
    iou = box_iou(first, second)
    assert ((iou >= 0) & (iou <= 1)).all()
    for overlap in (box_iou, generalized_iou, distance_iou):
        there = overlap(first, second)
        assert there.equal(overlap(second, first).T)
        assert ((there >= -1) & (there <= iou)).all()


def test_boxes_without_area_leave_the_gradient_finite() -> None:
    points = torch.zeros(1, 4, requires_grad=True)
    for overlap in (box_iou, generalized_iou, distance_iou):
        overlap(points, torch.zeros(1, 4)).sum().backward()
    assert points.grad is not None
    assert points.grad.isfinite().all()


@pytest.mark.parametrize(
    ("box", "sentence"),
    [
        ([0.0, 0, NAN, 1], "not finite"),
        ([0.0, -INF, 1, 1], "not finite"),
        ([5.0, 0, 4, 1], r"5, 0, 4, 1\) ends before it begins"),
        ([0.0, 3, 4, 2], "ends before it begins"),
    ],
)
def test_broken_boxes_are_refused_by_number(box: list[float], sentence: str) -> None:
    with pytest.raises(InputError, match=f"Box 1.*{sentence}"):
        check_boxes(torch.tensor([[0.0, 0, 1, 1], box]))


@pytest.mark.parametrize(
    "boxes", [torch.zeros(4), torch.zeros(2, 5), torch.zeros(1, 4, dtype=torch.int64)]
)
def test_what_are_no_boxes_is_a_programming_error(boxes: torch.Tensor) -> None:
    with pytest.raises(ValueError, match="boxes are needed"):
        check_boxes(boxes)

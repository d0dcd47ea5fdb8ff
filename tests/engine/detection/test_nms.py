"""NMS and its trace, against torchvision.ops.nms, and how batched_nms differs."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor
from torchvision import ops

from engine.detection.boxes import box_iou
from engine.detection.nms import nms, nms_trace
from engine.errors import InputError
from tests.engine.detection.box_sets import NAN, random_boxes, random_scores, scored_boxes

#: IoUs of whole boxes often are these very fractions, as float32 and as decimals.
THRESHOLDS = st.sampled_from([0.0, 0.1, 1 / 3, 0.5, 0.6, 2 / 3, 0.75, 1.0])
Scored = tuple[Tensor, Tensor, Tensor]


def class_by_class(boxes: Tensor, scores: Tensor, iou: float, labels: Tensor) -> Tensor:
    """torchvision's nms on each class alone; indices by falling score, ties by the lower index."""
    kept = [
        (labels == label).nonzero()[:, 0][
            ops.nms(boxes[labels == label], scores[labels == label], iou)
        ]
        for label in labels.unique()
    ]
    together = torch.cat(kept).sort().values if kept else labels[:0]
    return together[scores[together].argsort(descending=True, stable=True)]


@given(scored_boxes(), THRESHOLDS)
def test_whole_boxes_as_torchvision(case: Scored, iou: float) -> None:
    boxes, scores, labels = case
    expected = ops.nms(boxes, scores, iou)
    assert nms(boxes, scores, iou).equal(expected)
    assert nms_trace(boxes, scores, iou).kept.equal(expected)
    by_class = class_by_class(boxes, scores, iou, labels)
    assert nms(boxes, scores, iou, labels).equal(by_class)
    assert nms_trace(boxes, scores, iou, labels).kept.equal(by_class)


def test_two_thousand_random_sets_as_torchvision() -> None:
    for seed in range(2000):
        count = seed % 40
        boxes = random_boxes(count, seed, side_px=12, whole=seed % 2 == 0)
        scores = random_scores(count, seed, levels=(None, 4)[seed % 3 == 0])
        iou = (seed % 11) / 10
        assert nms_trace(boxes, scores, iou).kept.equal(ops.nms(boxes, scores, iou)), seed


@pytest.mark.parametrize("levels", [None, 20])
@pytest.mark.parametrize("count", [127, 128, 129, 600])
def test_more_boxes_than_one_chunk(count: int, levels: int | None) -> None:
    boxes, scores = random_boxes(count, seed=5), random_scores(count, 6, levels)
    labels = torch.arange(count) % 5
    for iou in (0.1, 0.5):
        assert nms_trace(boxes, scores, iou).kept.equal(ops.nms(boxes, scores, iou))
        trace = nms_trace(boxes, scores, iou, labels)
        assert trace.kept.equal(nms(boxes, scores, iou, labels))
        assert trace.kept.equal(class_by_class(boxes, scores, iou, labels))


@given(scored_boxes(), THRESHOLDS)
def test_the_trace_tells_the_truth(case: Scored, iou: float) -> None:
    boxes, scores, labels = case
    trace = nms_trace(boxes, scores, iou, labels)
    place = trace.order.argsort()
    overlap = box_iou(boxes, boxes)
    for index, remover in enumerate(trace.suppressed_by.tolist()):
        above = (overlap[index].double() > iou) & (labels == labels[index]) & (place < place[index])
        by_kept = above & (trace.suppressed_by < 0)
        if remover < 0:
            assert not by_kept.any()
            assert trace.iou[index] == 0
        else:  # the first kept box that reaches it
            assert remover == trace.order[by_kept[trace.order].nonzero()[0, 0]]
            assert trace.iou[index] == overlap[index, remover]


@given(scored_boxes(), THRESHOLDS)
def test_the_decisions_can_be_stepped_through(case: Scored, iou: float) -> None:
    trace = nms_trace(*case[:2], iou)
    waiting = trace.order.tolist()
    for step in trace.decisions():
        assert step.kept == waiting[0]
        assert len(step.suppressed) == len(step.ious)
        for gone, overlap in zip(step.suppressed, step.ious, strict=True):
            assert trace.suppressed_by[gone] == step.kept
            assert overlap > iou
        left = {step.kept, *step.suppressed}
        assert waiting == trace.order[[i in waiting for i in trace.order.tolist()]].tolist()
        waiting = [index for index in waiting if index not in left]
    assert waiting == []


def test_a_box_exactly_at_the_threshold_stays() -> None:
    boxes = torch.tensor([[0.0, 0, 2, 1], [0, 0, 1, 1]])  # IoU 1/2
    scores = torch.tensor([0.9, 0.8])
    assert nms(boxes, scores, 0.5).tolist() == [0, 1]
    assert nms(boxes, scores, 0.499).tolist() == [0]
    third = torch.tensor([[0.0, 0, 10, 1], [0, 0, 3, 1]])  # 0.3, which float32 holds as a bit more
    assert nms(third, scores, 0.3).equal(ops.nms(third, scores, 0.3))
    assert nms_trace(third, scores, 0.3).kept.equal(ops.nms(third, scores, 0.3))


@pytest.mark.parametrize("count", [0, 1, 9])
def test_equal_boxes_leave_the_first(count: int) -> None:
    boxes, scores = torch.tensor([[1.0, 1, 4, 4]]).repeat(count, 1), torch.full((count,), 0.5)
    trace = nms_trace(boxes, scores, 0.5)
    assert trace.kept.tolist() == [0][:count]
    assert trace.suppressed_by.tolist() == ([-1] + [0] * count)[:count]
    assert trace.iou.tolist() == ([0.0] + [1.0] * count)[:count]


def test_boxes_without_area_never_suppress() -> None:
    points = torch.tensor([[2.0, 2, 2, 2]] * 3)
    scores = torch.tensor([0.3, 0.2, 0.1])
    assert nms_trace(points, scores, 0.0).kept.tolist() == [0, 1, 2]
    assert ops.nms(points, scores, 0.0).tolist() == [0, 1, 2]


def test_batched_nms_differs_from_class_by_class_at_the_threshold() -> None:
    """Moving the classes apart rounds the coordinates; ours does not move anything."""
    differing = 0
    for seed in range(200):
        boxes, scores = random_boxes(30, seed, 1000), random_scores(30, seed)
        labels = torch.arange(30) % 3
        pairs = box_iou(boxes, boxes)[(labels[:, None] == labels).triu(1)]
        iou = pairs.max().item()  # the threshold is the IoU of two of them
        expected = class_by_class(boxes, scores, iou, labels)
        assert nms(boxes, scores, iou, labels).equal(expected)
        differing += not ops.batched_nms(boxes, scores, labels, iou).equal(expected)
    assert differing > 10


@pytest.mark.parametrize("suppress", [nms, nms_trace])
@pytest.mark.parametrize(
    ("box", "score", "iou", "sentence"),
    [
        ([0.0, 0, NAN, 1], 0.5, 0.5, "not finite"),
        ([3.0, 0, 1, 1], 0.5, 0.5, "ends before it begins"),
        ([0.0, 0, 1, 1], NAN, 0.5, "score of box 0"),
        ([0.0, 0, 1, 1], 1.5, 0.5, "score of box 0"),
        ([0.0, 0, 1, 1], 0.5, NAN, "iou must lie between 0 and 1"),
        ([0.0, 0, 1, 1], 0.5, 1.1, "iou must lie between 0 and 1"),
    ],
)
def test_bad_numbers_get_a_sentence(
    suppress, box: list[float], score: float, iou: float, sentence: str
) -> None:
    with pytest.raises(InputError, match=sentence):
        suppress(torch.tensor([box]), torch.tensor([score]), iou)


def test_shapes_that_do_not_belong_together() -> None:
    with pytest.raises(ValueError, match="do not belong together"):
        nms(torch.zeros(2, 4), torch.zeros(3), 0.5)
    with pytest.raises(ValueError, match="do not belong together"):
        nms(torch.zeros(2, 4), torch.zeros(2), 0.5, torch.zeros(1))

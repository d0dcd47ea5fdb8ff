"""Kinds of errors, against TIDE's questions asked box by box."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torchvision.ops import box_iou

from engine.detection.average_precision import Truths
from engine.detection.detections import Detections
from engine.detection.error_kinds import BACKGROUND_IOU, KINDS, judge_boxes
from engine.detection.matching import match

Drawn = list[tuple[int, int, int, int]]
BOXES = st.lists(
    st.tuples(st.integers(0, 30), st.integers(0, 30), st.integers(1, 20), st.integers(1, 20)),
    min_size=0,
    max_size=8,
)


def boxes_of(drawn: Drawn) -> torch.Tensor:
    boxes = torch.tensor(drawn, dtype=torch.float32).reshape(-1, 4)
    return torch.cat([boxes[:, :2], boxes[:, :2] + boxes[:, 2:]], dim=1)


def by_hand(
    found: Detections, truths: Truths, label: int, threshold: float, hits: torch.Tensor
) -> list[str]:
    """TIDE's order: right, then box, class, duplicate and background errors, then the rest."""
    said = []
    for box, hit in zip(found.boxes, hits.tolist(), strict=True):
        iou = box_iou(box[None].double(), truths.boxes.double())[0]
        own = iou[truths.labels == label].max() if (truths.labels == label).any() else 0
        other = iou[truths.labels != label].max() if (truths.labels != label).any() else 0
        if hit:
            said.append("right")
        elif BACKGROUND_IOU <= own < threshold:
            said.append("loose")
        elif other >= threshold:
            said.append("confused")
        elif own >= threshold:
            said.append("double")
        elif max(own, other) < BACKGROUND_IOU:
            said.append("nothing")
        else:
            said.append("both")
    return said


@given(BOXES, BOXES, st.data())
def test_every_box_is_of_one_kind(
    made: list[tuple[int, int, int, int]],
    there: list[tuple[int, int, int, int]],
    data: st.DataObject,
) -> None:
    labels = data.draw(st.lists(st.integers(0, 1), min_size=len(there), max_size=len(there)))
    scores = torch.linspace(0.9, 0.1, max(1, len(made)))[: len(made)]
    found = Detections.ranked(boxes_of(made), scores, torch.zeros(len(made)).long(), ("a", "b"))
    truths = Truths(boxes_of(there), torch.tensor(labels, dtype=torch.int64))
    judged = judge_boxes(found, truths, 0, 0.5)
    hits = match(found.boxes, truths.boxes[truths.labels == 0], 0.5).hits
    assert [KINDS[kind] for kind in judged.kinds] == by_hand(found, truths, 0, 0.5, hits)
    if len(made) and len(there):
        expected = box_iou(found.boxes.double(), truths.boxes.double()).amax(dim=1)
        torch.testing.assert_close(judged.best.double(), expected, atol=1e-6, rtol=0)


def test_one_of_each() -> None:
    truths = Truths(torch.tensor([[0.0, 0, 10, 10], [40, 0, 50, 10]]), torch.tensor([0, 1]))
    boxes = torch.tensor(
        [
            [0.0, 0, 10, 10],  # right
            [0, 0, 10, 9],  # double
            [0, 0, 10, 3],  # loose
            [40, 0, 50, 10],  # confused
            [40, 0, 50, 3],  # both
            [80, 80, 90, 90],  # nothing
        ]
    )
    found = Detections.ranked(boxes, torch.linspace(0.9, 0.4, 6), torch.zeros(6).long(), ("a", "b"))
    judged = judge_boxes(found, truths, 0, 0.5)
    said = [KINDS[kind] for kind in judged.kinds]
    assert said == ["right", "double", "loose", "confused", "both", "nothing"]
    assert judged.seen_at.tolist() == pytest.approx([0.9])


def test_nothing_found_misses_everything() -> None:
    truths = Truths(torch.tensor([[0.0, 0, 10, 10]]), torch.tensor([0]))
    judged = judge_boxes(Detections.none(("a",)), truths, 0, 0.5)
    assert judged.seen_at.tolist() == [0]
    assert len(judged.kinds) == 0

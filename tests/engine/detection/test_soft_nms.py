"""Soft-NMS, against the paper's pseudo-code in plain Python, and against hard NMS at its limits."""

from math import exp

import pytest
import torch
from hypothesis import given
from torch import Tensor

from engine.detection.boxes import box_iou
from engine.detection.nms import nms
from engine.detection.soft_nms import Decay, soft_nms_trace
from engine.errors import InputError
from tests.engine.detection.box_sets import NAN, random_boxes, random_scores, scored_boxes

DECAYS = (Decay("linear", 0.3), Decay("linear", 0.0), Decay("gaussian", sigma=0.5))


def by_the_paper(
    boxes: Tensor, scores: Tensor, decay: Decay, floor: float, labels: Tensor
) -> tuple[list[int], dict[int, float]]:
    """Bodla et al., figure 2: the order in which boxes are taken, and every final score."""
    iou = box_iou(boxes.double(), boxes.double()).tolist()
    score = dict(enumerate(scores.double().tolist()))
    waiting = {index for index in score if score[index] >= floor}
    taken = []
    while waiting:
        best = max(sorted(waiting), key=lambda index: score[index])
        taken.append(best)
        waiting.remove(best)
        for other in sorted(waiting):
            if labels[other] == labels[best]:
                overlap = iou[best][other]
                if decay.kind == "gaussian":
                    score[other] *= exp(-(overlap**2) / decay.sigma)
                elif overlap >= decay.iou_threshold:
                    score[other] *= 1 - overlap
        waiting = {index for index in waiting if score[index] >= floor}
    return taken, score


@pytest.mark.parametrize("decay", DECAYS)
@given(case=scored_boxes())
def test_awkward_boxes_as_the_paper(decay: Decay, case: tuple[Tensor, Tensor, Tensor]) -> None:
    boxes, scores, labels = case
    for floor in (0.0, 0.2):
        trace = soft_nms_trace(boxes, scores, decay, floor, labels)
        taken, score = by_the_paper(boxes, scores, decay, floor, labels)
        assert trace.picked.tolist() == taken
        assert trace.scores.tolist() == pytest.approx(list(score.values()), abs=1e-6)


@pytest.mark.parametrize("decay", DECAYS)
def test_random_boxes_as_the_paper(decay: Decay) -> None:
    boxes, scores = random_boxes(150, seed=7), random_scores(150, seed=8)
    labels = torch.arange(150) % 2
    trace = soft_nms_trace(boxes, scores, decay, 0.01, labels)
    taken, score = by_the_paper(boxes, scores, decay, 0.01, labels)
    assert trace.picked.tolist() == taken
    assert trace.scores.tolist() == pytest.approx(list(score.values()), abs=1e-6)
    assert (trace.scores[trace.picked].diff() <= 0).all()


@pytest.mark.parametrize("decay", DECAYS)
def test_the_decays_lead_from_the_first_score_to_the_last(decay: Decay) -> None:
    boxes, scores = random_boxes(60, seed=9), random_scores(60, seed=10)
    trace = soft_nms_trace(boxes, scores, decay)
    current = scores.clone()
    for at, box, iou, before, after in zip(
        trace.picked_at, trace.box, trace.iou, trace.before, trace.after, strict=True
    ):
        assert current[box] == before
        assert after <= before  # a decay may be too small for float32
        assert iou == pytest.approx(box_iou(boxes[trace.picked[at], None], boxes[box, None]).item())
        current[box] = after
    assert current.equal(trace.scores)
    assert (trace.picked_at.diff() >= 0).all()


def test_nothing_and_one_box() -> None:
    nothing = soft_nms_trace(torch.zeros(0, 4), torch.zeros(0), Decay())
    assert nothing.picked.tolist() == []
    assert nothing.scores.tolist() == []
    assert nothing.box.dtype == torch.int64
    one = soft_nms_trace(torch.tensor([[0.0, 0, 1, 1]]), torch.tensor([0.5]), Decay())
    assert one.picked.tolist() == [0]
    assert one.scores.tolist() == [0.5]


def test_a_very_harsh_gaussian_is_hard_nms_where_objects_lie_apart() -> None:
    places = torch.arange(60) % 8 * 40.0
    jitter = random_boxes(60, seed=11, side_px=4)
    boxes = torch.tensor([0.0, 0, 30, 30]) + places[:, None] + jitter - 2
    scores = 0.5 + random_scores(60, seed=12) / 2
    kept = nms(boxes, scores, 0.5)
    assert len(kept) == 8
    assert soft_nms_trace(boxes, scores, Decay(sigma=0.01)).picked.equal(kept)


def test_two_objects_that_overlap_are_both_found() -> None:
    boxes = torch.tensor([[0.0, 0, 10, 10], [4, 0, 14, 10]])  # IoU 60/140
    scores = torch.tensor([0.9, 0.8])
    assert nms(boxes, scores, 0.3).tolist() == [0]
    trace = soft_nms_trace(boxes, scores, Decay("linear", 0.3))
    assert trace.picked.tolist() == [0, 1]
    assert trace.scores.tolist() == pytest.approx([0.9, 0.8 * (1 - 60 / 140)])


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"kind": "hard"}, "linear, gaussian"),
        ({"sigma": 0.0}, "sigma must lie between"),
        ({"sigma": NAN}, "sigma must lie between"),
        ({"iou_threshold": -0.1}, "iou must lie between"),
    ],
)
def test_bad_settings_get_a_sentence(settings: dict, sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        Decay(**settings)


def test_bad_numbers_get_a_sentence() -> None:
    one = torch.tensor([[0.0, 0, 1, 1]])
    with pytest.raises(InputError, match="score of box 0"):
        soft_nms_trace(one, torch.tensor([NAN]), Decay())
    with pytest.raises(InputError, match="score must lie between"):
        soft_nms_trace(one, torch.tensor([0.5]), Decay(), score_floor=1.5)

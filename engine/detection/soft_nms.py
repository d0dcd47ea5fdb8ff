"""Soft-NMS: a box that overlaps a better one is not removed, its score decays.

So two objects that overlap may both be found. Boxes are picked by their score of the moment; each
pick lowers the scores of those still waiting.

Source: Bodla, Singh, Chellappa, Davis, "Soft-NMS: Improving Object Detection With One Line of
Code", ICCV 2017. Linear: ``score · (1 - IoU)`` where the IoU reaches the threshold (equation 2).
Gaussian: ``score · exp(-IoU² / sigma)``, without a threshold (equation 3).
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import torch
from torch import Tensor

from engine.detection.boxes import box_iou
from engine.detection.nms import check_call, check_iou_threshold
from engine.errors import InputError

#: The product's range, both ends included.
SIGMA_RANGE = (0.01, 10.0)
_CHUNK = 128  # boxes whose overlaps are worked out together


@dataclass(frozen=True)
class Decay:
    """How an overlap lowers a score.

    Args:
        kind: "linear" or "gaussian".
        iou_threshold: linear only: less overlap than this lowers nothing; in [0, 1].
        sigma: Gaussian only: the smaller, the harsher; 0.01 to 10. The paper uses 0.5.

    Raises:
        InputError: a setting is out of its range.
    """

    kind: Literal["linear", "gaussian"] = "gaussian"
    iou_threshold: float = 0.3
    sigma: float = 0.5

    def __post_init__(self) -> None:
        if self.kind not in ("linear", "gaussian"):
            choices = "linear, gaussian"
            raise InputError("value_not_a_choice", name="kind", choices=choices, value=self.kind)
        check_iou_threshold(self.iou_threshold)
        low, high = SIGMA_RANGE
        if not low <= self.sigma <= high:
            raise InputError(
                "value_out_of_range", name="sigma", low=low, high=high, value=self.sigma
            )

    def factor(self, iou: np.ndarray) -> np.ndarray:
        """What scores are multiplied with, in [0, 1], for float64 overlaps in [0, 1]."""
        if self.kind == "gaussian":
            return np.exp(-(iou**2) / self.sigma)
        return np.where(iou >= self.iou_threshold, 1 - iou, 1)


@dataclass(frozen=True, eq=False)
class SoftNmsTrace:
    """What soft-NMS did to every score.

    Attributes:
        picked: int64 ``(K,)``, boxes in the order in which they were taken, that is by falling
            final score; boxes whose score sank below the floor are missing.
        scores: float32 ``(N,)``, final scores; for a box below the floor the score it was left
            with.
        picked_at: int64 ``(D,)``, the step (index into ``picked``) of each decay.
        box: int64 ``(D,)``, the box whose score was lowered.
        iou: float32 ``(D,)``, its overlap with the box picked in that step.
        before, after: float32 ``(D,)``, its score.
    """

    picked: Tensor
    scores: Tensor
    picked_at: Tensor
    box: Tensor
    iou: Tensor
    before: Tensor
    after: Tensor


def soft_nms_trace(
    boxes: Tensor,
    scores: Tensor,
    decay: Decay,
    score_floor: float = 0.001,
    labels: Tensor | None = None,
) -> SoftNmsTrace:
    """Pick the best box, lower the scores of what overlaps it, go on with the best of the rest.

    Args:
        boxes: float ``(N, 4)``, ``xyxy``.
        scores: float ``(N,)`` in [0, 1].
        decay: how an overlap lowers a score.
        score_floor: a box whose score is below this is given up; in [0, 1].
        labels: integer ``(N,)``: lower scores within a class only; ``None`` compares all with all.

    Raises:
        InputError: numbers that are not finite, out of range, or boxes inside out.
        ValueError: shapes that do not belong together.
    """
    boxes, scores, labels = check_call(boxes, scores, decay.iou_threshold, labels)
    if not 0 <= score_floor <= 1:
        raise InputError("value_out_of_range", name="score", low=0, high=1, value=score_floor)
    current = scores.double().numpy().copy()  # products of many factors: double, rounded once
    picked, decays = _pick_and_lower(boxes.double(), labels, current, decay, score_floor)
    return _collect(picked, current, decays)


def _pick_and_lower(
    boxes: Tensor, labels: Tensor, scores: np.ndarray, decay: Decay, score_floor: float
) -> tuple[list[int], list[tuple[np.ndarray, ...]]]:
    """The loop itself; lowers ``scores`` in place."""
    waiting = np.flatnonzero(scores >= score_floor)
    overlaps: dict[int, np.ndarray] = {}
    picked: list[int] = []
    decays: list[tuple[np.ndarray, ...]] = []
    while len(waiting):
        at = int(scores[waiting].argmax())  # the first of equals, and ``waiting`` is ascending
        best = int(waiting[at])
        if best not in overlaps:
            overlaps = _look_ahead(boxes, labels, scores, waiting)
        waiting = np.concatenate([waiting[:at], waiting[at + 1 :]])
        touched = waiting[overlaps[best][waiting] > 0]
        factor = decay.factor(overlaps[best][touched])
        hit, factor = touched[factor < 1], factor[factor < 1]
        before = scores[hit]
        scores[hit] = before * factor
        step = np.full(len(hit), len(picked))
        decays.append((step, hit, overlaps[best][hit], before, scores[hit]))
        picked.append(best)
        waiting = waiting[scores[waiting] >= score_floor]
    return picked, decays


def _look_ahead(
    boxes: Tensor, labels: Tensor, scores: np.ndarray, waiting: np.ndarray
) -> dict[int, np.ndarray]:
    """The overlaps of the boxes that are likely to be picked next, 0 with those of other classes.

    Many rows at once take far less time than one by one.
    """
    chosen = waiting[np.argsort(-scores[waiting], kind="stable")[:_CHUNK]]
    same = labels[chosen, None] == labels
    rows = (box_iou(boxes[chosen], boxes) * same).numpy()
    return dict(zip(chosen.tolist(), rows, strict=True))


def _collect(
    picked: list[int], scores: np.ndarray, decays: list[tuple[np.ndarray, ...]]
) -> SoftNmsTrace:
    empty = (np.zeros(0, np.int64), np.zeros(0, np.int64), *[np.zeros(0)] * 3)
    columns = [np.concatenate(column) for column in zip(empty, *decays, strict=True)]
    step, box = (torch.from_numpy(column) for column in columns[:2])
    iou, before, after = (torch.from_numpy(column).float() for column in columns[2:])
    order = torch.tensor(picked, dtype=torch.int64)
    return SoftNmsTrace(order, torch.from_numpy(scores).float(), step, box, iou, before, after)

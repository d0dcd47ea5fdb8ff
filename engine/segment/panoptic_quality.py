"""Panoptic quality: which segments were found, and how well they fit. PQ = SQ x RQ.

A predicted and a true segment of one class match where their IoU is above 1/2; since segments do
not overlap, no segment can match two. SQ is the mean IoU of the matches, RQ the share of segments
that match (an F1 score). Pixels whose truth is void do not count, and a prediction that lies on
void by more than half is nobody's mistake.

Source: Kirillov et al., "Panoptic segmentation", CVPR 2019, section 4, with their handling of void.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from engine.segment.segments import VOID, Segmentation

LEAST_IOU = 0.5  # a match is above it
Outcome = Literal["match", "false_positive", "false_negative", "ignored"]


@dataclass(frozen=True)
class Verdict:
    """What became of a segment; a match is one for two segments.

    Attributes:
        outcome: "ignored" for a prediction that lies on void by more than half.
        category: its class.
        predicted, truth: their numbers. Of a segment that matches nothing, the other is the one of
            its class that it overlaps most (ties by the lower number), 0 where there is none.
        iou: of the two, in [0, 1].
        area_px: pixels of the predicted segment, or of the true one where it was missed.
    """

    outcome: Outcome
    category: int
    predicted: int
    truth: int
    iou: float
    area_px: int


@dataclass(frozen=True)
class Quality:
    """One class, or one picture's; ``None`` where there is nothing to be found or said."""

    matches: int
    false_positives: int
    false_negatives: int
    iou_sum: float

    @property
    def sq(self) -> float | None:
        """Segmentation quality: the mean IoU of the matches, 0 where nothing matches."""
        if self.rq is None:
            return None
        return self.iou_sum / self.matches if self.matches else 0.0

    @property
    def rq(self) -> float | None:
        """Recognition quality: matches over (matches + half of all mistakes)."""
        whole = self.matches + (self.false_positives + self.false_negatives) / 2
        return self.matches / whole if whole else None

    @property
    def pq(self) -> float | None:
        """Panoptic quality, the product of both."""
        return None if self.sq is None or self.rq is None else self.sq * self.rq


@dataclass(frozen=True)
class PanopticQuality:
    """Panoptic quality over any number of pictures.

    Attributes:
        classes: of each class.
    """

    classes: tuple[Quality, ...]

    def mean(
        self, name: Literal["pq", "sq", "rq"] = "pq", among: Sequence[int] | None = None
    ) -> float | None:
        """Mean over the classes (those in ``among``) that are there or are said; else ``None``."""
        chosen = self.classes if among is None else [self.classes[each] for each in among]
        values = [value for each in chosen if (value := getattr(each, name)) is not None]
        return float(np.mean(values)) if values else None


def judge_segments(predicted: Segmentation, truth: Segmentation) -> tuple[Verdict, ...]:
    """What became of every segment of one picture.

    Returns:
        Predicted segments in the order of their numbers, then the missed ones in theirs.

    Raises:
        ValueError: maps of different sizes.
    """
    if predicted.ids.shape != truth.ids.shape:
        raise ValueError(f"{predicted.ids.shape} segments said and {truth.ids.shape} true ones")
    shared, iou = _overlaps(predicted, truth)
    rows, columns = predicted.segments, truth.segments
    verdicts, found = [], set()
    for row, each in enumerate(rows):
        column = _best(iou[row])
        partner = columns[column].id if column >= 0 else 0
        value = float(iou[row, column]) if column >= 0 else 0.0
        outcome: Outcome = "false_positive"
        if value > LEAST_IOU:
            outcome = "match"
            found.add(partner)
        elif shared[row, -1] > each.area_px / 2:
            outcome = "ignored"
        verdicts.append(Verdict(outcome, each.category, each.id, partner, value, each.area_px))
    for column, each in enumerate(columns):
        if each.id not in found:
            row = _best(iou[:, column])
            partner, value = (rows[row].id, float(iou[row, column])) if row >= 0 else (0, 0.0)
            verdicts.append(
                Verdict("false_negative", each.category, partner, each.id, value, each.area_px)
            )
    return tuple(verdicts)


def _best(iou: np.ndarray) -> int:
    """The first of the largest, -1 where all are 0 or there is none."""
    return int(iou.argmax()) if iou.size and iou.max() > 0 else -1


def _overlaps(predicted: Segmentation, truth: Segmentation) -> tuple[np.ndarray, np.ndarray]:
    """Shared pixels int64 (P, T + 1), void last; IoU float64 (P, T), 0 across classes."""
    rows, columns = predicted.segments, truth.segments
    row_of = _index(predicted, missing=len(rows))[predicted.ids]
    column_of = _index(truth, missing=len(columns))[truth.ids]
    shape = len(rows) + 1, len(columns) + 1
    shared = np.bincount((row_of * shape[1] + column_of).ravel(), minlength=shape[0] * shape[1])
    shared = shared.reshape(shape)
    rows_px = shared[:-1, :-1].sum(axis=1)  # without what lies on void
    columns_px = shared[:, :-1].sum(axis=0)
    inner = shared[:-1, :-1]
    union = rows_px[:, None] + columns_px[None] - inner
    same = np.array([[p.category == t.category for t in columns] for p in rows], bool)
    iou = np.where(same.reshape(inner.shape), inner / np.maximum(union, 1), 0.0)
    return shared[:-1], iou


def _index(segmentation: Segmentation, missing: int) -> np.ndarray:
    """From a segment's number to its place in the list; ``missing`` for void."""
    numbers = [each.id for each in segmentation.segments]
    table = np.full(max(numbers, default=VOID) + 1, missing)
    table[numbers] = np.arange(len(numbers))
    return table


def panoptic_quality(pictures: Iterable[Sequence[Verdict]], classes: int) -> PanopticQuality:
    """Add up the verdicts of any number of pictures.

    Args:
        pictures: of each picture, what :func:`judge_segments` said.
        classes: how many there are.
    """
    counts = {each: [0] * classes for each in ("match", "false_positive", "false_negative")}
    iou_sums = [0.0] * classes
    for verdict in (verdict for picture in pictures for verdict in picture):
        if verdict.outcome != "ignored":
            counts[verdict.outcome][verdict.category] += 1
        if verdict.outcome == "match":
            iou_sums[verdict.category] += verdict.iou
    columns = zip(*counts.values(), iou_sums, strict=True)
    return PanopticQuality(tuple(Quality(*column) for column in columns))

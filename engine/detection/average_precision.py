"""How good a detector is: precision, recall, and the area under their curve.

Lower the score threshold step by step: recall (found objects of all objects) can only grow,
precision (right predictions of all predictions) goes up and down. Average precision is the area
under that curve after each dip has been filled up to the best precision at any higher recall.

Sources: Everingham et al., "The PASCAL VOC Challenge", IJCV 2010 (the area, with all points, as
since 2010); Lin et al., "Microsoft COCO", ECCV 2014 (101 recalls, mean over IoU 0.50 to 0.95).
The tests hold the COCO numbers against pycocotools.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from engine.detection.boxes import box_iou, check_boxes
from engine.detection.detections import Detections, check_scores, rank
from engine.detection.matching import pair

#: The IoU thresholds over which COCO averages.
COCO_IOUS: tuple[float, ...] = tuple(np.linspace(0.5, 0.95, 10).tolist())
#: The recalls at which COCO reads the curve.
COCO_RECALLS: tuple[float, ...] = tuple(np.linspace(0, 1, 101).tolist())
#: COCO looks at so many predictions of one class on one picture, the best ones.
COCO_MOST_DETECTIONS = 100
#: The overlap that makes a box right, where one number is told.
AP_IOU = 0.5


@dataclass(frozen=True)
class Counts:
    """What is left when all predictions below a score are left out.

    Attributes:
        true_positives: predictions that found an object.
        false_positives: predictions that found none.
        false_negatives: objects that were missed.
    """

    true_positives: int
    false_positives: int
    false_negatives: int

    @property
    def precision(self) -> float | None:
        """The share of predictions that are right; ``None`` without any prediction."""
        made = self.true_positives + self.false_positives
        return self.true_positives / made if made else None

    @property
    def recall(self) -> float | None:
        """The share of objects that were found; ``None`` without any object."""
        there = self.true_positives + self.false_negatives
        return self.true_positives / there if there else None


@dataclass(frozen=True, eq=False)
class PrecisionRecall:
    """The curve, one point for each prediction: all from the best down to this one are counted.

    Attributes:
        scores: float32 ``(N,)``, falling.
        hits: bool ``(N,)``, whether the prediction found an object.
        recall: float64 ``(N,)`` in [0, 1], never falling; all 0 where there is no object.
        precision: float64 ``(N,)`` in [0, 1].
        envelope: float64 ``(N,)``, the best precision at this recall or any higher one.
        truths: number of objects.
    """

    scores: Tensor
    hits: Tensor
    recall: Tensor
    precision: Tensor
    envelope: Tensor
    truths: int

    def counts_at(self, score: float) -> Counts:
        """What predictions with at least this score get right and wrong."""
        chosen = self.scores >= score
        found = int(self.hits[chosen].sum())
        return Counts(found, int(chosen.sum()) - found, self.truths - found)

    def precision_at(self, recalls: Sequence[float]) -> Tensor:
        """The envelope at the first point that reaches each recall, 0 beyond the last: float64."""
        wanted = torch.tensor(recalls, dtype=torch.float64)
        reached = torch.searchsorted(self.recall, wanted)
        return torch.cat([self.envelope, self.envelope.new_zeros(1)])[reached]


def precision_recall(scores: Tensor, hits: Tensor, truths: int) -> PrecisionRecall:
    """The curve of the predictions of one class, gathered over any number of pictures.

    Args:
        scores: float ``(N,)`` in [0, 1], in any order; equal ones count in the order given.
        hits: bool ``(N,)``, whether each found an object.
        truths: number of objects, at least as many as hits.

    Raises:
        InputError: a score out of range.
        ValueError: shapes or numbers that do not belong together.
    """
    if scores.shape != hits.shape or scores.ndim != 1 or hits.dtype != torch.bool:
        raise ValueError(f"{tuple(scores.shape)} scores and {tuple(hits.shape)} {hits.dtype} hits")
    if int(hits.sum()) > truths:
        raise ValueError(f"{int(hits.sum())} hits on {truths} objects")
    check_scores(scores)
    order = rank(scores.float())
    hits = hits[order]
    found = hits.cumsum(0).double()
    precision = found / torch.arange(1, len(hits) + 1)
    return PrecisionRecall(
        scores=scores.float()[order],
        hits=hits,
        recall=found / max(truths, 1),
        precision=precision,
        envelope=precision.flip(0).cummax(0).values.flip(0) if len(hits) else precision,
        truths=truths,
    )


def area_under(curve: PrecisionRecall) -> float | None:
    """Average precision with all points: the exact area under the envelope.

    Returns:
        A number in [0, 1]; ``None`` where there is no object, so that nothing can be found.
    """
    if not curve.truths:
        return None
    steps = curve.recall.diff(prepend=curve.recall.new_zeros(1))
    return float((steps * curve.envelope).sum())


def coco_average_precision(curve: PrecisionRecall) -> float | None:
    """Average precision as COCO takes it: the mean of the envelope at 101 recalls.

    Returns:
        A number in [0, 1]; ``None`` where there is no object.
    """
    return float(curve.precision_at(COCO_RECALLS).mean()) if curve.truths else None


@dataclass(frozen=True, eq=False)
class Truths:
    """The objects on one picture.

    Attributes:
        boxes: float32 ``(M, 4)``, ``xyxy``.
        labels: int64 ``(M,)``.

    Raises:
        InputError: a box is not finite or inside out.
        ValueError: shapes that do not belong together.
    """

    boxes: Tensor
    labels: Tensor

    def __post_init__(self) -> None:
        check_boxes(self.boxes)
        if self.labels.shape != (len(self.boxes),):
            raise ValueError(f"{len(self.boxes)} boxes and {tuple(self.labels.shape)} labels")


@dataclass(frozen=True, eq=False)
class MeanAveragePrecision:
    """Average precision of every class at every IoU.

    Attributes:
        table: float64 ``(ious, classes)``; NaN for classes without an object.
        ious: the IoU thresholds of the rows.
    """

    table: Tensor
    ious: tuple[float, ...]

    @property
    def mean(self) -> float | None:
        """The mean over all IoUs and all classes that have objects; ``None`` without any."""
        return _mean(self.table)

    def at(self, iou: float) -> float | None:
        """The mean over classes at one of ``ious``; ``None`` without any object."""
        return _mean(self.table[int(np.abs(np.array(self.ious) - iou).argmin())])


def mean_average_precision(
    pictures: Sequence[tuple[Detections, Truths]],
    classes: int,
    ious: tuple[float, ...] = COCO_IOUS,
) -> MeanAveragePrecision:
    """COCO's average precision for every class and IoU over a set of pictures.

    Args:
        pictures: what was found and what is there, one pair a picture.
        classes: number of classes.
        ious: IoU thresholds in [0, 1].
    """
    table = torch.full((len(ious), classes), torch.nan, dtype=torch.float64)
    for label in range(classes):
        chosen = [_of_class(found, truths, label) for found, truths in pictures]
        for row, iou in enumerate(ious):
            precision = coco_average_precision(_curve(chosen, iou))
            table[row, label] = torch.nan if precision is None else precision
    return MeanAveragePrecision(table, ious)


def class_curve(
    pictures: Sequence[tuple[Detections, Truths]], label: int, iou: float
) -> PrecisionRecall:
    """The curve of one class over a set of pictures, as COCO has it.

    Args:
        pictures: what was found and what is there, one pair a picture.
        label: the class.
        iou: threshold in [0, 1].
    """
    return _curve([_of_class(found, truths, label) for found, truths in pictures], iou)


def _curve(chosen: Sequence[tuple[Tensor, np.ndarray]], iou: float) -> PrecisionRecall:
    scores = torch.cat([torch.zeros(0), *(scores for scores, _ in chosen)])
    hits = [pair(overlap, iou) >= 0 for _, overlap in chosen]
    gathered = torch.from_numpy(np.concatenate([np.zeros(0, bool), *hits]))
    return precision_recall(scores, gathered, sum(overlap.shape[1] for _, overlap in chosen))


def _of_class(found: Detections, truths: Truths, label: int) -> tuple[Tensor, np.ndarray]:
    """Scores and overlaps ``(n, m)`` of one class on one picture."""
    best = (found.labels == label).nonzero()[:COCO_MOST_DETECTIONS, 0]
    there = truths.boxes[truths.labels == label].cpu()
    return found.scores[best], box_iou(found.boxes[best].double(), there.double()).numpy()


def _mean(values: Tensor) -> float | None:
    defined = values[~values.isnan()]
    return float(defined.mean()) if len(defined) else None


def average_precision_50(found: Sequence[Detections], truths: Tensor, classes: int) -> float:
    """COCO's average precision at IoU 0.5, mean over classes; 0 where there is no object at all.

    Args:
        found: for each picture; with boxes down to low scores, or recall ends early.
        truths: float32 (N, K, 5): label (below 0 where there is none), then ``xyxy``.
        classes: number of classes.
    """
    rows = truths.cpu()
    there = [row[row[:, 0] >= 0] for row in rows]
    pictures = [
        (each, Truths(row[:, 1:], row[:, 0].long())) for each, row in zip(found, there, strict=True)
    ]
    return mean_average_precision(pictures, classes, (AP_IOU,)).at(AP_IOU) or 0.0

"""Average precision of masks: as for boxes, with the IoU of pixels in place of the IoU of boxes.

Source: Lin et al., "Microsoft COCO", ECCV 2014; the tests hold the numbers against pycocotools.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch

from engine.detection.average_precision import (
    COCO_IOUS,
    COCO_MOST_DETECTIONS,
    MeanAveragePrecision,
    coco_average_precision,
    precision_recall,
)
from engine.detection.detections import check_scores, rank
from engine.detection.matching import pair
from engine.segment.segments import Segmentation


@dataclass(frozen=True, eq=False)
class Masks:
    """Things found on one picture, or the true ones; masks may overlap.

    Attributes:
        masks: bool (N, H, W).
        labels: int64 (N,), classes.
        scores: float32 (N,) in [0, 1]; of the truth not read.

    Raises:
        InputError: a score out of range.
        ValueError: shapes or types that do not belong together.
    """

    masks: np.ndarray
    labels: np.ndarray
    scores: np.ndarray

    def __post_init__(self) -> None:
        count = (len(self.masks),)
        if self.masks.dtype != np.bool_ or self.masks.ndim != 3:
            raise ValueError(f"bool (N, H, W) is needed, not {self.masks.dtype}")
        if self.labels.shape != count or self.scores.shape != count:
            shapes = self.masks.shape, self.labels.shape, self.scores.shape
            raise ValueError(f"masks, labels and scores of {shapes} do not belong together")
        check_scores(torch.from_numpy(self.scores))


def thing_masks(segmentation: Segmentation) -> Masks:
    """The things among the segments, one mask each."""
    things = [each for each in segmentation.segments if each.thing]
    numbers = np.array([each.id for each in things], np.int32)
    return Masks(
        masks=segmentation.ids == numbers[:, None, None],
        labels=np.array([each.category for each in things], np.int64),
        scores=np.array([each.score for each in things], np.float32),
    )


def mask_iou(masks: np.ndarray, others: np.ndarray) -> np.ndarray:
    """The IoU of each mask with each other one; 0 where both are empty.

    Args:
        masks: bool (N, H, W).
        others: bool (M, H, W).

    Returns:
        float64 (N, M) in [0, 1].
    """
    pixels = masks.shape[1] * masks.shape[2]
    rows, columns = (each.reshape(len(each), pixels).astype(np.float64) for each in (masks, others))
    shared = rows @ columns.T  # counts up to 2**53 are exact
    union = rows.sum(axis=1)[:, None] + columns.sum(axis=1)[None] - shared
    return shared / np.maximum(union, 1)


def mean_mask_precision(
    pictures: Sequence[tuple[Masks, Masks]],
    classes: int,
    ious: tuple[float, ...] = COCO_IOUS,
) -> MeanAveragePrecision:
    """COCO's average precision for every class and IoU over a set of pictures.

    Args:
        pictures: what was found and what is there, one pair a picture.
        classes: number of classes; those without an object (stuff, too) do not count.
        ious: thresholds in [0, 1].
    """
    table = torch.full((len(ious), classes), torch.nan, dtype=torch.float64)
    for label in range(classes):
        chosen = [_of_class(found, truth, label) for found, truth in pictures]
        scores = np.concatenate([np.zeros(0, np.float32), *(scores for scores, _ in chosen)])
        objects = sum(overlap.shape[1] for _, overlap in chosen)
        for row, iou in enumerate(ious):
            hits = [pair(overlap, iou) >= 0 for _, overlap in chosen]
            gathered = torch.from_numpy(np.concatenate([np.zeros(0, bool), *hits]))
            curve = precision_recall(torch.from_numpy(scores), gathered, objects)
            precision = coco_average_precision(curve)
            table[row, label] = torch.nan if precision is None else precision
    return MeanAveragePrecision(table, ious)


def _of_class(found: Masks, truth: Masks, label: int) -> tuple[np.ndarray, np.ndarray]:
    """Scores, falling, and overlaps (n, m) of one class on one picture."""
    of_class = np.flatnonzero(found.labels == label)
    order = rank(torch.from_numpy(found.scores[of_class])).numpy()[:COCO_MOST_DETECTIONS]
    best = of_class[order]
    return found.scores[best], mask_iou(found.masks[best], truth.masks[truth.labels == label])

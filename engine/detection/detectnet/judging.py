"""Which boxes of one picture are right: the step between boxes and AP50 that a picture can show."""

import torch
from torch import Tensor

from engine.detection.average_precision import AP_IOU, Truths
from engine.detection.detections import Detections
from engine.detection.matching import match


def mark_right(found: Detections, truths: Truths, iou: float = AP_IOU) -> tuple[Tensor, Tensor]:
    """Which boxes found an object of their class, and which objects were found.

    Better boxes choose first, so leaving out all below some score changes nothing for the rest.

    Args:
        found: of one picture.
        truths: the objects on it.
        iou: least overlap of a right box.

    Returns:
        bool (N,) and int64 (M,): the box that found each object, -1 where none did.
    """
    is_right = torch.zeros(len(found), dtype=torch.bool)
    found_by = torch.full((len(truths.labels),), -1)
    for label in truths.labels.unique().tolist():
        boxes = (found.labels == label).nonzero()[:, 0]
        objects = (truths.labels == label).nonzero()[:, 0]
        pairs = match(found.boxes[boxes], truths.boxes[objects], iou)
        is_right[boxes] = pairs.hits
        hit = pairs.prediction_of >= 0
        found_by[objects[hit]] = boxes[pairs.prediction_of[hit]]
    return is_right, found_by

"""Which prediction found which object: the step before any precision or recall.

Predictions choose in the order of their scores: each takes, of the objects that nobody has taken
yet, the one that it overlaps most, if it does so enough. Since better predictions choose first,
leaving out all below some score changes nothing for the rest.

Source: Everingham et al., "The PASCAL VOC Challenge", IJCV 2010; details as in pycocotools'
``COCOeval.evaluateImg`` (there an object overlapped equally much, but listed later, wins; so here,
although ties otherwise go to the lower index, or the results would not be COCO's).
"""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from engine.detection.boxes import box_iou, check_boxes
from engine.detection.nms import check_iou_threshold


@dataclass(frozen=True, eq=False)
class Matches:
    """Predictions and objects of one picture and class, paired.

    Attributes:
        truth_of: int64 ``(N,)``, the object that each prediction found; -1 for a false positive.
        prediction_of: int64 ``(M,)``, the prediction that found each object; -1 for a missed one.
        iou: float32 ``(N, M)``, the overlap of every prediction with every object.
    """

    truth_of: Tensor
    prediction_of: Tensor
    iou: Tensor

    @property
    def hits(self) -> Tensor:
        """bool ``(N,)``, the predictions that found an object."""
        return self.truth_of >= 0


def match(boxes: Tensor, truths: Tensor, iou_threshold: float) -> Matches:
    """Pair predictions with objects, best prediction first.

    Args:
        boxes: float ``(N, 4)``, ``xyxy``, highest score first.
        truths: float ``(M, 4)``, the true boxes.
        iou_threshold: a prediction finds an object from this IoU on; in [0, 1].

    Raises:
        InputError: the threshold is out of range, or a box is not finite or inside out.
        ValueError: other shapes or types.
    """
    check_iou_threshold(iou_threshold)
    for each in (boxes, truths):
        check_boxes(each)
    iou = box_iou(boxes.detach().cpu().double(), truths.detach().cpu().double())
    truth_of = pair(iou.numpy(), iou_threshold)
    prediction_of = torch.full((len(truths),), -1)
    found = torch.from_numpy(truth_of)
    hits = (found >= 0).nonzero()[:, 0]
    prediction_of[found[hits]] = hits
    return Matches(found, prediction_of, iou.float())


def pair(iou: np.ndarray, iou_threshold: float) -> np.ndarray:
    """The object of each prediction, or -1: int64 ``(N,)``.

    Args:
        iou: float64 ``(N, M)``, highest score first.
        iou_threshold: in [0, 1]; at 1 a prediction may miss by rounding (1e-10, as in COCO).
    """
    threshold = min(iou_threshold, 1 - 1e-10)
    truth_of = np.full(len(iou), -1)
    free = iou.copy()  # a taken object's column is lowered out of reach
    for index in np.flatnonzero((iou >= threshold).any(axis=1)):
        row = free[index]
        best = len(row) - 1 - int(row[::-1].argmax())  # the last of equals
        if row[best] >= threshold:
            truth_of[index] = best
            free[:, best] = -1
    return truth_of

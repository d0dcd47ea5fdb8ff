"""Why a found box is wrong: the kinds of errors that a detector makes.

Source: Bolya, Foley, Hays, Hoffman, "TIDE: A General Toolbox for Identifying Object Detection
Errors", ECCV 2020: its five kinds of wrong boxes, asked in its order, and its 0.1 below which a box
overlaps nothing worth the name.
"""

from dataclasses import dataclass
from typing import Literal, get_args

import torch
from torch import Tensor

from engine.detection.average_precision import COCO_MOST_DETECTIONS, Truths
from engine.detection.boxes import box_iou
from engine.detection.detections import Detections
from engine.detection.matching import match

#: Right, or wrong because: it overlaps an object of its class too little; it lies on an object of
#: another class; a better box has the object already; it lies on nothing; it overlaps an object of
#: another class, too little even for that.
Kind = Literal["right", "loose", "confused", "double", "nothing", "both"]
KINDS: tuple[Kind, ...] = get_args(Kind)
#: A box that overlaps an object less lies on nothing.
BACKGROUND_IOU = 0.1


@dataclass(frozen=True, eq=False)
class Judgement:
    """The boxes of one class on one picture, best first, each with what it is.

    Attributes:
        found: the boxes.
        kinds: int64 ``(N,)``, indices into :data:`KINDS`.
        best: float32 ``(N,)``, the largest IoU with an object of any class.
        truths: float ``(M, 4)``, the objects of the class.
        seen_at: float32 ``(M,)``, the score of the box that found each object; 0 where none did.
    """

    found: Detections
    kinds: Tensor
    best: Tensor
    truths: Tensor
    seen_at: Tensor


def judge_boxes(found: Detections, truths: Truths, label: int, iou_threshold: float) -> Judgement:
    """What each box of a class is, and which objects of the class were found.

    Args:
        found: everything found on one picture.
        truths: everything that is there, of all classes.
        label: the class.
        iou_threshold: from which on a box finds an object; in [0, 1].

    Raises:
        InputError: the threshold is out of range.
    """
    of_class = found.take((found.labels == label).nonzero()[:COCO_MOST_DETECTIONS, 0])
    is_own = truths.labels == label
    own, others = truths.boxes[is_own], truths.boxes[~is_own]
    matches = match(of_class.boxes, own, iou_threshold)
    near, beside = _largest(of_class.boxes, own), _largest(of_class.boxes, others)
    chosen = torch.full((len(of_class),), KINDS.index("both"))
    # the kind that is asked first is written last
    chosen[torch.maximum(near, beside) < BACKGROUND_IOU] = KINDS.index("nothing")
    chosen[near >= iou_threshold] = KINDS.index("double")
    chosen[beside >= iou_threshold] = KINDS.index("confused")
    chosen[(near >= BACKGROUND_IOU) & (near < iou_threshold)] = KINDS.index("loose")
    chosen[matches.hits] = KINDS.index("right")
    seen = torch.cat([of_class.scores, torch.zeros(1)])[matches.prediction_of]
    return Judgement(of_class, chosen, torch.maximum(near, beside).float(), own, seen)


def _largest(boxes: Tensor, truths: Tensor) -> Tensor:
    if not len(truths):
        return torch.zeros(len(boxes), dtype=torch.float64)
    return box_iou(boxes.double(), truths.double()).amax(dim=1)

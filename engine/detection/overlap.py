"""Two boxes measured against each other, with every number that IoU, GIoU and DIoU are made of.

Sources: as :mod:`engine.detection.boxes` says, whose functions answer here too.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from engine.detection.boxes import area, box_iou, check_boxes, distance_iou, generalized_iou


@dataclass(frozen=True)
class Overlap:
    """How two boxes lie to each other.

    Attributes:
        intersection, union: in square pixels.
        hull: area of the smallest box around both, in square pixels.
        distance: between the centres, in pixels.
        diagonal: of the hull, in pixels.
        iou: in [0, 1].
        giou, diou: in [-1, 1].
    """

    intersection: float
    union: float
    hull: float
    distance: float
    diagonal: float
    iou: float
    giou: float
    diou: float


def measure_overlap(first: Tensor, second: Tensor) -> Overlap:
    """All measures of two boxes.

    Args:
        first, second: float ``(4,)``, ``xyxy`` in pixels.

    Raises:
        InputError: a box is not finite or inside out.
    """
    pair = torch.stack([first, second]).double()
    check_boxes(pair)
    start, end = pair[:, :2], pair[:, 2:]
    shared = (end.amin(dim=0) - start.amax(dim=0)).clamp(min=0)
    around = end.amax(dim=0) - start.amin(dim=0)
    centres = (start + end) / 2
    intersection = float(shared.prod())
    one, other = pair[:1], pair[1:]
    return Overlap(
        intersection=intersection,
        union=float(area(pair).sum()) - intersection,
        hull=float(around.prod()),
        distance=float((centres[0] - centres[1]).norm()),
        diagonal=float(around.norm()),
        iou=float(box_iou(one, other)),
        giou=float(generalized_iou(one, other)),
        diou=float(distance_iou(one, other)),
    )

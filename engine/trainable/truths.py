"""True boxes as one tensor, as trainings keep them, and as torchvision's detectors want them."""

import torch
from torch import Tensor

NO_OBJECT = -1
BACKGROUND = 0  # torchvision's classes begin after it


def pack_truths(boxes: Tensor, labels: Tensor) -> Tensor:
    """Boxes and labels as one tensor of targets, float32 (N, K, 5): label, then ``xyxy``.

    Args:
        boxes: float (N, K, 4), ``xyxy`` in pixels.
        labels: int64 (N, K), ``NO_OBJECT`` where there is none.
    """
    return torch.cat([labels[..., None].float(), boxes.float()], dim=-1)


def as_torchvision(truths: Tensor) -> list[dict[str, Tensor]]:
    """For each picture "boxes" float32 (M, 4) and "labels" int64 (M,), which count from 1.

    Args:
        truths: float32 (N, K, 5) of :func:`pack_truths`.
    """
    found = []
    for rows in truths:
        there = rows[rows[:, 0] != NO_OBJECT]
        found.append({"boxes": there[:, 1:], "labels": there[:, 0].long() + BACKGROUND + 1})
    return found

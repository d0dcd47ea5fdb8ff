"""The three losses of NanoDet: is a thing here and how well does its box fit; where; how sure.

- Quality focal loss: binary cross-entropy towards the IoU of the cell's own box instead of 1, times
  the squared distance from it, so that thousands of easy cells do not outweigh the few that matter.
- GIoU loss of the cell's box (:func:`torchvision.ops.generalized_box_iou_loss`).
- Distribution focal loss: cross-entropy of the two bins between which an edge lies.

Source: Li et al., "Generalized Focal Loss", NeurIPS 2020; weights 1, 2 and 0.25 as in
RangiLyu/nanodet, ``config/nanodet-g.yml``.
"""

import torch
from torch import Tensor
from torch.nn import functional as F
from torchvision.ops import generalized_box_iou_loss

BETA = 2.0
BOX_WEIGHT, DISTRIBUTION_WEIGHT = 2.0, 0.25


def quality_focal_loss(logits: Tensor, quality: Tensor, beta: float = BETA) -> Tensor:
    """Of every number; with qualities of 0 and 1 it is the focal loss with γ = β, without α.

    Args:
        logits: float, any shape.
        quality: the same shape, in [0, 1]: IoU of the box where the class is, 0 elsewhere.
        beta: how little easy answers count, >= 0.
    """
    entropy = F.binary_cross_entropy_with_logits(logits, quality, reduction="none")
    return (quality - logits.sigmoid()).abs() ** beta * entropy


def distribution_focal_loss(logits: Tensor, distances: Tensor) -> Tensor:
    """Cross-entropy towards the two bins around each distance, as near as it is to each.

    Args:
        logits: float (..., bins).
        distances: float (...), in strides, in [0, bins - 1).

    Returns:
        float (...).
    """
    left = distances.long()
    share = distances - left  # of the right bin
    said = logits.log_softmax(dim=-1)
    lower, upper = (said.gather(-1, (left + step)[..., None])[..., 0] for step in (0, 1))
    return -(1 - share) * lower - share * upper


def weighted_losses(
    boxes: Tensor, truths: Tensor, sides: Tensor, distances: Tensor, weights: Tensor
) -> tuple[Tensor, Tensor]:
    """GIoU and distribution loss of cells that answer for an object, means weighted by ``weights``.

    Args:
        boxes: float (P, 4), ``xyxy`` as the cells say.
        truths: float (P, 4), the objects'.
        sides: float (P, 4, bins), logits.
        distances: float (P, 4), of the true edges in strides.
        weights: float (P,) > 0: how sure the network is of each, so that cells which do not find
            their object do not spoil its box.
    """
    total = weights.sum().clamp(min=torch.finfo(weights.dtype).tiny)
    giou = generalized_box_iou_loss(boxes, truths)
    spread = distribution_focal_loss(sides, distances).mean(dim=1)
    return (giou * weights).sum() / total, (spread * weights).sum() / total

"""Which cells answer for which object: adaptive training sample selection (ATSS).

Of each grid the nine cells nearest to an object's centre are candidates. A square of five strides
around a cell stands for it; how far these squares overlap the object says which candidates suit it:
those at least a standard deviation above the mean, with their centre within the object. Of objects
halfway between the squares' sizes (57 or 113 px) most candidates of two grids overlap as much, and
none is so far above the mean; those that overlap most are taken there, which the paper does not do.
A cell that suits several objects takes the one it overlaps most.

Source: Zhang et al., "Bridging the Gap Between Anchor-based and Anchor-free Detection via Adaptive
Training Sample Selection", CVPR 2020, as RangiLyu/nanodet has it (``gfl_head.py``: 9 candidates,
squares of 5 strides).
"""

import torch
from torch import Tensor

from engine.detection.boxes import box_iou

CANDIDATES = 9
SQUARE_STRIDES = 5
_WITHIN_PX = 0.01
_ROUNDING = 1e-6  # of overlaps that are equal


def assign(boxes: Tensor, centres_px: Tensor, strides_px: Tensor) -> Tensor:
    """The object that each cell answers for.

    Args:
        boxes: float32 (K, 4), ``xyxy`` in pixels of the network's input; K may be 0.
        centres_px: float32 (M, 2), x and y of the cells.
        strides_px: float32 (M,), one grid after the other.

    Returns:
        int64 (M,): index of a box, -1 where the cell answers for none.
    """
    nobody = torch.full((len(centres_px),), -1)
    if not len(boxes):
        return nobody
    reach = SQUARE_STRIDES / 2 * strides_px[:, None]
    overlaps = box_iou(torch.cat([centres_px - reach, centres_px + reach], dim=1), boxes)  # (M, K)
    middles = (boxes[:, :2] + boxes[:, 2:]) / 2
    candidates = _nearest(torch.cdist(centres_px, middles), strides_px)  # (C, K)
    suits = overlaps.gather(0, candidates)
    x, y = centres_px[candidates].unbind(-1)  # (C, K)
    room = torch.stack([x - boxes[:, 0], y - boxes[:, 1], boxes[:, 2] - x, boxes[:, 3] - y])
    within = room.amin(dim=0) > _WITHIN_PX
    most = suits.where(within, -1.0).amax(dim=0)
    least = torch.minimum(suits.mean(dim=0) + suits.std(dim=0), most - _ROUNDING)
    chosen = (suits >= least) & within
    best = torch.full_like(overlaps, -1.0)
    best.scatter_(0, candidates, suits.where(chosen, -1.0))
    overlap, owner = best.max(dim=1)
    return owner.where(overlap >= 0, nobody)


def _nearest(distances: Tensor, strides_px: Tensor) -> Tensor:
    """Of each grid the cells nearest to each box: indices int64 (candidates, K)."""
    found, first = [], 0
    for count in torch.unique_consecutive(strides_px, return_counts=True)[1].tolist():
        grid = distances[first : first + count]
        found.append(grid.topk(min(CANDIDATES, count), dim=0, largest=False).indices + first)
        first += count
    return torch.cat(found)

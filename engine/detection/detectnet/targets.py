"""What every cell of the grid should answer, from the true boxes.

A cell is covered where its centre lies in a box shrunk to :data:`COVERED_SHARE` of its sides, so
that cells at an object's very edge, which see as much ground as object, need not decide. The least
that a box covers is one cell, the one with its centre in it. A covered cell has one object: where
shrunk boxes overlap, that with the nearest centre.

Source: Tao, Barker, Sarathy 2016: distances relative to the cell's centre; DetectNet's layer in
NVIDIA's Caffe shrinks boxes likewise (``scale_cvg``, ``min_cvg_len``), to 0.4, for larger objects.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from engine.trainable.detect_net import STRIDE_PX
from engine.trainable.truths import NO_OBJECT

COVERED_SHARE = 0.8
#: Distances are learnt in this unit, about half an object's side, so that they are near 1.
DISTANCE_UNIT_PX = 16.0


@dataclass(frozen=True, eq=False)
class GridTargets:
    """The truth on the grid (h, w).

    Attributes:
        coverage: float32 (N, classes, h, w), 1 where an object of the class covers the cell.
        distances: float32 (N, 4, h, w): left, top, right and bottom edge of the cell's object, from
            the cell's centre, in ``DISTANCE_UNIT_PX``; without meaning where nothing covers.
        covered: bool (N, h, w).
    """

    coverage: Tensor
    distances: Tensor
    covered: Tensor


def cell_centres(
    grid: tuple[int, int], device: torch.device | None = None
) -> tuple[Tensor, Tensor]:
    """The cells' centres in pixels: y float32 (h,), x float32 (w,)."""
    y, x = ((torch.arange(length, device=device) + 0.5) * STRIDE_PX for length in grid)
    return y, x


def encode(truths: Tensor, classes: int, grid: tuple[int, int]) -> GridTargets:
    """The truth on a grid.

    Args:
        truths: float32 (N, K, 5) of :func:`engine.trainable.truths.pack_truths`; K may be 0.
        classes: number of classes.
        grid: (h, w), the picture's size in cells.
    """
    nobody = truths.new_full((len(truths), 1, 5), NO_OBJECT)  # so that K is at least 1
    truths = torch.cat([truths, nobody], dim=1)
    labels, boxes = truths[..., 0].long(), truths[..., 1:]
    y, x = cell_centres(grid, truths.device)
    centres, sides = (boxes[..., :2] + boxes[..., 2:]) / 2, boxes[..., 2:] - boxes[..., :2]
    reach = (sides * COVERED_SHARE / 2)[..., None]  # (N, K, 2, 1)
    away = (x - centres[..., :1]), (y - centres[..., 1:])  # (N, K, w), (N, K, h)
    own = ((centres / STRIDE_PX).floor() + 0.5)[..., None] * STRIDE_PX  # centre of the box's cell
    is_across = (away[0].abs() <= reach[..., 0, :]) | (x == own[..., 0, :])
    is_along = (away[1].abs() <= reach[..., 1, :]) | (y == own[..., 1, :])
    inside = is_along[..., :, None] & is_across[..., None, :] & (labels >= 0)[..., None, None]
    apart = away[1][..., :, None].square() + away[0][..., None, :].square()  # (N, K, h, w)
    return _of_nearest(apart.where(inside, torch.inf), truths, classes, (y, x))


def _of_nearest(
    apart: Tensor, truths: Tensor, classes: int, centres: tuple[Tensor, Tensor]
) -> GridTargets:
    """Each cell takes the object least ``apart`` (N, K, h, w), the lower index of equals."""
    y, x = centres
    nearest, who = apart.min(dim=1)  # (N, h, w)
    covered = nearest.isfinite()
    rows = who.flatten(1)[..., None].expand(-1, -1, truths.shape[2])
    of_cell = truths.gather(1, rows).unflatten(1, who.shape[1:])  # (N, h, w, 5)
    every_class = torch.arange(classes, device=truths.device)[:, None, None]
    coverage = (of_cell[..., 0].long()[:, None] == every_class) & covered[:, None]
    origin = torch.stack([x.expand(len(y), -1), y[:, None].expand(-1, len(x))] * 2, dim=-1)
    distances = (of_cell[..., 1:] - origin) / DISTANCE_UNIT_PX
    return GridTargets(coverage.float(), distances.permute(0, 3, 1, 2), covered)

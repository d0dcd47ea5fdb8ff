"""What every cell of the three grids says: 80 scores, and how far its box reaches to each side.

A side is no number but a distribution over 0 to 10 strides; its expectation is the distance from
the cell's centre, and its width tells how sure the network is of that edge. Nothing is thrown away
here: of a picture of 416 × 416 there are 52² + 26² + 13² = 3,549 cells.

A cell's centre lies at (g + ½) · stride, as in RangiLyu/nanodet's ``gfl_head.py``, not at
g · stride + (stride - 1) / 2 as older grids of anchors had it, half a pixel up and to the left. A
box on a mirrored picture must be the mirrored box: over five photographs at forty sizes and places
each, the boxes of the three grids lie 0.1, 0.0 and 0.7 px too far left with the first, and half a
pixel more with the other (the tests measure it anew).

Source: Li et al., "Generalized Focal Loss", NeurIPS 2020.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from engine.detection.nanodet.net import BINS, SIDES, STRIDES_PX


@dataclass(frozen=True, eq=False)
class Cells:
    """All M cells, the finest grid first, each grid row by row; on the CPU.

    Attributes:
        scores: float32 (M, classes) in [0, 1]: how well the network expects the cell's box to fit
            a thing of that class.
        sides: float32 (M, 4, 11), probabilities that the left, top, right and bottom edge lie 0 to
            10 strides from the centre; each row sums to one.
        centres_px: float32 (M, 2), x and y in the network's input.
        strides_px: float32 (M,), 8, 16 or 32.
        grids: (rows, columns) of each grid.
    """

    scores: Tensor
    sides: Tensor
    centres_px: Tensor
    strides_px: Tensor
    grids: tuple[tuple[int, int], ...]

    def distances_px(self) -> Tensor:
        """From the centre to each side in pixels, the distributions' expectations: (M, 4)."""
        bins = torch.arange(BINS, dtype=self.sides.dtype)
        return self.sides @ bins * self.strides_px[:, None]

    def spreads_px(self) -> Tensor:
        """How unsure each side is in pixels, the distributions' standard deviations: (M, 4)."""
        bins = torch.arange(BINS, dtype=self.sides.dtype)
        mean = self.sides @ bins
        variance = (self.sides * (bins - mean[..., None]).square()).sum(dim=2)
        return variance.sqrt() * self.strides_px[:, None]

    def boxes(self) -> Tensor:
        """The box of each cell, float32 (M, 4) ``xyxy`` in pixels of the network's input."""
        distances = self.distances_px()
        return torch.cat(
            [self.centres_px - distances[:, :2], self.centres_px + distances[:, 2:]], dim=1
        )

    def on_grids(self, values: Tensor) -> list[Tensor]:
        """Something of each cell, (M, …), as three maps (rows, columns, …)."""
        parts = values.split([rows * columns for rows, columns in self.grids])
        return [
            part.reshape(*grid, *values.shape[1:])
            for part, grid in zip(parts, self.grids, strict=True)
        ]


def flatten_grids(outputs: Sequence[Tensor]) -> Tensor:
    """What the network gives for a batch, cell after cell: (N, classes + 44, h, w) of each stride
    → (N, classes + 44, M)."""
    return torch.cat([output.flatten(2) for output in outputs], dim=2)


def read_cells(output: Tensor, size_px: tuple[int, int]) -> Cells:
    """The cells of one picture.

    Args:
        output: float (classes + 44, M), one picture of :func:`flatten_grids`.
        size_px: (H, W) of the network's input, multiples of 32.
    """
    height, width = size_px
    grids = tuple((height // stride, width // stride) for stride in STRIDES_PX)
    placed = list(zip(STRIDES_PX, grids, strict=True))
    values = output.detach().to("cpu", torch.float32).T  # (M, classes + 44)
    logits, sides = values.tensor_split([len(output) - SIDES * BINS], dim=1)
    strides = [torch.full((rows * columns,), float(px)) for px, (rows, columns) in placed]
    return Cells(
        scores=logits.sigmoid(),
        sides=sides.reshape(-1, SIDES, BINS).softmax(dim=2),
        centres_px=torch.cat([cell_centres(grid, stride) for stride, grid in placed]),
        strides_px=torch.cat(strides),
        grids=grids,
    )


def cell_centres(grid: tuple[int, int], stride_px: int) -> Tensor:
    """Centres of a grid's cells in pixels, row by row: float32 (rows · columns, 2), x and y."""
    rows, columns = grid
    y, x = torch.meshgrid(
        (torch.arange(rows) + 0.5) * stride_px,
        (torch.arange(columns) + 0.5) * stride_px,
        indexing="ij",
    )
    return torch.stack([x.flatten(), y.flatten()], dim=1)

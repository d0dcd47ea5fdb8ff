"""HOG blocks of a picture at many sizes, computed once for any template.

Sources: Felzenszwalb et al., "Object Detection with Discriminatively Trained Part Based Models",
PAMI 2010 (the feature pyramid, finer than the picture at its bottom).
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
import torch
from torch import Tensor

from engine.detection.hog import CELL_PX, Template, blocks, respond, shrink

#: The largest level is this many times as large as the picture, so that small things are found.
FIRST_ENLARGED = 1.6
STEP = 1.15  # each level is this many times smaller than the one before
_LEAST_PX = 3 * CELL_PX


@dataclass(frozen=True, eq=False)
class Windows:
    """All windows of one template's size, level after level, in reading order.

    Attributes:
        boxes: float32 ``(N, 4)``, ``xyxy`` in pixels of the picture.
        level, row, column: int64 ``(N,)``, where the window's upper left cell lies.
    """

    boxes: Tensor
    level: Tensor
    row: Tensor
    column: Tensor

    def __len__(self) -> int:
        return len(self.boxes)


@dataclass(frozen=True, eq=False)
class HogPyramid:
    """Blocks by level.

    Attributes:
        size: ``(H, W)`` of the picture.
        levels: float32 ``(36, rows, columns)`` each, the largest first.
        scales: ``(2,)`` each: how many times smaller than the picture, down and across.
    """

    size: tuple[int, int]
    levels: tuple[Tensor, ...]
    scales: tuple[tuple[float, float], ...]

    @classmethod
    def of(cls, picture: np.ndarray) -> Self:
        """The pyramid of a uint8 ``(H, W, 3)`` picture; no levels where it is below 15 px."""
        height, width = picture.shape[:2]
        levels, scales = [], []
        enlarged = FIRST_ENLARGED
        while min(height, width) * enlarged >= _LEAST_PX:
            size = round(height * enlarged), round(width * enlarged)
            levels.append(blocks(np.ascontiguousarray(shrink(picture, size))))
            scales.append((height / size[0], width / size[1]))
            enlarged /= STEP
        return cls((height, width), tuple(levels), tuple(scales))

    def windows(self, shape: tuple[int, int]) -> Windows:
        """All windows of ``shape`` blocks (rows, columns)."""
        parts = [self._windows(level, shape) for level in range(len(self.levels))]
        none = torch.zeros(0, dtype=torch.int64)
        empty = Windows(torch.zeros(0, 4), none, none, none)
        names = ("boxes", "level", "row", "column")
        return Windows(*(torch.cat([getattr(each, n) for each in (empty, *parts)]) for n in names))

    def _windows(self, level: int, shape: tuple[int, int]) -> Windows:
        there = self.levels[level].shape[1:]
        rows, columns = (max(0, n - own + 1) for n, own in zip(there, shape, strict=True))
        row, column = (
            axis.flatten()
            for axis in torch.meshgrid(torch.arange(rows), torch.arange(columns), indexing="ij")
        )
        down, across = (CELL_PX * scale for scale in self.scales[level])
        top, left = row * down, column * across
        ends = [left + (shape[1] + 1) * across, top + (shape[0] + 1) * down]
        boxes = torch.stack([left, top, *ends], dim=1).float()
        return Windows(boxes, torch.full_like(row, level), row, column)

    def features(self, windows: Windows, chosen: Tensor, shape: tuple[int, int]) -> Tensor:
        """The blocks under some windows, float32 ``(K, 36, rows, columns)``."""
        places = zip(
            windows.level[chosen].tolist(),
            windows.row[chosen].tolist(),
            windows.column[chosen].tolist(),
            strict=True,
        )
        seen = [
            self.levels[level][:, row : row + shape[0], column : column + shape[1]]
            for level, row, column in places
        ]
        return torch.stack(seen) if seen else torch.zeros(0, 36, *shape)

    def respond(self, template: Template) -> Tensor:
        """The template's response on every window, float32 ``(N,)``, in their order."""
        shape = template.weights.shape[1:]
        fitting = [each for each in self.levels if _fits(each, shape)]
        parts = [respond(each, template).flatten() for each in fitting]
        return torch.cat([torch.zeros(0), *parts])


def _fits(level: Tensor, shape: torch.Size) -> bool:
    return level.shape[1] >= shape[0] and level.shape[2] >= shape[1]


def strongest_map(
    boxes: Tensor, response: Tensor, size: tuple[int, int], cell_px: int = CELL_PX
) -> Tensor:
    """The largest response of the windows centred in each cell of the picture.

    Args:
        boxes: float32 ``(N, 4)``, ``xyxy``.
        response: float32 ``(N,)``.
        size: ``(H, W)`` of the picture.
        cell_px: side of a cell.

    Returns:
        float32 ``(ceil(H / cell), ceil(W / cell))``; NaN where no window is centred.
    """
    rows, columns = (-(-side // cell_px) for side in size)
    middle = ((boxes[:, :2] + boxes[:, 2:]) / (2 * cell_px)).long()
    cell = middle[:, 1].clamp(0, rows - 1) * columns + middle[:, 0].clamp(0, columns - 1)
    best = torch.full((rows * columns,), -torch.inf)
    best = best.scatter_reduce(0, cell, response, "amax")
    return best.masked_fill(best.isinf(), torch.nan).reshape(rows, columns)

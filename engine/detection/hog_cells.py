"""HOG cell by cell: what blocks say of each cell, and which cells make a template's response.

A response is a sum of weights times numbers of blocks, plus a bias. Every number belongs to one
cell, so the sum can be told cell by cell, and nothing is left over.

Sources: Dalal & Triggs 2005 (their figure 6 weighs the cells of a picture with the template's).
"""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from engine.detection.hog import BINS, Template, add_up_cells, descriptor
from engine.errors import InputError


def gradients(picture: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Length and direction of each pixel's gradient, as it votes.

    Args:
        picture: uint8 ``(H, W, 3)`` or ``(H, W)``, as for
            :func:`engine.detection.hog.gradient_votes`.

    Returns:
        Two float32 ``(H, W)``: lengths, without unit after gamma correction, and directions in
        degrees, at least 0 and below 180; without a gradient the direction means nothing.
    """
    shares, bins = descriptor().computeGradient(picture, None, None)
    strength = shares[..., 0] + shares[..., 1]
    beyond = np.divide(shares[..., 1], strength, out=np.zeros_like(strength), where=strength > 0)
    angle = (bins[..., 0] + 0.5 + beyond) * (180 / BINS) % 180
    return strength, angle.astype(np.float32)


def normalised_cells(map_of_blocks: Tensor) -> Tensor:
    """The mean of what the up to four blocks around a cell say of it.

    Args:
        map_of_blocks: float32 ``(36, rows, columns)`` from :func:`engine.detection.hog.blocks`.

    Returns:
        float32 ``(rows + 1, columns + 1, 9)`` in [0, 1].
    """
    shares = add_up_cells(torch.ones_like(map_of_blocks))
    return add_up_cells(map_of_blocks) / shares


@dataclass(frozen=True, eq=False)
class Response:
    """A template's response on one window, taken apart.

    Attributes:
        cells: float32 ``(rows + 1, columns + 1)``, what each cell of the window adds.
        bias: what the template adds.
    """

    cells: Tensor
    bias: float

    @property
    def total(self) -> float:
        """The response itself."""
        return float(self.cells.sum(dtype=torch.float64)) + self.bias


def explain_response(map_of_blocks: Tensor, template: Template, row: int, column: int) -> Response:
    """Weights times numbers of the window whose upper left cell is ``(row, column)``, by cell.

    Args:
        map_of_blocks: float32 ``(36, rows, columns)`` of the whole picture.
        template: at most as large.
        row, column: of the window, in cells.

    Raises:
        InputError: no such window.
    """
    sizes = template.weights.shape[1:]
    last = [there - size for there, size in zip(map_of_blocks.shape[1:], sizes, strict=True)]
    for name, at, high in zip(("row", "column"), (row, column), last, strict=True):
        if not 0 <= at <= high:
            raise InputError("value_out_of_range", name=name, low=0, high=high, value=at)
    seen = map_of_blocks[:, row : row + sizes[0], column : column + sizes[1]]
    return Response(add_up_cells(seen * template.weights).sum(dim=2), template.bias)

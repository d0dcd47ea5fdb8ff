"""The patches of pictures that excite a filter most.

The cells of a channel are ranked over many pictures, and each cell is traced back to the part of
its picture that it depends on: what a filter looks for, shown by what it found. After Zeiler and
Fergus 2014, "Visualizing and Understanding Convolutional Networks", and Girshick et al. 2014
(R-CNN, section 3.1).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from torch import Tensor

from engine.nets.receptive import ReceptiveField, field_of_cell


@dataclass(frozen=True)
class Patch:
    """A part of a picture that excites a channel.

    Attributes:
        picture: index of the picture.
        cell: (row, column) in the map.
        value: the channel's activation in that cell, above zero.
        box: xyxy in pixels, half-open: all that the cell depends on, clipped to the picture.
        whole: whether that is the whole picture.
    """

    picture: int
    cell: tuple[int, int]
    value: float
    box: tuple[int, int, int, int]
    whole: bool


def top_patches(
    maps: Sequence[Tensor], channel: int, field: ReceptiveField, count: int
) -> list[Patch]:
    """The patches that excite a channel most, the most exciting first.

    No two patches of the same picture share a pixel, so that one striking spot does not fill the
    list; a cell that sees the whole picture is therefore its picture's only one. Cells at or
    below zero do not excite and are left out, so the list may be shorter than asked for. Ties go
    to the lower picture, row and column.

    Args:
        maps: one map (C, H, W) for each picture, all of the node that ``field`` belongs to and
            of pictures of the size that it was found for.
        channel: which channel.
        field: the node's receptive field.
        count: how many patches at most.

    Raises:
        ValueError: if a map has other rows and columns than the field.
    """
    for number, each in enumerate(maps):
        if tuple(each.shape[1:]) != field.cells:
            raise ValueError(f"map {number} is {tuple(each.shape[1:])}, the field {field.cells}")
    if not maps:
        return []
    values = np.stack([each[channel].detach().float().cpu().numpy() for each in maps])
    values = np.where(np.isfinite(values), values, 0.0)  # (P, H, W)
    rows = np.array(field.rows.spans)  # (H, 2)
    cols = np.array(field.cols.spans)
    found: list[Patch] = []
    while len(found) < count:
        picture, row, col = (int(i) for i in np.unravel_index(values.argmax(), values.shape))
        value = float(values[picture, row, col])
        if value <= 0:
            break
        seen = field_of_cell(field, row, col)
        found.append(Patch(picture, (row, col), value, seen.box, seen.whole))
        overlap = np.ix_(_touching(rows, row), _touching(cols, col))
        values[picture][overlap] = 0.0
        values[picture, row, col] = 0.0
    return found


def _touching(spans: np.ndarray, index: int) -> np.ndarray:
    """bool (cells,): which cells see a pixel that this one sees too."""
    start, stop = spans[index]
    return (spans[:, 0] < stop) & (start < spans[:, 1])

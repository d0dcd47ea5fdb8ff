"""What can be read off growing maps: the channel to look at, the checkerboard, where answers part.

Source: Odena, Dumoulin, Olah, "Deconvolution and checkerboard artifacts", Distill 2016: where the
stride does not divide the kernel, rows and columns are fed unevenly, and a regular pattern stays.
"""

from collections.abc import Sequence

import cv2
import numpy as np
from torch import Tensor

from engine.errors import InputError


def strongest_channel(maps: Tensor) -> int:
    """The channel that tells most places apart: the one with the greatest standard deviation.

    Args:
        maps: float (C, h, w); ties go to the lower index.
    """
    return int(maps.flatten(1).std(dim=1, correction=0).argmax())


def phase_means(maps: Tensor, stride: int) -> Tensor:
    """The mean of each phase of a grid: all pixels of the same row and column modulo the stride.

    Args:
        maps: float (C, h, w), h and w >= stride; rows and columns beyond a multiple are left out.
        stride: >= 1.

    Returns:
        float (C, stride, stride).

    Raises:
        InputError: the stride is out of range.
    """
    height, width = maps.shape[1:]
    if not 1 <= stride <= min(height, width):
        raise InputError(
            "value_out_of_range", name="stride", low=1, high=min(height, width), value=stride
        )
    rows, columns = height // stride, width // stride
    whole = maps[:, : rows * stride, : columns * stride]
    return whole.reshape(len(maps), rows, stride, columns, stride).mean(dim=(1, 3))


def unevenness(maps: Tensor, stride: int) -> float:
    """How strong the checkerboard is: phases' range over the maps' mean size; 0 is even.

    Args:
        maps: float (C, h, w), as :func:`phase_means`'.
        stride: of the layer that made them.
    """
    means = phase_means(maps, stride).flatten(1)
    size = maps.abs().mean()
    return float((means.amax(dim=1) - means.amin(dim=1)).mean() / size) if size > 0 else 0.0


def where_they_part(
    readings: Sequence[np.ndarray], counts: np.ndarray, side_px: int
) -> tuple[int, int]:
    """The middle of the window with the most different answers for its pixels.

    Args:
        readings: integer (H, W), at least one, of one size.
        counts: bool (H, W), the pixels that count.
        side_px: of the window, 1 to the smaller side.

    Returns:
        (row, column); ties go to the upper, then the left one.
    """
    stack = np.sort(np.stack(readings), axis=0)
    beyond_first = (np.diff(stack, axis=0) != 0).sum(axis=0)
    apart = (beyond_first * counts).astype(np.float32)
    half = side_px // 2
    sums = cv2.boxFilter(apart, -1, (side_px, side_px), normalize=False)
    inside = sums[half : len(apart) - half + 1, half : apart.shape[1] - half + 1]
    row, column = np.unravel_index(int(inside.argmax()), inside.shape)
    return int(row) + half, int(column) + half

"""A coarse heatmap back at the size of the picture: nearest, bilinear, transposed convolution.

A transposed convolution lays a kernel, weighted by the cell, around every cell of the coarse map
and adds up. With the bilinear kernel it is bilinear interpolation, which is how FCN's upsampling
layers begin before they learn. It differs at the border only: beyond it there are no cells to add,
where interpolation repeats the last one.

Sources: Long, Shelhamer, Darrell, "Fully Convolutional Networks for Semantic Segmentation",
CVPR 2015, section 3.3; Zeiler et al., "Deconvolutional Networks", CVPR 2010 (the other name).
"""

from typing import Literal, get_args

import torch
import torch.nn.functional as F
from torch import Tensor

from engine.errors import InputError

Upsampling = Literal["nearest", "bilinear", "transposed"]
UPSAMPLINGS: tuple[Upsampling, ...] = get_args(Upsampling)


def upsample(heat: Tensor, factor: int, how: Upsampling) -> Tensor:
    """A map ``factor`` times as high and as wide; each cell's centre stays where it is.

    Args:
        heat: float ``(rows, columns)``.
        factor: at least 1.
        how: one of :data:`UPSAMPLINGS`.

    Returns:
        ``(rows * factor, columns * factor)``.

    Raises:
        InputError: a factor below 1, or an unknown way.
    """
    if factor < 1:
        raise InputError("value_out_of_range", name="factor", low=1, high="…", value=factor)
    if how not in UPSAMPLINGS:
        choices = ", ".join(UPSAMPLINGS)
        raise InputError("value_not_a_choice", name="upsampling", choices=choices, value=how)
    x = heat[None, None]
    if how == "nearest":
        return F.interpolate(x, scale_factor=factor, mode="nearest")[0, 0]
    if how == "bilinear":
        return F.interpolate(x, scale_factor=factor, mode="bilinear", align_corners=False)[0, 0]
    kernel = bilinear_kernel(factor).to(x)
    cut = factor // 2  # so that the result is exactly factor times as large
    return F.conv_transpose2d(x, kernel[None, None], stride=factor, padding=cut)[0, 0]


def bilinear_kernel(factor: int) -> Tensor:
    """The weights with which one cell counts around it: float32 ``(k, k)``, a pyramid.

    ``k`` is ``2 * factor`` for even factors and ``2 * factor - 1`` for odd ones. Each weight falls
    with the distance to the middle, down and across, and reaches 0 one cell away.
    """
    side = 2 * factor - factor % 2
    away = (torch.arange(side) - (side - 1) / 2).abs() / factor
    return torch.outer(1 - away, 1 - away)

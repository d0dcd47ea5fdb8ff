"""The feature maps of one window, computed from its crop and cut from the pass over the picture.

A valid convolution of a crop sees only the crop, so both are the same numbers. One that pads sees
zeros around the crop, where in the picture the neighbours are: the maps differ from the border
inwards, as far as the padding of all layers together reaches.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from engine.detection.dense_to_conv import FullyConvolutional
from engine.detection.windows import Grid


@dataclass(frozen=True, eq=False)
class WindowMaps:
    """What the dense layer is given for one window.

    Attributes:
        alone: float32 ``(C, h, w)``, from the crop.
        within: float32 ``(C, h, w)``, from the picture.
    """

    alone: Tensor
    within: Tensor

    @property
    def apart(self) -> Tensor:
        """How far they are apart, ``(h, w)``: the mean of the absolute difference over channels."""
        return (self.alone - self.within).abs().mean(dim=0)

    @property
    def size(self) -> float:
        """The mean of the absolute values that they are compared with, all of the crop's."""
        return float(self.alone.abs().mean())


@torch.no_grad()
def maps_of_window(
    net: FullyConvolutional, picture: Tensor, grid: Grid, row: int, column: int
) -> WindowMaps:
    """Both maps of the window ``(row, column)``.

    Args:
        net: the classifier.
        picture: float32 ``(C, H, W)``, as the net wants it, of the grid's size.
        grid: windows of the net's size.
        row, column: which window.

    Raises:
        InputError: there is no such window.
    """
    x1, y1, x2, y2 = grid.box(row, column)
    trunk = net.net[: net.maps]
    alone = trunk(picture[None, :, y1:y2, x1:x2])[0]
    shifted = picture[None, :, y1 % net.stride_px :, x1 % net.stride_px :]
    top, left = y1 // net.stride_px, x1 // net.stride_px
    height, width = alone.shape[1:]
    within = trunk(shifted)[0, :, top : top + height, left : left + width]
    return WindowMaps(alone.float().cpu(), within.float().cpu())

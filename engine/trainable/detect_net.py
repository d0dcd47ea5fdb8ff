"""A small DetectNet: what is where, asked once of every cell of a grid, in one pass.

Nothing but convolutions, so that a picture may have any size. For each cell of
:data:`STRIDE_PX` x :data:`STRIDE_PX` pixels the last one answers how likely each class covers it,
and where the box around the object begins and ends, as distances from the cell's centre.

Source: Tao, Barker, Sarathy, "DetectNet: Deep Neural Network for Object Detection in DIGITS",
NVIDIA, 2016 (there GoogLeNet at stride 16). The layers are our own; the coverage's first bias is
set as Lin et al., "Focal Loss for Dense Object Detection", ICCV 2017, do, since few cells have one.
"""

import math

import torch
from torch import Tensor, nn

STRIDE_PX = 8
DISTANCES = 4
_FIRST_COVERAGE = 0.05


class DetectNet(nn.Module):
    """Three convolutions that halve, two that do not, one of 1 x 1; batch norm and ReLU between.

    A cell sees 49 x 49 pixels around its centre.

    Args:
        input_shape: (C, H, W) of a picture; only C counts.
        classes: number of classes, >= 1.
        width: channels of the first convolution.
    """

    def __init__(self, input_shape: tuple[int, int, int], classes: int, width: int = 16) -> None:
        super().__init__()
        self.features = nn.Sequential(
            *_layer(input_shape[0], width, kernel=5, stride=2),
            *_layer(width, 2 * width, stride=2),
            *_layer(2 * width, 4 * width, stride=2),
            *_layer(4 * width, 4 * width),
            *_layer(4 * width, 4 * width),
        )
        self.head = nn.Conv2d(4 * width, classes + DISTANCES, 1)
        with torch.no_grad():
            odds = _FIRST_COVERAGE / (1 - _FIRST_COVERAGE)
            self.head.bias[:classes].fill_(math.log(odds))  # pyright: ignore[reportOptionalSubscript]

    def forward(self, x: Tensor) -> Tensor:
        """Pictures to one answer a cell.

        Args:
            x: float32 (N, C, H, W), normalised; H and W multiples of ``STRIDE_PX``.

        Returns:
            (N, classes + 4, H / 8, W / 8): logits of the coverage, then the distances.
        """
        return self.head(self.features(x))


def _layer(channels: int, filters: int, kernel: int = 3, stride: int = 1) -> list[nn.Module]:
    convolution = nn.Conv2d(channels, filters, kernel, stride, kernel // 2, bias=False)
    return [convolution, nn.BatchNorm2d(filters), nn.ReLU()]

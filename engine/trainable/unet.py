"""A small U-Net: a class for each pixel.

It works at half the picture's size and interpolates its scores at the end: full-sized maps would
take most of the time and learn the same. (The net of the page "Growing back",
:mod:`engine.segment.upsampling_net`, keeps the full size.)

Source: Ronneberger, Fischer, Brox, "U-Net: Convolutional Networks for Biomedical Image
Segmentation", MICCAI 2015. Three halvings after the first, interpolation instead of transposed
convolutions, batch norm and the widths are our own.
"""

from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional as F

STRIDE_PX = 16
SMALLEST_PX = STRIDE_PX


class UNet(nn.Module):
    """An encoder that halves four times, and a decoder joined to it at every size but the first.

    Args:
        input_shape: (C, H, W) of a picture, H and W multiples of ``STRIDE_PX``; only C counts.
        classes: number of classes, >= 1.
        width: channels of the first convolution; twice as many after each further halving.
    """

    def __init__(self, input_shape: tuple[int, int, int], classes: int, width: int = 12) -> None:
        super().__init__()
        widths = [width << level for level in range(4)]
        stem = _layer(input_shape[0], width, kernel=5, stride=2)
        self.stem = nn.Sequential(stem, _layer(width, width))
        self.down = nn.ModuleList(
            nn.Sequential(nn.MaxPool2d(2), _layer(fine, coarse), _layer(coarse, coarse))
            for fine, coarse in pairwise(widths)
        )
        self.narrow = nn.ModuleList(nn.Conv2d(2 * fine, fine, 1) for fine in widths[-2::-1])
        self.join = nn.ModuleList(_layer(2 * fine, fine) for fine in widths[-2::-1])
        self.score = nn.Conv2d(width, classes, 1)

    def forward(self, x: Tensor) -> Tensor:
        """Pictures float32 (N, C, H, W), normalised → logits (N, classes, H, W)."""
        seen = [self.stem(x)]
        for down in self.down:
            seen.append(down(seen[-1]))
        x = seen.pop()
        for narrow, join in zip(self.narrow, self.join, strict=True):
            x = join(torch.cat([_double(narrow(x)), seen.pop()], dim=1))
        return _double(self.score(x))


def _double(x: Tensor) -> Tensor:
    return F.interpolate(x, scale_factor=2.0, mode="bilinear", align_corners=False)


def _layer(channels: int, filters: int, kernel: int = 3, stride: int = 1) -> nn.Sequential:
    convolution = nn.Conv2d(channels, filters, kernel, stride, kernel // 2, bias=False)
    return nn.Sequential(convolution, nn.BatchNorm2d(filters), nn.ReLU())

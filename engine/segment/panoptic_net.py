"""A small Panoptic-DeepLab: what each pixel is, where things have their centres, and which way.

An encoder shrinks the picture four times by two, a decoder grows it back to half its size and adds
what the encoder saw at each; two heads share it, and their answers are interpolated. Nothing but
convolutions, so a picture may have any size.

Source: Cheng et al., "Panoptic-DeepLab", CVPR 2020 (three outputs, grouped by
:mod:`engine.segment.fusion`); the layers are our own, with skips added as in Lin et al., "Feature
pyramid networks", CVPR 2017, in place of a ResNet and atrous pyramids.
"""

from itertools import pairwise
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F

STRIDE_PX = 16
INSTANCE_MAPS = 3
HEAD_WIDTH = 32
#: The unit that offsets are learnt in, so that they are about 1; the net answers in pixels.
OFFSET_UNIT_PX = 8.0
#: Pixels in [0, 1] are normalised by these before the net.
MEAN, STD = 0.5, 0.25


class PanopticMaps(NamedTuple):
    """The answers of one picture or of N, taken apart (``N`` may be missing).

    Attributes:
        logits: float32 (N, classes, H, W).
        centres: float32 (N, H, W), about 1 at the centre of a thing, falling to 0.
        offsets: float32 (N, 2, H, W), (x, y) in pixels, from a pixel to the centre of its thing.
    """

    logits: Tensor
    centres: Tensor
    offsets: Tensor


class PanopticNet(nn.Module):
    """Four sizes down, three up by additions, a head for classes and one for things.

    Args:
        classes: stuff and things, >= 1.
        widths: channels at half the picture's size, and at each half of the one before.
    """

    def __init__(self, classes: int, widths: tuple[int, int, int, int] = (24, 48, 64, 64)) -> None:
        super().__init__()
        self.stem = nn.Sequential(
            _layer(3, widths[0], kernel=5, stride=2), _layer(widths[0], widths[0])
        )
        pairs = list(pairwise(widths))
        self.down = nn.ModuleList(
            nn.Sequential(_layer(fine, coarse, stride=2), _layer(coarse, coarse))
            for fine, coarse in pairs
        )
        self.narrow = nn.ModuleList(nn.Conv2d(coarse, fine, 1) for fine, coarse in pairs)
        self.up = nn.ModuleList(_layer(fine, fine) for fine in widths[:-1])
        self.semantic = _head(widths[0], classes)
        self.instance = _head(widths[0], INSTANCE_MAPS)

    def forward(self, x: Tensor) -> Tensor:
        """Pictures to one answer a pixel.

        Args:
            x: float32 (N, 3, H, W), normalised; H and W multiples of ``STRIDE_PX``.

        Returns:
            (N, classes + 3, H, W): see :func:`split_maps`.
        """
        seen = [self.stem(x)]
        for layer in self.down:
            seen.append(layer(seen[-1]))
        x = seen.pop()
        for level in range(len(seen) - 1, -1, -1):
            x = self.up[level](_double(self.narrow[level](x)) + seen[level])
        things = self.instance(x)
        offsets = things[:, 1:] * OFFSET_UNIT_PX
        return _double(torch.cat([self.semantic(x), things[:, :1], offsets], dim=1))


def split_maps(outputs: Tensor) -> PanopticMaps:
    """What :class:`PanopticNet` answered, (N, classes + 3, H, W) or one without N, by meaning."""
    logits, centres, offsets = outputs.split([outputs.shape[-3] - INSTANCE_MAPS, 1, 2], dim=-3)
    return PanopticMaps(logits, centres.squeeze(-3), offsets)


@torch.inference_mode()
def answer(net: nn.Module, pictures: Tensor) -> Tensor:
    """The net's answers for pictures of any size; beyond their edge they go on as they end.

    Args:
        net: a :class:`PanopticNet` in eval mode.
        pictures: uint8 (N, 3, H, W), on the net's device.

    Returns:
        float32 (N, classes + 3, H, W).
    """
    height, width = pictures.shape[2:]
    missing = (0, -width % STRIDE_PX, 0, -height % STRIDE_PX)
    padded = F.pad(normalise(pictures), missing, mode="replicate")
    return net(padded)[:, :, :height, :width].float()


def normalise(pictures: Tensor) -> Tensor:
    """uint8 (N, 3, H, W) to float32 as the net takes them."""
    return (pictures.float() / 255 - MEAN) / STD


def _double(x: Tensor) -> Tensor:
    return F.interpolate(x, scale_factor=2.0, mode="bilinear", align_corners=False)


def _layer(channels: int, filters: int, kernel: int = 3, stride: int = 1) -> nn.Sequential:
    convolution = nn.Conv2d(channels, filters, kernel, stride, kernel // 2, bias=False)
    return nn.Sequential(convolution, nn.BatchNorm2d(filters), nn.ReLU())


def _head(channels: int, answers: int) -> nn.Sequential:
    return nn.Sequential(_layer(channels, HEAD_WIDTH), nn.Conv2d(HEAD_WIDTH, answers, 1))

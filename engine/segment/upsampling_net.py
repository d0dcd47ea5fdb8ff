"""One encoder, six ways to grow its answer back to the size of the picture.

Five times the encoder halves the picture. What each decoder has to work with:

- ``fcn32``: the coarsest map alone, interpolated 32 times.
- ``fcn16``, ``fcn8``: scores of finer maps are added, up to a sixteenth, up to an eighth.
- ``transposed``: the coarsest map alone, through transposed convolutions that learn.
- ``unpooling``: as that, but maxima go back to the places that max pooling took them from.
- ``unet``: the encoder's maps of every size, joined to the growing one.

Sources: Long, Shelhamer, Darrell, "Fully convolutional networks", CVPR 2015; Noh, Hong, Han,
"Learning deconvolution network", ICCV 2015; Badrinarayanan et al., "SegNet", 2015; Ronneberger et
al., "U-Net", MICCAI 2015. The widths are our own.
"""

from itertools import pairwise
from typing import Literal, NamedTuple, get_args

import torch
from torch import Tensor, nn
from torch.nn import functional as F

Decoder = Literal["fcn32", "fcn16", "fcn8", "transposed", "unpooling", "unet"]
DECODERS: tuple[Decoder, ...] = get_args(Decoder)
STRIDE_PX = 32
_HALVINGS = 5
_FCN_SKIPS: dict[str, int] = {"fcn32": 0, "fcn16": 1, "fcn8": 2}


class Encoded(NamedTuple):
    """What the encoder saw, from full size to a thirty-second.

    Attributes:
        maps: six, float32 (N, widths[k], H / 2^k, W / 2^k).
        taken_from: five, int64, where max pooling took each number of the next size from.
    """

    maps: tuple[Tensor, ...]
    taken_from: tuple[Tensor, ...]


class UpsamplingNet(nn.Module):
    """An encoder with max pooling, and all decoders.

    Args:
        classes: >= 1.
        widths: channels at full size and after each halving.
    """

    def __init__(
        self, classes: int, widths: tuple[int, int, int, int, int, int] = (12, 24, 32, 48, 64, 64)
    ) -> None:
        super().__init__()
        inputs = (3, *widths[:-1])
        self.encoder = nn.ModuleList(_layer(c, f) for c, f in zip(inputs, widths, strict=True))
        self.decoders = nn.ModuleDict(
            {name: _Fcn(widths, classes, skips) for name, skips in _FCN_SKIPS.items()}
        )
        self.decoders["transposed"] = _Transposed(widths, classes)
        self.decoders["unpooling"] = _Unpooling(widths, classes)
        self.decoders["unet"] = _UNet(widths, classes)

    def encode(self, x: Tensor) -> Encoded:
        """Pictures float32 (N, 3, H, W), normalised; H and W multiples of ``STRIDE_PX``."""
        maps, taken_from = [self.encoder[0](x)], []
        for layer in list(self.encoder)[1:]:
            pooled, places = F.max_pool2d(maps[-1], 2, return_indices=True)
            taken_from.append(places)
            maps.append(layer(pooled))
        return Encoded(tuple(maps), tuple(taken_from))

    def decode(self, encoded: Encoded, decoder: Decoder) -> tuple[Tensor, ...]:
        """The growing map, step by step; the last are the logits (N, classes, H, W)."""
        return tuple(self.decoders[decoder](encoded))

    def forward(self, x: Tensor) -> dict[str, Tensor]:
        """Logits (N, classes, H, W) of each decoder by name, for pictures as :meth:`encode`'s."""
        encoded = self.encode(x)
        return {name: self.decode(encoded, name)[-1] for name in DECODERS}


class _Fcn(nn.Module):
    """Scores of the coarsest map, and of ``skips`` finer ones, added while it grows."""

    def __init__(self, widths: tuple[int, ...], classes: int, skips: int) -> None:
        super().__init__()
        coarsest_first = widths[::-1][: skips + 1]
        self.score = nn.ModuleList(nn.Conv2d(width, classes, 1) for width in coarsest_first)
        self._left = 2 ** (_HALVINGS - skips)

    def forward(self, encoded: Encoded) -> list[Tensor]:
        steps = [self.score[0](encoded.maps[-1])]
        for skip, score in enumerate(list(self.score)[1:], start=2):
            steps.append(_grow(steps[-1], 2) + score(encoded.maps[-skip]))
        return [*steps, _grow(steps[-1], self._left)]


class _Transposed(nn.Module):
    """Five transposed convolutions of 3 x 3 at stride 2, whose kernels meet unevenly."""

    def __init__(self, widths: tuple[int, ...], classes: int) -> None:
        super().__init__()
        down = widths[::-1]
        self.layers = nn.ModuleList(
            nn.Sequential(
                nn.ConvTranspose2d(c, f, 3, 2, 1, output_padding=1, bias=False),
                nn.BatchNorm2d(f),
                nn.ReLU(),
            )
            for c, f in pairwise(down)
        )
        self.score = nn.Conv2d(widths[0], classes, 1)

    def forward(self, encoded: Encoded) -> list[Tensor]:
        steps = [encoded.maps[-1]]
        for layer in self.layers:
            steps.append(layer(steps[-1]))
        return [*steps, self.score(steps[-1])]


class _Unpooling(nn.Module):
    """Maxima back to their places, then a convolution that fills the gaps; five times."""

    def __init__(self, widths: tuple[int, ...], classes: int) -> None:
        super().__init__()
        down = widths[::-1]  # the map is as wide as the one that was pooled before it is unpooled
        self.narrow = nn.Conv2d(down[0], down[1], 1)
        self.fill = nn.ModuleList(
            _layer(c, f) for c, f in zip(down[1:], [*down[2:], down[-1]], strict=True)
        )
        self.score = nn.Conv2d(widths[0], classes, 1)

    def forward(self, encoded: Encoded) -> list[Tensor]:
        steps, x = [encoded.maps[-1]], self.narrow(encoded.maps[-1])
        levels = zip(self.fill, encoded.taken_from[::-1], encoded.maps[-2::-1], strict=True)
        for layer, places, wanted in levels:
            size = [wanted.shape[2], wanted.shape[3]]
            x = layer(F.max_unpool2d(x, places, [2, 2], output_size=size))
            steps.append(x)
        return [*steps, self.score(x)]


class _UNet(nn.Module):
    """Interpolated, joined to the encoder's map of that size, and convolved; five times."""

    def __init__(self, widths: tuple[int, ...], classes: int) -> None:
        super().__init__()
        pairs = list(pairwise(widths))[::-1]
        self.narrow = nn.ModuleList(nn.Conv2d(coarse, fine, 1) for fine, coarse in pairs)
        self.join = nn.ModuleList(_layer(2 * fine, fine) for fine, _ in pairs)
        self.score = nn.Conv2d(widths[0], classes, 1)

    def forward(self, encoded: Encoded) -> list[Tensor]:
        steps = [encoded.maps[-1]]
        for narrow, join, seen in zip(self.narrow, self.join, encoded.maps[-2::-1], strict=True):
            steps.append(join(torch.cat([_grow(narrow(steps[-1]), 2), seen], dim=1)))
        return [*steps, self.score(steps[-1])]


def _grow(x: Tensor, factor: int) -> Tensor:
    return F.interpolate(x, scale_factor=float(factor), mode="bilinear", align_corners=False)


def _layer(channels: int, filters: int) -> nn.Sequential:
    convolution = nn.Conv2d(channels, filters, 3, 1, 1, bias=False)
    return nn.Sequential(convolution, nn.BatchNorm2d(filters), nn.ReLU())

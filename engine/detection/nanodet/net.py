"""The network: a CSP backbone, a path aggregation network, and a head for each of three grids.

Everything is a convolution with a bias: the published weights have their batch norms folded in.
After each 3×3 convolution comes LeakyReLU, after the 1×1 ones nothing.

Sources: RangiLyu/nanodet, ``config/nanodet-g.yml``; Wang et al., "CSPNet", CVPRW 2020 (the blocks);
Liu et al., "Path Aggregation Network for Instance Segmentation", CVPR 2018; Li et al.,
"Generalized Focal Loss", NeurIPS 2020 (a score that is also the box's quality, sides as
distributions).
"""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

CLASSES = 80
SIDES = 4  # left, top, right, bottom
BINS = 11  # a side lies 0 to 10 strides away from the cell's centre
STRIDES_PX = (8, 16, 32)
SLOPE = 0.1  # of LeakyReLU, for negative numbers

_STEM = 32
_STAGES = ((32, 1, 1), (64, 2, 2), (128, 2, 2), (256, 3, 2))  # width, residual blocks, stride
_NECK = 128


class ConvUnit(nn.Sequential):
    """A 3×3 convolution and LeakyReLU; (N, channels, H, W) → (N, width, H/stride, W/stride)."""

    def __init__(self, channels: int, width: int, stride: int = 1) -> None:
        conv = nn.Conv2d(channels, width, 3, stride, padding=1)
        super().__init__(conv, nn.LeakyReLU(SLOPE, inplace=True))


class ResidualBlock(nn.Module):
    """Half of the channels from one convolution, half from a second upon it; the width stays."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.first = ConvUnit(width, width // 2)
        self.second = ConvUnit(width // 2, width // 2)

    def forward(self, x: Tensor) -> Tensor:
        near = self.first(x)
        return torch.cat([self.second(near), near], dim=1)


class CspStage(nn.Module):
    """A way through the residual blocks beside one around them; the width doubles at the end."""

    def __init__(self, channels: int, width: int, blocks: int, stride: int) -> None:
        super().__init__()
        self.entry = ConvUnit(channels, width, stride)
        self.blocks = nn.Sequential(*(ResidualBlock(width) for _ in range(blocks)))
        self.exit = ConvUnit(width, width)

    def forward(self, x: Tensor) -> Tensor:
        around = self.entry(x)
        through = self.exit(self.blocks(around))
        return torch.cat([through, around], dim=1)


class Backbone(nn.Module):
    """(N, 3, H, W) → maps at strides 8, 16 and 32 of 128, 256 and 512 channels."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = ConvUnit(3, _STEM, stride=2)
        self.pool = nn.MaxPool2d(3, stride=2, padding=1)
        stages, channels = [], _STEM
        for width, blocks, stride in _STAGES:
            stages.append(CspStage(channels, width, blocks, stride))
            channels = 2 * width
        self.stages = nn.ModuleList(stages)

    def forward(self, x: Tensor) -> list[Tensor]:
        x = self.pool(self.stem(x))
        maps = []
        for stage in self.stages:
            x = stage(x)
            maps.append(x)
        return maps[-len(STRIDES_PX) :]


class PathAggregation(nn.Module):
    """What the coarse maps know goes down to the fine ones, then what those know goes up again.

    (N, 128, 256 or 512, h, w) → (N, 128, h, w) of each stride.
    """

    def __init__(self) -> None:
        super().__init__()
        widths = [2 * width for width, _, _ in _STAGES[-len(STRIDES_PX) :]]
        self.laterals = nn.ModuleList(nn.Conv2d(width, _NECK, 1) for width in widths)

    def forward(self, maps: list[Tensor]) -> list[Tensor]:
        maps = [lateral(x) for lateral, x in zip(self.laterals, maps, strict=True)]
        for fine in range(len(maps) - 2, -1, -1):
            maps[fine] = maps[fine] + _resize(maps[fine + 1], maps[fine])
        for coarse in range(1, len(maps)):
            maps[coarse] = maps[coarse] + _resize(maps[coarse - 1], maps[coarse])
        return maps


class Head(nn.Sequential):
    """(N, 128, h, w) → (N, classes + 4·11, h, w): logits of classes, then of each side's bins."""

    def __init__(self, classes: int) -> None:
        super().__init__(ConvUnit(_NECK, _NECK), nn.Conv2d(_NECK, classes + SIDES * BINS, 1))


class NanoDet(nn.Module):
    """NanoDet-g: pictures (N, 3, H, W) → (N, classes + 44, h, w) at strides 8, 16 and 32.

    Args:
        classes: how many things the heads tell apart.
    """

    def __init__(self, classes: int = CLASSES) -> None:
        super().__init__()
        self.backbone = Backbone()
        self.neck = PathAggregation()
        self.heads = nn.ModuleList(Head(classes) for _ in STRIDES_PX)

    def forward(self, x: Tensor) -> tuple[Tensor, ...]:
        """What each grid says of float32 pictures that are BGR and normalised.

        Args:
            x: (N, 3, H, W); H and W are multiples of 32.
        """
        maps = self.neck(self.backbone(x))
        return tuple(head(each) for head, each in zip(self.heads, maps, strict=True))


def freeze_blocks(net: NanoDet, count: int) -> None:
    """Let the first blocks learn no more: stem, four stages, neck, and the heads' 3×3 convolutions.

    Batch norms are folded into the base, so it has lost what kept it steady: a rate that suits new
    heads would spoil it.

    Args:
        net: changed in place; what is not frozen learns.
        count: how many of these seven, from the front; from 7 on only the last 1×1 ones learn.
    """
    blocks: list[list[nn.Module]] = [[net.backbone.stem], *([each] for each in net.backbone.stages)]
    heads = [head for head in net.heads if isinstance(head, Head)]
    blocks += [[net.neck], [head[0] for head in heads]]
    net.requires_grad_(True)
    for modules in blocks[:count]:
        for module in modules:
            module.requires_grad_(False)


def _resize(source: Tensor, like: Tensor) -> Tensor:
    """Bilinear, half-pixel centres: twice as large, or half (then the mean of four)."""
    return F.interpolate(source, like.shape[-2:], mode="bilinear", align_corners=False)

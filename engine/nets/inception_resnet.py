"""Inception-ResNet-v2: Inception's parallel branches, joined by 1×1, added to what came in.

Source: Szegedy, Ioffe, Vanhoucke, Alemi, "Inception-v4, Inception-ResNet and the Impact of Residual
Connections on Learning", AAAI 2017, figures 15 to 19; stem and widths as in the authors' published
network (tensorflow/models, ``inception_resnet_v2.py``), whose branches are scaled down before they
are added, since without that training broke down.
"""

import torch
from torch import Tensor, nn

Size = int | tuple[int, int]


class ConvUnit(nn.Sequential):
    """Convolution → batch norm → ReLU; keeps the map's size where ``padded``."""

    def __init__(
        self, inputs: int, outputs: int, size: Size, stride: int = 1, padded: bool = True
    ) -> None:
        sides = (size, size) if isinstance(size, int) else size
        padding = (sides[0] // 2, sides[1] // 2) if padded else (0, 0)
        super().__init__(
            nn.Conv2d(inputs, outputs, sides, stride, padding, bias=False),
            nn.BatchNorm2d(outputs, eps=1e-3),
            nn.ReLU(),
        )


def chain(inputs: int, *layers: tuple[int, Size], stride: int = 1) -> nn.Sequential:
    """Convolutions one behind the other, each (channels, filter size); the last may stride."""
    units: list[nn.Module] = []
    for k, (width, size) in enumerate(layers):
        strides = stride > 1 and k == len(layers) - 1
        units.append(ConvUnit(inputs, width, size, stride if strides else 1, padded=not strides))
        inputs = width
    return nn.Sequential(*units)


class Branches(nn.Module):
    """Parallel branches, joined along the channels: Inception's module, and its reductions."""

    def __init__(self, *branches: nn.Module) -> None:
        super().__init__()
        self.branches = nn.ModuleList(branches)

    def forward(self, x: Tensor) -> Tensor:
        return torch.cat([branch(x) for branch in self.branches], dim=1)


class ResidualInception(nn.Module):
    """x + scale · (branches → 1×1); (N, channels, H, W) stays that.

    Args:
        channels: of the map that comes in and goes out.
        branches: side by side, of ``joined`` channels together.
        joined: their channels together.
        scale: what the branches count before they are added.
        relu_last: whether a ReLU follows the sum (all but the very last block).
    """

    def __init__(
        self,
        channels: int,
        branches: tuple[nn.Module, ...],
        joined: int,
        scale: float,
        relu_last: bool = True,
    ) -> None:
        super().__init__()
        self.mixed = Branches(*branches)
        self.project = nn.Conv2d(joined, channels, 1)
        self.scale = scale
        self.last: nn.Module = nn.ReLU() if relu_last else nn.Identity()

    def forward(self, x: Tensor) -> Tensor:
        return self.last(x + self.scale * self.project(self.mixed(x)))


def block_35() -> ResidualInception:
    """Inception-ResNet-A, at 35 × 35."""
    three = (chain(320, (32, 1)), chain(320, (32, 1), (32, 3)))
    return ResidualInception(320, (*three, chain(320, (32, 1), (48, 3), (64, 3))), 128, 0.17)


def block_17() -> ResidualInception:
    """Inception-ResNet-B, at 17 × 17: 7×7 as 1×7 and 7×1."""
    two = (chain(1088, (192, 1)), chain(1088, (128, 1), (160, (1, 7)), (192, (7, 1))))
    return ResidualInception(1088, two, 384, 0.1)


def block_8(is_last: bool = False) -> ResidualInception:
    """Inception-ResNet-C, at 8 × 8."""
    two = (chain(2080, (192, 1)), chain(2080, (192, 1), (224, (1, 3)), (256, (3, 1))))
    scale = 1.0 if is_last else 0.2
    return ResidualInception(2080, two, 448, scale, relu_last=not is_last)


class InceptionResNetV2(nn.Module):
    """(N, 3, 299, 299) → (N, classes); any picture of 75 px or more a side."""

    def __init__(self, classes: int = 1000) -> None:
        super().__init__()
        self.stem = nn.Sequential(
            ConvUnit(3, 32, 3, stride=2, padded=False),
            ConvUnit(32, 32, 3, padded=False),
            ConvUnit(32, 64, 3),
            nn.MaxPool2d(3, 2),
            ConvUnit(64, 80, 1),
            ConvUnit(80, 192, 3, padded=False),
            nn.MaxPool2d(3, 2),
        )  # (N, 192, 35, 35)
        self.mixed_5b = Branches(
            chain(192, (96, 1)),
            chain(192, (48, 1), (64, 5)),
            chain(192, (64, 1), (96, 3), (96, 3)),
            nn.Sequential(
                nn.AvgPool2d(3, 1, padding=1, count_include_pad=False), ConvUnit(192, 64, 1)
            ),
        )  # (N, 320, 35, 35)
        self.blocks_35 = nn.Sequential(*(block_35() for _ in range(10)))
        self.mixed_6a = Branches(
            chain(320, (384, 3), stride=2),
            chain(320, (256, 1), (256, 3), (384, 3), stride=2),
            nn.MaxPool2d(3, 2),
        )  # (N, 1088, 17, 17)
        self.blocks_17 = nn.Sequential(*(block_17() for _ in range(20)))
        self.mixed_7a = Branches(
            chain(1088, (256, 1), (384, 3), stride=2),
            chain(1088, (256, 1), (288, 3), stride=2),
            chain(1088, (256, 1), (288, 3), (320, 3), stride=2),
            nn.MaxPool2d(3, 2),
        )  # (N, 2080, 8, 8)
        self.blocks_8 = nn.Sequential(*(block_8() for _ in range(9)), block_8(is_last=True))
        self.top = ConvUnit(2080, 1536, 1)
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(1536, classes)

    def forward(self, x: Tensor) -> Tensor:
        x = self.blocks_35(self.mixed_5b(self.stem(x)))
        x = self.blocks_8(self.mixed_7a(self.blocks_17(self.mixed_6a(x))))
        return self.fc(self.pool(self.top(x)).flatten(1))

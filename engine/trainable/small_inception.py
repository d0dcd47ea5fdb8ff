"""A small Inception: each module looks at its input at three scales at once.

Source: Szegedy et al., "Going deeper with convolutions", 2014, figure 2b; norms as in torchvision's
``googlenet``, whose third branch has 3×3 filters where the paper and this have 5×5.
"""

import torch
from torch import Tensor, nn

from engine.trainable.layers import ACTIVATIONS, norm_2d

SMALLEST_PX = 4


class ConvUnit(nn.Sequential):
    """Convolution that keeps the size → norm → activation."""

    def __init__(self, inputs: int, outputs: int, size: int, activation: str, norm: str) -> None:
        super().__init__(
            nn.Conv2d(inputs, outputs, size, padding=size // 2, bias=norm == "none"),
            norm_2d(norm, outputs),
            ACTIVATIONS[activation](),
        )


class InceptionModule(nn.Module):
    """1×1, 3×3, 5×5 and pooling side by side; (N, inputs, H, W) → (N, 4·width, H, W)."""

    def __init__(self, inputs: int, width: int, activation: str, norm: str) -> None:
        super().__init__()
        half = max(1, width // 2)

        def unit(inputs: int, outputs: int, size: int) -> ConvUnit:
            return ConvUnit(inputs, outputs, size, activation, norm)

        self.branch1 = unit(inputs, width, 1)
        self.branch3 = nn.Sequential(unit(inputs, half, 1), unit(half, width, 3))
        self.branch5 = nn.Sequential(unit(inputs, half, 1), unit(half, width, 5))
        self.branch_pool = nn.Sequential(nn.MaxPool2d(3, 1, padding=1), unit(inputs, width, 1))

    def forward(self, x: Tensor) -> Tensor:
        branches = (self.branch1, self.branch3, self.branch5, self.branch_pool)
        return torch.cat([branch(x) for branch in branches], dim=1)  # 4 × (N, width, H, W)


class SmallInception(nn.Module):
    """A stem and three inception modules with pooling between them; H, W >= 4."""

    def __init__(
        self,
        input_shape: tuple[int, int, int],
        classes: int,
        width: int = 16,
        activation: str = "relu",
        norm: str = "batch",
        dropout: float = 0.0,
    ) -> None:
        super().__init__()
        self.stem = ConvUnit(input_shape[0], width, 3, activation, norm)  # (N, width, H, W)
        self.mixed = nn.Sequential(
            InceptionModule(width, width // 2, activation, norm),  # (N, 2·width, H, W)
            nn.MaxPool2d(2),  # (N, 2·width, H/2, W/2)
            InceptionModule(2 * width, width, activation, norm),  # (N, 4·width, H/2, W/2)
            nn.MaxPool2d(2),  # (N, 4·width, H/4, W/4)
            InceptionModule(4 * width, width, activation, norm),  # (N, 4·width, H/4, W/4)
        )
        self.pool = nn.AdaptiveAvgPool2d(1)  # (N, 4·width, 1, 1)
        self.drop = nn.Dropout(dropout)
        self.head = nn.Linear(4 * width, classes)

    def forward(self, x: Tensor) -> Tensor:
        return self.head(self.drop(self.pool(self.mixed(self.stem(x))).flatten(1)))

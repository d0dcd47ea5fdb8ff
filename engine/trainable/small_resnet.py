"""A small ResNet for small pictures.

Source: He, Zhang, Ren, Sun, "Deep residual learning for image recognition", 2015, section 4.2 (the
CIFAR-10 nets: one 3×3 stem, three stages, average pooling); 1×1 convolutions where shapes change.
"""

from torch import Tensor, nn

from engine.trainable.layers import ACTIVATIONS, norm_2d

SMALLEST_PX = 4


class ResidualBlock(nn.Module):
    """act(norm(conv(act(norm(conv(x))))) + x); ``skip=False`` leaves the addition out."""

    def __init__(
        self, inputs: int, outputs: int, stride: int, activation: str, norm: str, skip: bool
    ) -> None:
        super().__init__()
        bias = norm == "none"
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, padding=1, bias=bias)
        self.norm1 = norm_2d(norm, outputs)
        self.act1 = ACTIVATIONS[activation]()
        self.conv2 = nn.Conv2d(outputs, outputs, 3, padding=1, bias=bias)
        self.norm2 = norm_2d(norm, outputs)
        self.act2 = ACTIVATIONS[activation]()
        self.skip = skip
        self.shortcut: nn.Module = nn.Identity()
        if skip and (stride > 1 or inputs != outputs):
            self.shortcut = nn.Sequential(
                nn.Conv2d(inputs, outputs, 1, stride, bias=bias), norm_2d(norm, outputs)
            )

    def forward(self, x: Tensor) -> Tensor:
        y = self.act1(self.norm1(self.conv1(x)))  # (N, outputs, H/stride, W/stride)
        y = self.norm2(self.conv2(y))
        return self.act2(y + self.shortcut(x) if self.skip else y)


class SmallResNet(nn.Module):
    """Three stages of ``depth`` residual blocks each; 6·depth + 2 layers; H, W >= 4."""

    def __init__(
        self,
        input_shape: tuple[int, int, int],
        classes: int,
        depth: int = 1,
        width: int = 16,
        activation: str = "relu",
        norm: str = "batch",
        skip: bool = True,
        dropout: float = 0.0,
    ) -> None:
        super().__init__()
        self.stem = nn.Sequential(
            nn.Conv2d(input_shape[0], width, 3, padding=1, bias=norm == "none"),
            norm_2d(norm, width),
            ACTIVATIONS[activation](),
        )  # (N, width, H, W)
        blocks: list[nn.Module] = []
        channels = width
        for stage in range(3):  # (N, width, H, W) → (N, 2·width, H/2, W/2) → (N, 4·width, H/4, W/4)
            for block in range(depth):
                stride = 2 if stage and not block else 1
                outputs = width * 2**stage
                blocks.append(ResidualBlock(channels, outputs, stride, activation, norm, skip))
                channels = outputs
        self.blocks = nn.Sequential(*blocks)
        self.pool = nn.AdaptiveAvgPool2d(1)  # (N, 4·width, 1, 1)
        self.drop = nn.Dropout(dropout)
        self.head = nn.Linear(channels, classes)

    def forward(self, x: Tensor) -> Tensor:
        x = self.pool(self.blocks(self.stem(x))).flatten(1)  # (N, 4·width)
        return self.head(self.drop(x))

"""Xception: an Inception network taken to its end, every convolution depthwise separable.

Source: Chollet, "Xception: Deep Learning with Depthwise Separable Convolutions", CVPR 2017,
figure 5. As in the author's own network (Keras) the first two convolutions have no padding, and
no convolution a bias.
"""

from torch import Tensor, nn

MIDDLE_BLOCKS = 8
MIDDLE_CHANNELS = 728


class SeparableConv(nn.Sequential):
    """A 3×3 filter for each channel by itself, then a 1×1 convolution over channels, and a norm."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__(
            nn.Conv2d(inputs, inputs, 3, padding=1, groups=inputs, bias=False),  # depthwise
            nn.Conv2d(inputs, outputs, 1, bias=False),  # pointwise
            nn.BatchNorm2d(outputs),
        )


class XceptionBlock(nn.Module):
    """Separable convolutions with a residual connection around them.

    (N, inputs, H, W) → (N, widths[-1], H/stride, W/stride), rounded up.

    Args:
        inputs: channels that come in.
        widths: channels behind each separable convolution.
        stride: 2 halves the map by max pooling; the residual connection is then a 1×1 convolution.
        relu_first: whether a ReLU precedes the first separable convolution, as it does the others.
    """

    def __init__(
        self, inputs: int, widths: tuple[int, ...], stride: int = 1, relu_first: bool = True
    ) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        channels = inputs
        for width in widths:
            if layers or relu_first:
                layers.append(nn.ReLU())
            layers.append(SeparableConv(channels, width))
            channels = width
        self.shortcut: nn.Module = nn.Identity()
        if stride > 1:
            layers.append(nn.MaxPool2d(3, stride, padding=1))
            conv = nn.Conv2d(inputs, channels, 1, stride, bias=False)
            self.shortcut = nn.Sequential(conv, nn.BatchNorm2d(channels))
        self.layers = nn.Sequential(*layers)

    def forward(self, x: Tensor) -> Tensor:
        return self.layers(x) + self.shortcut(x)


class Xception(nn.Module):
    """(N, 3, 299, 299) → (N, classes); any picture of 36 px or more a side."""

    def __init__(self, classes: int = 1000) -> None:
        super().__init__()
        self.stem = nn.Sequential(
            nn.Conv2d(3, 32, 3, stride=2, bias=False),  # (N, 32, 149, 149)
            nn.BatchNorm2d(32),
            nn.ReLU(),
            nn.Conv2d(32, 64, 3, bias=False),  # (N, 64, 147, 147)
            nn.BatchNorm2d(64),
            nn.ReLU(),
        )
        self.entry = nn.Sequential(
            XceptionBlock(64, (128, 128), stride=2, relu_first=False),  # (N, 128, 74, 74)
            XceptionBlock(128, (256, 256), stride=2),  # (N, 256, 37, 37)
            XceptionBlock(256, (MIDDLE_CHANNELS,) * 2, stride=2),  # (N, 728, 19, 19)
        )
        self.middle = nn.Sequential(
            *(XceptionBlock(MIDDLE_CHANNELS, (MIDDLE_CHANNELS,) * 3) for _ in range(MIDDLE_BLOCKS))
        )
        self.exit = XceptionBlock(MIDDLE_CHANNELS, (MIDDLE_CHANNELS, 1024), stride=2)
        self.top = nn.Sequential(
            SeparableConv(1024, 1536), nn.ReLU(), SeparableConv(1536, 2048), nn.ReLU()
        )  # (N, 2048, 10, 10)
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(2048, classes)

    def forward(self, x: Tensor) -> Tensor:
        x = self.exit(self.middle(self.entry(self.stem(x))))
        return self.fc(self.pool(self.top(x)).flatten(1))

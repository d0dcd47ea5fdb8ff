"""A small VGG: pairs of 3×3 convolutions, each pair followed by pooling.

Source: Simonyan & Zisserman, "Very deep convolutional networks for large-scale image recognition",
2014; batch norm as in torchvision's ``vgg11_bn``, one linear layer in place of three.
"""

from torch import Tensor, nn

from engine.trainable.layers import ACTIVATIONS, norm_2d

SMALLEST_PX = 8


class SmallVGG(nn.Module):
    """Three stages of ``width``, 2 and 4 times ``width`` channels; H, W >= 8."""

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
        channels, height, width_px = input_shape
        act = ACTIVATIONS[activation]
        layers: list[nn.Module] = []
        for stage in (width, 2 * width, 4 * width):
            for inputs in (channels, stage):
                layers += [
                    nn.Conv2d(inputs, stage, 3, padding=1, bias=norm == "none"),
                    norm_2d(norm, stage),
                    act(),  # (N, stage, H, W)
                ]
            layers.append(nn.MaxPool2d(2))  # (N, stage, H/2, W/2)
            channels = stage
        self.features = nn.Sequential(*layers)  # (N, 4·width, H/8, W/8)
        self.classifier = nn.Sequential(
            nn.Flatten(),  # (N, 4·width·H/8·W/8)
            nn.Dropout(dropout),
            nn.Linear(channels * (height // 8) * (width_px // 8), classes),
        )

    def forward(self, x: Tensor) -> Tensor:
        return self.classifier(self.features(x))

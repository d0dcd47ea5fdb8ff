"""LeNet-5 as it is taught today.

Source: LeCun, Bottou, Bengio, Haffner, "Gradient-based learning applied to document recognition",
1998. Changed: convolutions are padded, so that 8×8 digits fit too; pooling takes the maximum.
"""

from torch import Tensor, nn

from engine.trainable.layers import ACTIVATIONS

SMALLEST_PX = 4


class LeNet(nn.Module):
    """Two convolutions, three linear layers. (N, C, H, W) → logits (N, classes); H, W >= 4."""

    def __init__(
        self,
        input_shape: tuple[int, int, int],
        classes: int,
        activation: str = "relu",
        dropout: float = 0.0,
    ) -> None:
        super().__init__()
        channels, height, width = input_shape
        act = ACTIVATIONS[activation]
        self.features = nn.Sequential(
            nn.Conv2d(channels, 6, 5, padding=2),  # (N, 6, H, W)
            act(),
            nn.MaxPool2d(2),  # (N, 6, H/2, W/2)
            nn.Conv2d(6, 16, 5, padding=2),  # (N, 16, H/2, W/2)
            act(),
            nn.MaxPool2d(2),  # (N, 16, H/4, W/4)
        )
        self.classifier = nn.Sequential(
            nn.Flatten(),  # (N, 16·H/4·W/4)
            nn.Linear(16 * (height // 4) * (width // 4), 120),
            act(),
            nn.Dropout(dropout),
            nn.Linear(120, 84),
            act(),
            nn.Dropout(dropout),
            nn.Linear(84, classes),
        )

    def forward(self, x: Tensor) -> Tensor:
        return self.classifier(self.features(x))

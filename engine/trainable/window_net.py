"""A classifier that slides: no padding, so that a window knows nothing of what lies around it.

Padding adds zeros at the border of a window, where a pass over the whole picture would see the
picture. Without it, running the net on every window, and running it once on the picture with its
dense layer turned into a convolution, are the same sums (:mod:`engine.detection.dense_to_conv`).

``padding=2`` makes its padded twin, whose maps keep their size and whose windows do know.

Source: LeCun et al., "Gradient-based learning applied to document recognition", 1998: LeNet-5 is
such a net, and section VII slides it ("space displacement neural network").
"""

from torch import Tensor, nn

from engine.trainable.layers import ACTIVATIONS

SMALLEST_PX = 16


class WindowNet(nn.Module):
    """Two 5×5 convolutions with pooling, one linear layer; stride 4. H, W >= 16.

    ``padding`` is that of both convolutions in cells, 0 (valid) to 2 (the maps keep their size).
    """

    def __init__(
        self,
        input_shape: tuple[int, int, int],
        classes: int,
        width: int = 16,
        activation: str = "relu",
        padding: int = 0,
    ) -> None:
        super().__init__()
        channels, *sides = input_shape
        act = ACTIVATIONS[activation]
        self.features = nn.Sequential(
            nn.Conv2d(channels, width, 5, padding=padding),  # (N, width, H - 4, W - 4) if valid
            act(),
            nn.MaxPool2d(2),
            nn.Conv2d(width, 2 * width, 5, padding=padding),
            act(),
            nn.MaxPool2d(2),  # (N, 2·width, h, w)
        )
        lost = 4 - 2 * padding  # of each side, by each convolution
        height, breadth = (((side - lost) // 2 - lost) // 2 for side in sides)
        self.classifier = nn.Sequential(
            nn.Flatten(),  # (N, 2·width·h·w)
            nn.Linear(2 * width * height * breadth, classes),
        )

    def forward(self, x: Tensor) -> Tensor:
        return self.classifier(self.features(x))

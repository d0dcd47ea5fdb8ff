"""GoogLeNet's module as the paper has it, and a network of three of them.

Source: Szegedy et al., "Going Deeper with Convolutions", CVPR 2015, figure 2b and table 1. In
torchvision's ``googlenet`` the branch called 5×5 has 3×3 filters (a slip of TensorFlow's that its
weights were trained with); here it is 5×5. Norms as in torchvision, of which the paper knew none.
"""

from typing import Any

from torch import Tensor, nn
from torchvision.models.googlenet import BasicConv2d, GoogLeNet, Inception, InceptionAux

#: Side of the patches that the small network learns from, in pixels.
PATCH_PX = 32
SMALL_MODULES = ("a", "b", "c")


class InceptionModule(Inception):
    """1×1, 1×1 → 3×3, 1×1 → 5×5 and pool → 1×1 side by side, joined along the channels.

    (N, inputs, H, W) → (N, one + three + five + pool, H, W).

    Args:
        inputs: channels that come in.
        one: of the 1×1 branch.
        three_reduce, three: of the 3×3 branch, behind its 1×1 and in the end.
        five_reduce, five: of the 5×5 branch, likewise.
        pool: behind the 1×1 that follows the pooling.
    """

    def __init__(
        self,
        inputs: int,
        one: int,
        three_reduce: int,
        three: int,
        five_reduce: int,
        five: int,
        pool: int,
        conv_block: Any = None,
    ) -> None:
        super().__init__(inputs, one, three_reduce, three, five_reduce, five, pool, conv_block)
        self.branch3[1] = BasicConv2d(five_reduce, five, kernel_size=5, padding=2)


def build_googlenet(classes: int = 1000, aux_logits: bool = False) -> GoogLeNet:
    """GoogLeNet with true 5×5 filters; torchvision's own weights do not fit it.

    Args:
        classes: number of answers.
        aux_logits: with the two auxiliary heads that only training uses.
    """
    blocks = [BasicConv2d, InceptionModule, InceptionAux]
    return GoogLeNet(classes, aux_logits=aux_logits, init_weights=False, blocks=blocks)


class SmallGoogLeNet(nn.Module):
    """A stem and three Inception modules with pooling between; (N, 3, H, W) → (N, classes).

    Made for patches of 32 px; any picture of 8 px or more a side.
    """

    def __init__(self, classes: int) -> None:
        super().__init__()
        self.stem = nn.Sequential(
            BasicConv2d(3, 24, kernel_size=5, padding=2), nn.MaxPool2d(2, ceil_mode=True)
        )  # (N, 24, H/2, W/2)
        self.a = InceptionModule(24, 8, 8, 16, 4, 8, 8)  # (N, 40, H/2, W/2)
        self.pool_a = nn.MaxPool2d(2, ceil_mode=True)
        self.b = InceptionModule(40, 16, 12, 24, 6, 12, 12)  # (N, 64, H/4, W/4)
        self.pool_b = nn.MaxPool2d(2, ceil_mode=True)
        self.c = InceptionModule(64, 24, 16, 32, 8, 16, 16)  # (N, 88, H/8, W/8)
        self.average = nn.AdaptiveAvgPool2d(1)
        self.drop = nn.Dropout(0.2)
        self.fc = nn.Linear(88, classes)

    def forward(self, x: Tensor) -> Tensor:
        x = self.pool_a(self.a(self.stem(x)))
        x = self.c(self.pool_b(self.b(x)))
        return self.fc(self.drop(self.average(x).flatten(1)))

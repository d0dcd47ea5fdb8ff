"""The network: an encoder of MobileNetV3's blocks, and a decoder that weighs what it passes on.

Batch norms are folded into the convolutions, as published. Strided convolutions pad as TensorFlow
does, an odd row or column more at the lower right.

Sources: MediaPipe Selfie Segmentation (general model, 256 × 256); Howard et al., "Searching for
MobileNetV3", ICCV 2019 (inverted residuals, squeeze and excitation, hard swish, LR-ASPP).
"""

from torch import Tensor, nn
from torch.nn import functional as F

INPUT_PX = 256
# One sixth as the published graph holds it, in float16. With a true sixth single pixels at a
# person's edge come out 0.03 apart from what TensorFlow.js answers.
SIXTH = 0.1666259765625

# Kernel, expanded width, squeezed width (0: not weighed), output width, stride.
_COARSE = (
    (5, 96, 24, 32, 2),
    (5, 128, 32, 32, 1),
    (5, 128, 32, 32, 1),
    (5, 96, 24, 32, 1),
    (5, 96, 24, 32, 1),
)


class HardSwish(nn.Module):
    """x · relu6(x + 3) / 6, with the published sixth."""

    def forward(self, x: Tensor) -> Tensor:
        return SIXTH * x * F.relu6(x + 3)


class SameConv(nn.Conv2d):
    """A convolution whose output has 1/stride of the input's size, padded as TensorFlow pads."""

    def __init__(
        self, channels: int, width: int, kernel: int, stride: int = 1, groups: int = 1
    ) -> None:
        super().__init__(channels, width, kernel, stride, groups=groups)
        missing = kernel - stride  # for sides that are multiples of the stride
        before, after = missing // 2, missing - missing // 2
        self._around = (before, after, before, after)

    def forward(self, input: Tensor) -> Tensor:
        return super().forward(F.pad(input, self._around) if any(self._around) else input)


class Squeeze(nn.Module):
    """How much each channel counts, from its mean: (N, C, h, w) → (N, C, 1, 1) in [0, 1]."""

    def __init__(self, channels: int, squeezed: int) -> None:
        super().__init__()
        self.narrow = nn.Conv2d(channels, squeezed, 1)
        self.widen = nn.Conv2d(squeezed, channels, 1)

    def forward(self, x: Tensor) -> Tensor:
        return self.widen(self.narrow(x.mean(dim=(2, 3), keepdim=True)).relu()).sigmoid()


class Inverted(nn.Module):
    """Wide in between: 1×1 up, a convolution within each channel, weighed, 1×1 down without
    activation; added to the input where the shape stays."""

    def __init__(
        self,
        channels: int,
        kernel: int,
        wide: int,
        squeezed: int,
        width: int,
        stride: int,
        activation: type[nn.Module] = HardSwish,
    ) -> None:
        super().__init__()
        self.expand = nn.Sequential(nn.Conv2d(channels, wide, 1), activation())
        self.depthwise = nn.Sequential(
            SameConv(wide, wide, kernel, stride, groups=wide), activation()
        )
        self.weigh = Squeeze(wide, squeezed) if squeezed else None
        self.project = nn.Conv2d(wide, width, 1)
        self.adds = stride == 1 and channels == width

    def forward(self, x: Tensor) -> Tensor:
        y = self.depthwise(self.expand(x))
        if self.weigh is not None:
            y = y * self.weigh(y)
        y = self.project(y)
        return x + y if self.adds else y


class Encoder(nn.Module):
    """(N, 3, 256, 256) → maps of 16, 16, 24 and 32 channels at strides 2, 4, 8 and 16."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Sequential(SameConv(3, 16, 3, stride=2), HardSwish())
        self.quarter = Inverted(16, 3, 16, 8, 16, 2, nn.ReLU)
        self.eighth = nn.Sequential(
            Inverted(16, 3, 72, 0, 24, 2, nn.ReLU), Inverted(24, 3, 88, 0, 24, 1, nn.ReLU)
        )
        blocks, channels = [], 24
        for kernel, wide, squeezed, width, stride in _COARSE:
            blocks.append(Inverted(channels, kernel, wide, squeezed, width, stride))
            channels = width
        self.sixteenth = nn.Sequential(*blocks)

    def forward(self, x: Tensor) -> list[Tensor]:
        maps = []
        for part in (self.stem, self.quarter, self.eighth, self.sixteenth):
            x = part(x)
            maps.append(x)
        return maps


class Overview(nn.Module):
    """The coarsest map, each channel weighed by what the whole picture shows (LR-ASPP)."""

    def __init__(self, channels: int, width: int) -> None:
        super().__init__()
        self.local = nn.Conv2d(channels, width, 1)
        self.whole = nn.Conv2d(channels, width, 1)

    def forward(self, x: Tensor) -> Tensor:
        return self.local(x).relu() * self.whole(x.mean(dim=(2, 3), keepdim=True)).sigmoid()


class Refine(nn.Module):
    """One step of the decoder: twice as fine, with what the encoder saw at that size.

    (N, channels, h, w) and (N, width, 2h, 2w) → (N, width, 2h, 2w).
    """

    def __init__(self, channels: int, width: int) -> None:
        super().__init__()
        self.reduce = nn.Conv2d(channels, width, 1)
        self.weigh = Squeeze(width, width)
        self.mix = nn.Conv2d(width, width, 1)
        self.depthwise = SameConv(width, width, 3, groups=width)

    def forward(self, x: Tensor, seen: Tensor) -> Tensor:
        size = seen.shape[-2:]
        x = self.reduce(F.interpolate(x, size, mode="bilinear", align_corners=False))
        mixed = self.mix(seen * self.weigh(seen + x) + x).relu()
        return mixed + self.depthwise(mixed).relu()


class SelfieNet(nn.Module):
    """RGB pictures in [0, 1], (N, 3, 256, 256) → logits that a pixel shows a person,
    (N, 1, 256, 256)."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder = Encoder()
        self.overview = Overview(32, 128)
        self.steps = nn.ModuleList([Refine(128, 24), Refine(24, 16), Refine(16, 16)])
        self.answer = nn.ConvTranspose2d(16, 1, 2, stride=2)

    def forward(self, x: Tensor) -> Tensor:
        *seen, coarsest = self.encoder(x)
        x = self.overview(coarsest)
        for step, each in zip(self.steps, reversed(seen), strict=True):
            x = step(x, each)
        return self.answer(x)

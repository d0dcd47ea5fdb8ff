"""What the 1×1 convolution before a large filter does: fewer channels, at every pixel by itself.

Sources: Lin, Chen and Yan, "Network in Network", 2014 (the 1×1 convolution); Szegedy et al. 2015
(before 3×3 and 5×5 it makes the channels few).
"""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.utils.fusion import fuse_conv_bn_eval
from torchvision.models.googlenet import BasicConv2d


@dataclass(frozen=True, eq=False)
class PixelSum:
    """One number behind a 1×1 convolution, written out.

    Attributes:
        inputs: float32 (C,), the pixel in each channel that comes in.
        weights: float32 (C,), the filter, its norm folded in.
        bias: the rest of the norm.
        total: Σ inputs · weights + bias, before ReLU.
    """

    inputs: Tensor
    weights: Tensor
    bias: float
    total: float

    @property
    def value(self) -> float:
        """What comes out: the total, or 0 where that is negative (ReLU)."""
        return max(0.0, self.total)


def fold(unit: BasicConv2d) -> nn.Conv2d:
    """A convolution and its norm, in eval mode, as one convolution with a bias."""
    return fuse_conv_bn_eval(unit.conv, unit.bn)


def strongest(maps: Tensor, kept: int) -> Tensor:
    """The ``kept`` channels of (C, H, W) with the largest mean, int64, in order of their index."""
    order = maps.mean((1, 2)).argsort(descending=True, stable=True)
    return order[:kept].sort().values


def narrow(reduce: nn.Conv2d, expand: nn.Conv2d, picked: Tensor) -> tuple[nn.Conv2d, nn.Conv2d]:
    """The same two layers with only these channels between them.

    What comes out is what both give with the other channels silenced, as ReLU leaves 0 of them.

    Args:
        reduce: the 1×1 convolution, (B, C, 1, 1).
        expand: the large one behind it, (O, B, n, n).
        picked: int64 (k,), channels of B.
    """
    assert reduce.bias is not None
    few = nn.Conv2d(reduce.in_channels, len(picked), 1)
    few.weight = nn.Parameter(reduce.weight[picked], False)
    few.bias = nn.Parameter(reduce.bias[picked], False)
    size = expand.kernel_size[0]
    large = nn.Conv2d(len(picked), expand.out_channels, size, padding=size // 2)
    large.weight = nn.Parameter(expand.weight[:, picked], False)
    large.bias = expand.bias
    return few, large


def compose(reduce: nn.Conv2d, expand: nn.Conv2d) -> nn.Conv2d:
    """One n×n convolution without a bottleneck: what both do together without ReLU and bias.

    (O, C, n, n): the weights of all ways through the channels between, added up.
    """
    size = expand.kernel_size[0]
    made = nn.Conv2d(reduce.in_channels, expand.out_channels, size, padding=size // 2)
    weight = torch.einsum("obij,bc->ocij", expand.weight, reduce.weight[:, :, 0, 0])
    made.weight = nn.Parameter(weight.contiguous(), False)
    made.bias = expand.bias
    return made


def pixel_sum(layer: nn.Conv2d, x: Tensor, channel: int, row: int, column: int) -> PixelSum:
    """How a 1×1 convolution makes one number of one pixel.

    Args:
        layer: with its norm folded in.
        x: float32 (C, H, W).
        channel: of what comes out.
        row, column: of the pixel.
    """
    assert layer.bias is not None
    weights, inputs = layer.weight[channel, :, 0, 0], x[:, row, column]
    bias = layer.bias[channel].item()
    return PixelSum(inputs, weights, bias, (weights @ inputs).item() + bias)


def run(layers: tuple[nn.Conv2d, ...], x: Tensor) -> Tensor:
    """(C, H, W) through convolutions with ReLU after each."""
    for layer in layers:
        x = F.relu(layer(x[None])[0])
    return x

"""What a convolution costs: output size, parameters, multiply-adds, memory, receptive field.

Shapes and parameters are read from the real PyTorch layer, which runs on the "meta" device: it
works out its output's shape without allocating or computing anything. The formula beside it is what
the notes and PyTorch's documentation write, with the learner's numbers put in.

Source: documentation of ``torch.nn.Conv2d``, ``ConvTranspose2d`` and ``Linear``.
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from engine.convolution.slide import Slide


@dataclass(frozen=True)
class SizeFormula:
    """The size of the output along one axis, with the numbers put in.

    Convolution: ``floor((input + 2 * padding - dilation * (kernel - 1) - 1) / stride) + 1``.
    Transposed: ``(input - 1) * stride - 2 * padding + dilation * (kernel - 1) + 1``.
    Where "same" padding is odd in all, ``before + after`` stands for ``2 * padding``.

    Attributes:
        input_px: cells of the input.
        pads: zeros before and after (transposed: cells cut off).
        dilation, kernel_size, stride, transposed: as in :class:`Slide`.
    """

    input_px: int
    pads: tuple[int, int]
    dilation: int
    kernel_size: int
    stride: int
    transposed: bool

    @property
    def numerator(self) -> int:
        """Cells that the kernel can move by, from its first position (not transposed)."""
        return self.input_px + sum(self.pads) - self.dilation * (self.kernel_size - 1) - 1

    @property
    def left_over_px(self) -> int:
        """Cells at the end that no step reaches any more; 0 where the stride comes out even."""
        return 0 if self.transposed else self.numerator % self.stride

    @property
    def result(self) -> int:
        """Cells of the output."""
        if self.transposed:
            grown = (self.input_px - 1) * self.stride - sum(self.pads)
            return grown + self.dilation * (self.kernel_size - 1) + 1
        return self.numerator // self.stride + 1

    @property
    def written(self) -> str:
        """The formula as one writes it: ``⌊(32 + 2·0 − 1·(5 − 1) − 1) / 1⌋ + 1 = 28``."""
        before, after = self.pads
        padding = f"2·{before}" if before == after else f"{before} + {after}"
        reach = f"{self.dilation}·({self.kernel_size} − 1)"
        if self.transposed:
            grown = f"({self.input_px} − 1)·{self.stride} − {padding}"
            return f"{grown} + {reach} + 1 = {self.result}"
        quotient = f"({self.input_px} + {padding} − {reach} − 1) / {self.stride}"
        return f"⌊{quotient}⌋ + 1 = {self.result}"


@dataclass(frozen=True)
class LayerCost:
    """One convolution layer in numbers, for one picture in float32.

    Attributes:
        input_shape: ``(C, H, W)``.
        output_shape: ``(O, OH, OW)``.
        weights: shared weights of all filters.
        biases: one for each filter, or 0.
        multiply_adds: multiplications with a weight, each followed by an addition; those with
            padding count, as PyTorch performs them.
        input_bytes, output_bytes, parameter_bytes: memory.
        receptive_field_px: side of the square of input cells that one output cell can see.
        dense_parameters: what a fully connected layer from the flattened input to the flattened
            output would need, biases included if the convolution has them.
        height, width: how the output's size comes about.
    """

    input_shape: tuple[int, int, int]
    output_shape: tuple[int, int, int]
    weights: int
    biases: int
    multiply_adds: int
    input_bytes: int
    output_bytes: int
    parameter_bytes: int
    receptive_field_px: int
    dense_parameters: int
    height: SizeFormula
    width: SizeFormula

    @property
    def parameters(self) -> int:
        """Numbers that training adjusts."""
        return self.weights + self.biases


def conv_layer(
    in_channels: int, filters: int, slide: Slide, *, bias: bool = True, device: str = "meta"
) -> nn.Sequential:
    """The PyTorch layer with these settings, untrained.

    "Same" padding is a ``ZeroPad2d`` before the convolution: that is what it does, and PyTorch's
    own spelling of it warns at even kernel sizes.
    """
    before, after = slide.pads
    kind = nn.ConvTranspose2d if slide.transposed else nn.Conv2d
    layer = kind(
        in_channels,
        filters,
        slide.kernel_size,
        stride=slide.stride,
        padding=0 if slide.padding == "same" else slide.padding,
        dilation=slide.dilation,
        bias=bias,
        device=device,
    )
    if slide.padding == "same":
        return nn.Sequential(nn.ZeroPad2d((before, after, before, after)), layer)
    return nn.Sequential(layer)


def layer_cost(
    input_shape: tuple[int, int, int], filters: int, slide: Slide, *, bias: bool = True
) -> LayerCost:
    """Measure the real layer.

    Args:
        input_shape: ``(C, H, W)``.
        filters: number of filters, and so of output channels; at least 1.
        slide: the settings.
        bias: whether each filter has a bias.

    Raises:
        InputError: the slide does not fit the input.
    """
    slide.check_fits(input_shape[1:])
    channels = input_shape[0]
    layer = conv_layer(channels, filters, slide, bias=bias)
    picture = torch.empty(input_shape, device="meta")
    output: Tensor = layer(picture)
    out_channels, out_height, out_width = output.shape
    dense = nn.Linear(picture.numel(), output.numel(), bias=bias, device="meta")
    weight, *biases = layer[-1].parameters()
    # Each kernel is applied once for an output cell, or, transposed, once for an input cell.
    positions = (picture if slide.transposed else output)[0].numel()
    return LayerCost(
        input_shape=input_shape,
        output_shape=(out_channels, out_height, out_width),
        weights=weight.numel(),
        biases=sum(each.numel() for each in biases),
        multiply_adds=positions * weight.numel(),
        input_bytes=picture.nbytes,
        output_bytes=output.nbytes,
        parameter_bytes=sum(each.nbytes for each in layer.parameters()),
        receptive_field_px=slide.receptive_field_px,
        dense_parameters=sum(each.numel() for each in dense.parameters()),
        height=size_formula(input_shape[1], slide),
        width=size_formula(input_shape[2], slide),
    )


def size_formula(input_px: int, slide: Slide) -> SizeFormula:
    """The formula for an axis of ``input_px`` cells."""
    return SizeFormula(
        input_px, slide.pads, slide.dilation, slide.kernel_size, slide.stride, slide.transposed
    )

"""Convolution from its definition, and a trace of every multiplication.

``conv2d`` and ``conv_transpose2d`` are the definitions, short enough to read; ``conv2d_trace``
takes its output from PyTorch and can account for each cell of it. The tests hold all three against
``torch.nn.functional``.

A filter bank is ``(O, C, kh, kw)`` for both kinds. (PyTorch stores a transposed one as
``(C, O, kh, kw)``.)

Source: Dumoulin and Visin, "A guide to convolution arithmetic for deep learning" (2016).
"""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from engine.convolution.slide import Axis, Slide
from engine.errors import InputError


def conv2d(picture: Tensor, weight: Tensor, bias: Tensor, slide: Slide) -> Tensor:
    """Slide every filter over the picture: each output cell is the sum of a patch times a filter.

    Args:
        picture: ``(C, H, W)`` float.
        weight: ``(O, C, k, k)`` float, one filter after the other.
        bias: ``(O,)`` float.
        slide: the settings, not transposed.

    Returns:
        ``(O, OH, OW)`` float.
    """
    check_call(picture, weight, bias, slide, transposed=False)
    padded = F.pad(picture, slide.pads + slide.pads)
    tops = range(0, padded.shape[1] - slide.extent + 1, slide.stride)
    lefts = range(0, padded.shape[2] - slide.extent + 1, slide.stride)
    output = padded.new_empty(len(weight), len(tops), len(lefts))
    for row, top in enumerate(tops):
        for col, left in enumerate(lefts):
            rows = slice(top, top + slide.extent, slide.dilation)
            cols = slice(left, left + slide.extent, slide.dilation)
            patch = padded[:, rows, cols]  # (C, k, k)
            output[:, row, col] = (weight * patch).sum(dim=(1, 2, 3)) + bias
    return output


def conv_transpose2d(picture: Tensor, weight: Tensor, bias: Tensor, slide: Slide) -> Tensor:
    """Let every input cell stamp the filters, scaled by its value; overlapping stamps add up.

    Args:
        picture: ``(C, H, W)`` float.
        weight: ``(O, C, k, k)`` float, one filter after the other.
        bias: ``(O,)`` float.
        slide: the settings, transposed.

    Returns:
        ``(O, OH, OW)`` float.
    """
    check_call(picture, weight, bias, slide, transposed=True)
    _, height, width = picture.shape
    canvas_h = (height - 1) * slide.stride + slide.extent
    canvas_w = (width - 1) * slide.stride + slide.extent
    canvas = picture.new_zeros(len(weight), canvas_h, canvas_w)
    for row in range(height):
        for col in range(width):
            top, left = row * slide.stride, col * slide.stride
            rows = slice(top, top + slide.extent, slide.dilation)
            cols = slice(left, left + slide.extent, slide.dilation)
            stamp = (weight * picture[:, row, col, None, None]).sum(dim=1)  # (O, k, k)
            canvas[:, rows, cols] += stamp
    cut, _ = slide.pads
    return canvas[:, cut : canvas_h - cut, cut : canvas_w - cut] + bias[:, None, None]


@dataclass(frozen=True)
class Link:
    """One multiplication: this input cell, times this weight, goes into this output cell."""

    input_row: int
    input_col: int
    kernel_row: int
    kernel_col: int
    output_row: int
    output_col: int


@dataclass(frozen=True, eq=False)
class Cell:
    """Where the value of one output cell comes from.

    Attributes:
        patch: ``(C, kh, kw)``, what each weight is multiplied with; zero where ``is_padding``.
        kernel: ``(C, kh, kw)``, the filter.
        products: ``(C, kh, kw)``, ``patch * kernel``.
        is_padding: ``(kh, kw)`` bool, true where the weight meets no input cell: outside the
            picture or, transposed, in the gaps that the stride leaves.
        input_rows: ``(kh,)``, the input row that each row of weights reads; outside
            ``0 <= row < H`` it is padding, ``None`` is a gap.
        input_cols: ``(kw,)``, likewise.
        channel_sums: ``(C,)``, the products of each channel added up.
        bias: the filter's bias.
        total: all products and the bias: the output cell, up to float32 rounding.
    """

    patch: Tensor
    kernel: Tensor
    products: Tensor
    is_padding: Tensor
    input_rows: tuple[int | None, ...]
    input_cols: tuple[int | None, ...]
    channel_sums: Tensor
    bias: float
    total: float


@dataclass(frozen=True, eq=False)
class ConvTrace:
    """A convolution whose every cell can be asked for its arithmetic; float32, on the CPU.

    Attributes:
        input: ``(C, H, W)``.
        weight: ``(O, C, kh, kw)``.
        bias: ``(O,)``.
        output: ``(O, OH, OW)``, computed by PyTorch.
        rows: the slide down the picture.
        cols: the slide across the picture.
    """

    input: Tensor
    weight: Tensor
    bias: Tensor
    output: Tensor
    rows: Axis
    cols: Axis

    def cell(self, filter_: int, row: int, col: int) -> Cell:
        """The arithmetic of the output cell ``(row, col)`` of filter ``filter_``.

        Raises:
            InputError: there is no such cell.
        """
        _check_index(self.output, filter=filter_, row=row, column=col)
        input_rows, input_cols = self.rows.sources(row), self.cols.sources(col)
        row_index, meets_row = _readable(self.rows, input_rows)
        col_index, meets_col = _readable(self.cols, input_cols)
        is_padding = ~(meets_row[:, None] & meets_col)
        patch = self.input[:, row_index[:, None], col_index].masked_fill(is_padding, 0)
        products = patch * self.weight[filter_]
        channel_sums = products.sum(dim=(1, 2))
        bias = self.bias[filter_]
        return Cell(
            patch=patch,
            kernel=self.weight[filter_],
            products=products,
            is_padding=is_padding,
            input_rows=input_rows,
            input_cols=input_cols,
            channel_sums=channel_sums,
            bias=bias.item(),
            total=(channel_sums.sum() + bias).item(),
        )

    def fed_by_input(self, row: int, col: int) -> tuple[Link, ...]:
        """Every output cell that the input cell ``(row, col)`` feeds, in reading order.

        The links hold for every filter and channel.

        Raises:
            InputError: there is no such cell.
        """
        _check_index(self.input, row=row, column=col)
        links = [
            Link(row, col, kernel_row, kernel_col, output_row, output_col)
            for kernel_row, output_row in enumerate(self.rows.targets(row, self.output.shape[1]))
            for kernel_col, output_col in enumerate(self.cols.targets(col, self.output.shape[2]))
            if output_row is not None and output_col is not None
        ]
        return tuple(sorted(links, key=lambda link: (link.output_row, link.output_col)))

    def used_by_weight(self, kernel_row: int, kernel_col: int) -> tuple[Link, ...]:
        """Every input cell that the weight ``(kernel_row, kernel_col)`` meets on its way.

        In reading order of the output. The links hold for every filter and channel.

        Raises:
            InputError: there is no such weight.
        """
        _check_index(self.weight, row=kernel_row, column=kernel_col)
        read_rows = [self.rows.sources(at)[kernel_row] for at in range(self.output.shape[1])]
        read_cols = [self.cols.sources(at)[kernel_col] for at in range(self.output.shape[2])]
        return tuple(
            Link(input_row, input_col, kernel_row, kernel_col, output_row, output_col)
            for output_row, input_row in enumerate(read_rows)
            for output_col, input_col in enumerate(read_cols)
            if input_row is not None and self.rows.holds(input_row)
            if input_col is not None and self.cols.holds(input_col)
        )


def conv2d_trace(picture: Tensor, weight: Tensor, bias: Tensor, slide: Slide) -> ConvTrace:
    """Convolve with PyTorch, and keep what is needed to explain each cell.

    Args:
        picture: ``(C, H, W)`` float.
        weight: ``(O, C, k, k)`` float, also for a transposed convolution.
        bias: ``(O,)`` float.
        slide: the settings.

    Raises:
        InputError: the slide does not fit the picture.
        ValueError: the shapes do not belong together.
    """
    check_call(picture, weight, bias, slide, slide.transposed)
    rows, cols = slide.axis(picture.shape[1]), slide.axis(picture.shape[2])
    return trace_along(picture, weight, bias, rows, cols)


def trace_along(picture: Tensor, weight: Tensor, bias: Tensor, rows: Axis, cols: Axis) -> ConvTrace:
    """The trace for axes that may differ, as they do where the picture is a single row.

    It lives on the CPU, since its numbers are read one by one, and there float32 is float32: a GPU
    may convolve with shorter numbers (TF32), and the sums would not add up.
    """
    picture, weight, bias = (
        tensor.detach().to("cpu", torch.float32) for tensor in (picture, weight, bias)
    )
    stride, dilation = (rows.stride, cols.stride), (rows.dilation, cols.dilation)
    if rows.transposed:
        cut = (rows.pad_before, cols.pad_before)
        stored = weight.transpose(0, 1)
        output = F.conv_transpose2d(picture, stored, bias, stride, cut, dilation=dilation)
    else:
        pads = (cols.pad_before, cols.pad_after, rows.pad_before, rows.pad_after)
        output = F.conv2d(F.pad(picture, pads), weight, bias, stride, dilation=dilation)
    return ConvTrace(picture, weight, bias, output, rows, cols)


def check_call(
    input_: Tensor, weight: Tensor, bias: Tensor, slide: Slide, transposed: bool
) -> None:
    """Raise where input, filters, settings and the function called do not belong together.

    Args:
        input_: ``(C, H, W)``, or ``(C, W)`` for a single row.
        weight: ``(O, C, k, k)``, or ``(O, C, k)``.
        bias: ``(O,)``.
        slide: the settings.
        transposed: what the function called computes.

    Raises:
        InputError: the slide does not fit the input.
        ValueError: the shapes contradict each other or the settings, or the function is the wrong
            one for the settings.
    """
    if slide.transposed != transposed:
        raise ValueError(f"a function for transposed={transposed} was given {slide}")
    dims = input_.ndim - 1
    filters = (len(bias), len(input_), *[slide.kernel_size] * dims)
    if dims < 1 or bias.ndim != 1 or tuple(weight.shape) != filters:
        given = [tuple(tensor.shape) for tensor in (input_, weight, bias)]
        raise ValueError(f"input, weight and bias of {given} do not fit {slide}")
    slide.check_fits(input_.shape[1:])


def _readable(axis: Axis, indices: tuple[int | None, ...]) -> tuple[Tensor, Tensor]:
    """Indices that are safe to read, and which of them are cells of the input: both ``(k,)``."""
    safe = [index if index is not None and axis.holds(index) else 0 for index in indices]
    return torch.tensor(safe), torch.tensor([axis.holds(index) for index in indices])


def _check_index(cells: Tensor, **index: int) -> None:
    for (name, at), size in zip(index.items(), cells.shape[-len(index) :], strict=True):
        if not 0 <= at < size:
            raise InputError("value_out_of_range", name=name, low=0, high=size - 1, value=at)

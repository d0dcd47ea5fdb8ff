"""Convolution along a line: the same slide over a single row of a picture.

A row is a picture one cell high, so the trace is the two-dimensional one, read at row 0.

Source: as :mod:`engine.convolution.conv2d`; ``torch.nn.Conv1d`` and ``ConvTranspose1d``.
"""

import torch.nn.functional as F
from torch import Tensor

from engine.convolution.conv2d import ConvTrace, check_call, trace_along
from engine.convolution.slide import Axis, Slide


def conv1d(signal: Tensor, weight: Tensor, bias: Tensor, slide: Slide) -> Tensor:
    """Slide every filter along the row: each output cell is the sum of a stretch times a filter.

    Args:
        signal: ``(C, W)`` float.
        weight: ``(O, C, k)`` float.
        bias: ``(O,)`` float.
        slide: the settings, not transposed.

    Returns:
        ``(O, OW)`` float.
    """
    check_call(signal, weight, bias, slide, transposed=False)
    padded = F.pad(signal, slide.pads)
    lefts = range(0, padded.shape[1] - slide.extent + 1, slide.stride)
    output = padded.new_empty(len(weight), len(lefts))
    for col, left in enumerate(lefts):
        stretch = padded[:, left : left + slide.extent : slide.dilation]  # (C, k)
        output[:, col] = (weight * stretch).sum(dim=(1, 2)) + bias
    return output


def conv_transpose1d(signal: Tensor, weight: Tensor, bias: Tensor, slide: Slide) -> Tensor:
    """Let every input cell stamp the filters, scaled by its value; overlapping stamps add up.

    Args:
        signal: ``(C, W)`` float.
        weight: ``(O, C, k)`` float.
        bias: ``(O,)`` float.
        slide: the settings, transposed.

    Returns:
        ``(O, OW)`` float.
    """
    check_call(signal, weight, bias, slide, transposed=True)
    width = signal.shape[1]
    canvas_w = (width - 1) * slide.stride + slide.extent
    canvas = signal.new_zeros(len(weight), canvas_w)
    for col in range(width):
        left = col * slide.stride
        stamp = (weight * signal[:, col, None]).sum(dim=1)  # (O, k)
        canvas[:, left : left + slide.extent : slide.dilation] += stamp
    cut, _ = slide.pads
    return canvas[:, cut : canvas_w - cut] + bias[:, None]


def conv1d_trace(signal: Tensor, weight: Tensor, bias: Tensor, slide: Slide) -> ConvTrace:
    """Convolve a row with PyTorch, and keep what is needed to explain each cell.

    Args:
        signal: ``(C, W)`` float, such as ``picture[:, row]``.
        weight: ``(O, C, k)`` float, also for a transposed convolution.
        bias: ``(O,)`` float.
        slide: the settings.

    Returns:
        The trace of a picture one cell high: ``input (C, 1, W)``, ``weight (O, C, 1, k)``,
        ``output (O, 1, OW)``; its cells are ``cell(filter, 0, col)``.

    Raises:
        InputError: the slide does not fit the row.
        ValueError: the shapes do not belong together.
    """
    check_call(signal, weight, bias, slide, slide.transposed)
    still = Axis(1, transposed=slide.transposed)
    along = slide.axis(signal.shape[1])
    return trace_along(signal[:, None], weight[:, :, None], bias, still, along)

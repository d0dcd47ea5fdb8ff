"""The slide along a row, against ``torch.nn.functional``."""

from itertools import product
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor

from engine.convolution.signal import conv1d, conv1d_trace, conv_transpose1d
from engine.convolution.slide import RANGES, Slide
from engine.errors import InputError

PADDINGS = (*RANGES["padding"], "same")


def draw(
    slide: Slide, width: int, channels: int = 2, filters: int = 3
) -> tuple[Tensor, Tensor, Tensor]:
    generator = torch.Generator().manual_seed(11)
    shapes = (channels, width), (filters, channels, slide.kernel_size), (filters,)
    signal, weight, bias = (torch.randn(shape, generator=generator) for shape in shapes)
    return signal, weight, bias


def by_torch(signal: Tensor, weight: Tensor, bias: Tensor, slide: Slide) -> Tensor:
    settings: dict[str, Any] = {
        "stride": slide.stride,
        "padding": slide.padding,
        "dilation": slide.dilation,
    }
    if slide.transposed:
        return F.conv_transpose1d(signal, weight.transpose(0, 1), bias, **settings)
    return F.conv1d(signal, weight, bias, **settings)


@pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel lengths")
@pytest.mark.parametrize("transposed", [False, True])
@pytest.mark.parametrize("spare", [0, 5])
def test_definition_trace_and_cells_agree_with_torch(spare: int, transposed: bool) -> None:
    grid = product(RANGES["kernel_size"], RANGES["stride"], PADDINGS, RANGES["dilation"])
    define = conv_transpose1d if transposed else conv1d
    for kernel_size, stride, padding, dilation in grid:
        if padding == "same" and (stride > 1 or transposed):
            continue
        slide = Slide(kernel_size, stride, padding, dilation, transposed)
        signal, weight, bias = draw(slide, slide.smallest_input_px + spare)
        expected = by_torch(signal, weight, bias, slide)
        torch.testing.assert_close(define(signal, weight, bias, slide), expected)
        trace = conv1d_trace(signal, weight, bias, slide)
        torch.testing.assert_close(trace.output[:, 0], expected)
        last = expected.shape[1] - 1
        assert trace.cell(2, 0, last).total == pytest.approx(expected[2, last].item(), abs=1e-5)


def test_a_trace_is_a_picture_one_cell_high() -> None:
    slide = Slide(kernel_size=3, padding=1)
    trace = conv1d_trace(*draw(slide, 5), slide)
    assert trace.input.shape == (2, 1, 5)
    assert trace.weight.shape == (3, 2, 1, 3)
    assert trace.output.shape == (3, 1, 5)
    cell = trace.cell(0, 0, 0)
    assert (cell.input_rows, cell.input_cols) == ((0,), (-1, 0, 1))
    assert cell.is_padding.tolist() == [[True, False, False]]
    fed = trace.fed_by_input(0, 0)
    assert [(link.output_col, link.kernel_col) for link in fed] == [(0, 1), (1, 0)]
    assert [link.input_col for link in trace.used_by_weight(0, 0)] == [0, 1, 2, 3]


def test_a_row_of_one_pixel() -> None:
    trace = conv1d_trace(*draw(Slide(kernel_size=1), 1), Slide(kernel_size=1))
    assert trace.output.shape == (3, 1, 1)


def test_a_row_shorter_than_the_kernel_is_refused() -> None:
    slide = Slide(kernel_size=5)
    with pytest.raises(InputError, match="at least 5 pixels a side, but the input was 4"):
        conv1d_trace(*draw(slide, 4), slide)


def test_the_wrong_kind_is_refused() -> None:
    stamp = Slide(transposed=True)
    with pytest.raises(ValueError, match="was given"):
        conv1d(*draw(stamp, 4), stamp)
    with pytest.raises(ValueError, match="was given"):
        conv_transpose1d(*draw(Slide(), 4), Slide())
    signal, weight, bias = draw(Slide(), 4)
    with pytest.raises(ValueError, match="do not fit"):
        conv1d_trace(signal[:, None], weight, bias, Slide())

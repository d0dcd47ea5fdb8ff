"""Definition and trace against ``torch.nn.functional``; every cell's arithmetic adds up."""

from itertools import product
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from engine.convolution.conv2d import ConvTrace, conv2d, conv2d_trace, conv_transpose2d
from engine.convolution.slide import RANGES, Slide
from engine.errors import InputError

PADDINGS = (*RANGES["padding"], "same")


def draw(
    slide: Slide, size: tuple[int, int], channels: int, filters: int
) -> tuple[Tensor, Tensor, Tensor]:
    """A picture, filters and biases of the given shapes."""
    generator = torch.Generator().manual_seed(7)
    side = slide.kernel_size
    shapes = (channels, *size), (filters, channels, side, side), (filters,)
    picture, weight, bias = (torch.randn(shape, generator=generator) for shape in shapes)
    return picture, weight, bias


def by_torch(picture: Tensor, weight: Tensor, bias: Tensor | None, slide: Slide) -> Tensor:
    settings: dict[str, Any] = {
        "stride": slide.stride,
        "padding": slide.padding,
        "dilation": slide.dilation,
    }
    if slide.transposed:
        return F.conv_transpose2d(picture, weight.transpose(0, 1), bias, **settings)
    return F.conv2d(picture, weight, bias, **settings)


def rounding(products: Tensor, bias: float) -> float:
    """How far two float32 sums of the same numbers can lie apart, whatever their order.

    Higham, Accuracy and Stability of Numerical Algorithms (2002), eq. 4.4: each is off by at most
    (n - 1) units of roundoff (half an epsilon) times the sum of the absolute values.
    """
    terms = products.numel() + 1
    size = products.abs().sum().item() + abs(bias)
    return terms * torch.finfo(torch.float32).eps * size


@st.composite
def slides(drawn: Any) -> Slide:
    transposed = drawn(st.booleans())
    same = not transposed and drawn(st.booleans())
    return Slide(
        kernel_size=drawn(st.sampled_from(RANGES["kernel_size"])),
        stride=1 if same else drawn(st.sampled_from(RANGES["stride"])),
        padding="same" if same else drawn(st.sampled_from(RANGES["padding"])),
        dilation=drawn(st.sampled_from(RANGES["dilation"])),
        transposed=transposed,
    )


@st.composite
def traces(drawn: Any) -> ConvTrace:
    """A trace of any legal slide over a small picture that need not be square."""
    slide = drawn(slides())
    smallest = slide.smallest_input_px
    size = (smallest + drawn(st.integers(0, 3)), smallest + drawn(st.integers(0, 3)))
    picture, weight, bias = draw(slide, size, drawn(st.integers(1, 3)), drawn(st.integers(1, 2)))
    return conv2d_trace(picture, weight, bias, slide)


def output_from(trace: ConvTrace, picture: Tensor, weight: Tensor) -> Tensor:
    """What PyTorch gives for another picture and other filters in the trace's settings."""
    rows, cols = trace.rows, trace.cols
    if rows.transposed:
        cut = (rows.pad_before, cols.pad_before)
        stored = weight.transpose(0, 1)
        return F.conv_transpose2d(
            picture, stored, stride=rows.stride, padding=cut, dilation=rows.dilation
        )
    padded = F.pad(picture, (cols.pad_before, cols.pad_after, rows.pad_before, rows.pad_after))
    return F.conv2d(padded, weight, stride=rows.stride, dilation=rows.dilation)


def one_hot_filters(kernel_shape: torch.Size) -> Tensor:
    """``(kh * kw, 1, kh, kw)``: filter t is 1 at weight t, so that it returns what t reads."""
    taps = kernel_shape.numel()
    return torch.eye(taps).reshape(taps, 1, *kernel_shape)


@pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel lengths")
@pytest.mark.parametrize("transposed", [False, True])
@pytest.mark.parametrize(("channels", "filters"), [(1, 1), (3, 2)])
def test_definition_and_trace_agree_with_torch(
    channels: int, filters: int, transposed: bool
) -> None:
    grid = product(RANGES["kernel_size"], RANGES["stride"], PADDINGS, RANGES["dilation"])
    define = conv_transpose2d if transposed else conv2d
    for kernel_size, stride, padding, dilation in grid:
        if padding == "same" and (stride > 1 or transposed):
            continue
        slide = Slide(kernel_size, stride, padding, dilation, transposed)
        smallest = slide.smallest_input_px
        picture, weight, bias = draw(slide, (smallest, smallest + 2), channels, filters)
        expected = by_torch(picture, weight, bias, slide)
        torch.testing.assert_close(define(picture, weight, bias, slide), expected)
        torch.testing.assert_close(conv2d_trace(picture, weight, bias, slide).output, expected)


def test_one_weight_on_one_pixel() -> None:
    one = torch.ones(1, 1, 1, 1)
    trace = conv2d_trace(one[0] * 3, one * 2, torch.tensor([0.5]), Slide(kernel_size=1))
    cell = trace.cell(0, 0, 0)
    assert trace.output.tolist() == [[[6.5]]]
    assert (cell.patch.item(), cell.kernel.item(), cell.products.item()) == (3, 2, 6)
    assert (cell.channel_sums.tolist(), cell.bias, cell.total) == ([6], 0.5, 6.5)


@given(traces())
def test_products_and_bias_add_up_to_the_output(trace: ConvTrace) -> None:
    for filter_, row, col in product(*map(range, trace.output.shape)):
        cell = trace.cell(filter_, row, col)
        assert torch.equal(cell.kernel, trace.weight[filter_])
        assert torch.equal(cell.products, cell.patch * cell.kernel)
        assert torch.equal(cell.channel_sums, cell.products.sum(dim=(1, 2)))
        allowed = rounding(cell.products, cell.bias)
        assert abs(cell.total - trace.output[filter_, row, col].item()) <= allowed


@given(traces())
def test_a_patch_holds_what_each_weight_reads_in_torch(trace: ConvTrace) -> None:
    filters = one_hot_filters(trace.weight.shape[2:])
    read = torch.stack([output_from(trace, channel[None], filters) for channel in trace.input])
    real = output_from(trace, torch.ones_like(trace.input[:1]), filters)
    for row, col in product(*map(range, trace.output.shape[1:])):
        cell = trace.cell(0, row, col)
        assert torch.equal(cell.patch.flatten(1), read[:, :, row, col])
        assert torch.equal(~cell.is_padding.flatten(), real[:, row, col] == 1)
        for (at, i), (tap, j) in product(enumerate(cell.input_rows), enumerate(cell.input_cols)):
            if not cell.is_padding[at, tap]:
                assert torch.equal(cell.patch[:, at, tap], trace.input[:, i, j])


@given(traces())
def test_an_input_cell_feeds_what_its_impulse_reaches_in_torch(trace: ConvTrace) -> None:
    kernel_shape = trace.weight.shape[2:]
    numbered = torch.arange(1.0, kernel_shape.numel() + 1).reshape(1, 1, *kernel_shape)
    for row, col in product(*map(range, trace.input.shape[1:])):
        impulse = torch.zeros_like(trace.input[:1])
        impulse[0, row, col] = 1
        reached = output_from(trace, impulse, numbered)[0]
        links = trace.fed_by_input(row, col)
        cells = [(link.output_row, link.output_col) for link in links]
        assert cells == [tuple(cell) for cell in reached.nonzero().tolist()]
        for link in links:
            assert (link.input_row, link.input_col) == (row, col)
            weight = numbered[0, 0, link.kernel_row, link.kernel_col]
            assert reached[link.output_row, link.output_col] == weight


@given(traces())
def test_a_weight_meets_what_it_alone_carries_over_in_torch(trace: ConvTrace) -> None:
    numbered = torch.arange(1.0, trace.input[0].numel() + 1).reshape(trace.input[:1].shape)
    carried = output_from(trace, numbered, one_hot_filters(trace.weight.shape[2:]))
    width = trace.weight.shape[3]
    for kernel_row, kernel_col in product(*map(range, trace.weight.shape[2:])):
        expected = carried[kernel_row * width + kernel_col]
        links = trace.used_by_weight(kernel_row, kernel_col)
        cells = [(link.output_row, link.output_col) for link in links]
        assert cells == [tuple(cell) for cell in expected.nonzero().tolist()]
        for link in links:
            met = numbered[0, link.input_row, link.input_col]
            assert expected[link.output_row, link.output_col] == met


def test_padding_shows_where_the_kernel_leaves_the_picture() -> None:
    slide = Slide(kernel_size=3, padding=1)
    cell = conv2d_trace(*draw(slide, (4, 4), 1, 1), slide).cell(0, 0, 3)
    assert (cell.input_rows, cell.input_cols) == ((-1, 0, 1), (2, 3, 4))
    assert cell.is_padding.tolist() == [[True] * 3, [False, False, True], [False, False, True]]


def test_a_transposed_cell_shows_the_gaps_of_its_stride() -> None:
    slide = Slide(kernel_size=3, stride=2, transposed=True)
    cell = conv2d_trace(*draw(slide, (2, 2), 1, 1), slide).cell(0, 1, 2)
    assert (cell.input_rows, cell.input_cols) == ((None, 0, None), (1, None, 0))
    assert cell.is_padding.tolist() == [[True] * 3, [False, True, False], [True] * 3]


def test_padding_stays_zero_beside_infinite_pixels() -> None:
    slide = Slide(kernel_size=3, padding=1)
    picture, weight, bias = draw(slide, (2, 2), 1, 1)
    cell = conv2d_trace(picture * torch.inf, weight, bias, slide).cell(0, 0, 0)
    assert (cell.patch[0][cell.is_padding] == 0).all()


def test_a_trace_takes_weights_that_are_being_trained() -> None:
    slide = Slide()
    picture, weight, bias = draw(slide, (4, 4), 2, 2)
    trace = conv2d_trace(picture.double(), weight.double().requires_grad_(), bias, slide)
    assert trace.output.dtype == torch.float32
    assert not trace.output.requires_grad


@pytest.mark.parametrize(
    "at", [(0, 2, 0), (0, 0, 2), (2, 0, 0), (0, -1, 0), (0, 0, -1), (-1, 0, 0)]
)
def test_cells_outside_are_refused(at: tuple[int, int, int]) -> None:
    slide = Slide()
    trace = conv2d_trace(*draw(slide, (4, 4), 1, 2), slide)
    with pytest.raises(InputError):
        trace.cell(*at)


@pytest.mark.parametrize("at", [(4, 0), (0, 4), (-1, 0)])
def test_inputs_and_weights_outside_are_refused(at: tuple[int, int]) -> None:
    slide = Slide()
    trace = conv2d_trace(*draw(slide, (4, 4), 1, 1), slide)
    with pytest.raises(InputError):
        trace.fed_by_input(*at)
    with pytest.raises(InputError):
        trace.used_by_weight(*at)


def test_what_does_not_belong_together_is_refused() -> None:
    slide = Slide()
    picture, weight, bias = draw(slide, (4, 4), 3, 2)
    stamp = Slide(transposed=True)
    for call in (
        lambda: conv2d_trace(picture[:2], weight, bias, slide),
        lambda: conv2d_trace(picture[0], weight, bias, slide),
        lambda: conv2d_trace(picture, weight, bias[:1], slide),
        lambda: conv2d_trace(picture, weight, bias, Slide(kernel_size=2)),
        lambda: conv2d(picture, weight, bias, stamp),
        lambda: conv_transpose2d(picture, weight, bias, slide),
    ):
        with pytest.raises(ValueError, match=r"do not fit|was given"):
            call()
    with pytest.raises(InputError, match="at least 3 pixels"):
        conv2d(picture[:, :2], weight, bias, slide)

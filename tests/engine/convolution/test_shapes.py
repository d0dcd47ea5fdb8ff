"""Costs against the layers that really ran, and against PyTorch's own count of operations."""

from itertools import product
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from engine.convolution.shapes import conv_layer, layer_cost, size_formula
from engine.convolution.slide import RANGES, Slide
from engine.errors import InputError

pytestmark = pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel lengths")

PADDINGS = (*RANGES["padding"], "same")


def slides(transposed: bool) -> list[Slide]:
    grid = product(RANGES["kernel_size"], RANGES["stride"], PADDINGS, RANGES["dilation"])
    return [
        Slide(*settings, transposed=transposed)
        for settings in grid
        if settings[2] != "same" or (settings[1] == 1 and not transposed)
    ]


def really_run(shape: tuple[int, int, int], filters: int, slide: Slide) -> torch.Size:
    """The shape of a computed output, through the functional interface."""
    picture = torch.zeros(shape)
    settings: dict[str, Any] = {
        "stride": slide.stride,
        "padding": slide.padding,
        "dilation": slide.dilation,
    }
    side = slide.kernel_size
    if slide.transposed:
        weight = torch.zeros(shape[0], filters, side, side)
        return F.conv_transpose2d(picture, weight, **settings).shape
    return F.conv2d(picture, torch.zeros(filters, shape[0], side, side), **settings).shape


@pytest.mark.parametrize("transposed", [False, True])
def test_shapes_and_operations_are_those_of_a_real_run(transposed: bool) -> None:
    for slide in slides(transposed):
        smallest = slide.smallest_input_px
        shape = (2, smallest, smallest + 3)
        cost = layer_cost(shape, 3, slide)
        with FlopCounterMode(display=False) as counter:
            assert cost.output_shape == tuple(really_run(shape, 3, slide)), slide
        assert cost.multiply_adds * 2 == counter.get_total_flops(), slide


@pytest.mark.parametrize("transposed", [False, True])
@pytest.mark.parametrize("spare", [0, 1, 2, 7])
def test_the_formula_gives_the_layers_shape(spare: int, transposed: bool) -> None:
    for slide in slides(transposed):
        size = slide.smallest_input_px + spare
        _, height, width = really_run((1, size, size + 2), 1, slide)
        assert size_formula(size, slide).result == height, slide
        assert size_formula(size + 2, slide).result == width, slide


@pytest.mark.parametrize(
    ("input_px", "slide", "written"),
    [
        (1, Slide(kernel_size=1), "⌊(1 + 2·0 − 1·(1 − 1) − 1) / 1⌋ + 1 = 1"),
        (32, Slide(kernel_size=5), "⌊(32 + 2·0 − 1·(5 − 1) − 1) / 1⌋ + 1 = 28"),
        (32, Slide(3, 2, 1), "⌊(32 + 2·1 − 1·(3 − 1) − 1) / 2⌋ + 1 = 16"),
        (31, Slide(3, 2, 1), "⌊(31 + 2·1 − 1·(3 − 1) − 1) / 2⌋ + 1 = 16"),
        (32, Slide(3, padding="same", dilation=2), "⌊(32 + 2·2 − 2·(3 − 1) − 1) / 1⌋ + 1 = 32"),
        (32, Slide(4, padding="same"), "⌊(32 + 1 + 2 − 1·(4 − 1) − 1) / 1⌋ + 1 = 32"),
        (16, Slide(4, 2, 1, 1, True), "(16 − 1)·2 − 2·1 + 1·(4 − 1) + 1 = 32"),
    ],
)
def test_the_formula_is_written_with_its_numbers(input_px: int, slide: Slide, written: str) -> None:
    assert size_formula(input_px, slide).written == written


@pytest.mark.parametrize("input_px", [9, 10, 11, 12])
def test_cells_left_over_can_be_cut_off_without_a_change(input_px: int) -> None:
    for slide in slides(transposed=False):
        if slide.smallest_input_px > input_px or slide.padding != 0:
            continue
        formula = size_formula(input_px, slide)
        shorter = really_run((1, input_px - formula.left_over_px, input_px), 1, slide)
        assert shorter[1] == formula.result
        assert size_formula(input_px - formula.left_over_px, slide).left_over_px == 0


def test_a_transposed_slide_leaves_nothing_over() -> None:
    assert size_formula(4, Slide(stride=3, transposed=True)).left_over_px == 0


def test_the_notes_example() -> None:
    """32×32×3 → 28×28×6, with six filters of 5×5."""
    cost = layer_cost((3, 32, 32), 6, Slide(kernel_size=5))
    assert cost.output_shape == (6, 28, 28)
    assert (cost.weights, cost.biases, cost.parameters) == (450, 6, 456)
    assert cost.multiply_adds == 352_800
    assert (cost.input_bytes, cost.output_bytes, cost.parameter_bytes) == (12_288, 18_816, 1_824)
    assert cost.receptive_field_px == 5
    assert cost.dense_parameters == 14_455_392
    assert cost.height.result == cost.width.result == 28


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("transposed", [False, True])
def test_parameters_and_memory_are_those_of_allocated_layers(transposed: bool, bias: bool) -> None:
    slide = Slide(kernel_size=3, stride=2, padding=1, transposed=transposed)
    cost = layer_cost((2, 5, 4), 3, slide, bias=bias)
    layer = conv_layer(2, 3, slide, bias=bias, device="cpu")
    picture = torch.zeros(2, 5, 4)
    output = layer(picture)
    dense = nn.Linear(picture.numel(), output.numel(), bias=bias)
    assert cost.parameters == sum(each.numel() for each in layer.parameters())
    assert cost.biases == (3 if bias else 0)
    assert cost.parameter_bytes == sum(each.nbytes for each in layer.parameters())
    assert (cost.input_bytes, cost.output_bytes) == (picture.nbytes, output.nbytes)
    assert cost.dense_parameters == sum(each.numel() for each in dense.parameters())
    assert dense(picture.flatten()).numel() == output.numel()


@pytest.mark.parametrize("slide", [Slide(4, padding="same"), Slide(2, padding="same", dilation=3)])
def test_the_layer_for_same_is_pytorchs_same(slide: Slide) -> None:
    layer = conv_layer(2, 3, slide, device="cpu")
    picture = torch.randn(2, 6, 7, generator=torch.Generator().manual_seed(1))
    conv = layer[-1]
    assert isinstance(conv, nn.Conv2d)
    expected = F.conv2d(picture, conv.weight, conv.bias, padding="same", dilation=slide.dilation)
    torch.testing.assert_close(layer(picture), expected)


def test_an_input_that_is_too_small_is_refused() -> None:
    with pytest.raises(InputError, match="at least 7 pixels a side, but the input was 6 × 9"):
        layer_cost((1, 6, 9), 1, Slide(kernel_size=7))

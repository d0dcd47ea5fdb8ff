"""Presets: their weights, what they promise, and what a learner may type."""

from typing import Any

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor, nn

from engine.convolution.kernels import (
    LARGEST_WEIGHT,
    PRESETS,
    PRESETS_1D,
    Dims,
    kernel,
    parse_kernel,
    preset_sizes,
    spread,
)
from engine.errors import InputError

ODD = (3, 5, 7)
EVERY = [(name, size) for name in PRESETS for size in preset_sizes(name)]
EVERY_1D = [(name, size) for name in PRESETS_1D for size in preset_sizes(name, dims=1)]


def seeded() -> torch.Generator:
    return torch.Generator().manual_seed(3)


def ramp(size: int) -> Tensor:
    """Rising by 1 from column to column."""
    return torch.arange(float(size)).expand(size, size)


@pytest.fixture(scope="module")
def picture() -> Tensor:
    return torch.rand(20, 24, generator=torch.Generator().manual_seed(5))


@pytest.mark.parametrize(
    ("name", "weights"),
    [
        ("identity", [[0, 0, 0], [0, 1, 0], [0, 0, 0]]),
        ("edge", [[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]]),
        ("gaussian", [[1 / 16, 1 / 8, 1 / 16], [1 / 8, 1 / 4, 1 / 8], [1 / 16, 1 / 8, 1 / 16]]),
        ("sharpen", [[0, -1, 0], [-1, 5, -1], [0, -1, 0]]),
        ("emboss", [[-2, -1, 0], [-1, 1, 1], [0, 1, 2]]),
        ("sobel_x", [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]),
        ("sobel_y", [[-1, -2, -1], [0, 0, 0], [1, 2, 1]]),
        ("laplacian", [[0, 1, 0], [1, -4, 1], [0, 1, 0]]),
    ],
)
def test_size_3_is_the_textbook_kernel(name: str, weights: list[list[float]]) -> None:
    assert torch.equal(kernel(name, 3), torch.tensor(weights))


@pytest.mark.parametrize(
    ("name", "weights"),
    [
        ("identity", [0, 1, 0]),
        ("gaussian", [0.25, 0.5, 0.25]),
        ("sharpen", [-1, 3, -1]),
        ("derivative", [-1, 0, 1]),
        ("laplacian", [1, -2, 1]),
    ],
)
def test_size_3_of_a_row(name: str, weights: list[float]) -> None:
    assert torch.equal(kernel(name, 3, dims=1), torch.tensor(weights))


@pytest.mark.parametrize(("name", "size"), EVERY)
def test_every_preset_is_a_kernel_that_a_learner_may_edit(name: str, size: int) -> None:
    weights = kernel(name, size, seeded())
    assert weights.dtype == torch.float32
    assert weights.shape == (size, size)
    assert weights.abs().max() > 0
    assert torch.equal(parse_kernel(weights.flatten().tolist(), size), weights)


@pytest.mark.parametrize(("name", "size"), EVERY_1D)
def test_every_preset_of_a_row_too(name: str, size: int) -> None:
    weights = kernel(name, size, seeded(), dims=1)
    assert weights.dtype == torch.float32
    assert weights.shape == (size,)
    assert torch.equal(parse_kernel(weights.tolist(), size, dims=1), weights)


@pytest.mark.parametrize(("name", "size"), [(n, s) for n, s in EVERY if s >= 3])
def test_presets_differ_from_one_another_from_size_3_on(name: str, size: int) -> None:
    same = [
        other
        for other in PRESETS
        if size in preset_sizes(other)
        and torch.equal(kernel(other, size, seeded()), kernel(name, size, seeded()))
    ]
    assert same == [name]


@pytest.mark.parametrize(("name", "size"), [(n, s) for n, s in EVERY if n != "random"])
def test_brightness_stays_or_is_removed(name: str, size: int) -> None:
    keeps = name in ("identity", "blur", "gaussian", "sharpen", "emboss")
    total = kernel(name, size).double().sum().item()
    assert total == pytest.approx(1 if keeps else 0, abs=1e-6)


@pytest.mark.parametrize(("name", "answer"), [("sobel_x", 8), ("sobel_y", 0), ("emboss", 6)])
def test_a_ramp_gets_the_same_answer_at_every_size(name: str, answer: float) -> None:
    sizes = preset_sizes(name)
    assert set(ODD) <= set(sizes)
    for size in sizes:
        level = ramp(size) - (size - 1) / 2  # zero in the middle
        assert (kernel(name, size) * level).sum().item() == pytest.approx(answer, abs=1e-5)
    assert (kernel("sobel_y", 5) * ramp(5).T).sum() == 8


def test_a_bowl_gets_the_same_answer_at_every_size() -> None:
    sizes = preset_sizes("laplacian")
    assert set(ODD) <= set(sizes)
    for size in sizes:
        bowl = (ramp(size) ** 2 + ramp(size).T ** 2) / 2  # both second derivatives are 1
        assert (kernel("laplacian", size) * bowl).sum().item() == pytest.approx(2, abs=1e-5)


@pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel lengths")
@pytest.mark.parametrize("size", range(1, 8))
def test_identity_with_same_padding_is_the_picture(size: int, picture: Tensor) -> None:
    pixels = picture[None, None]
    same = F.conv2d(pixels, kernel("identity", size)[None, None], padding="same")
    assert torch.equal(same, pixels)


@pytest.mark.parametrize("size", [1, 4, 7])
def test_random_is_an_untrained_pytorch_filter(size: int) -> None:
    with torch.random.fork_rng():
        torch.manual_seed(3)
        untrained = nn.Conv2d(1, 1, size, bias=False).weight[0, 0]
        torch.manual_seed(3)
        untrained_row = nn.Conv1d(1, 1, size, bias=False).weight[0, 0]
    assert torch.equal(kernel("random", size, seeded()), untrained)
    assert torch.equal(kernel("random", size, seeded(), dims=1), untrained_row)


def test_random_needs_a_generator() -> None:
    with pytest.raises(ValueError, match="generator"):
        kernel("random", 3)


def test_presets_that_need_a_middle_have_one() -> None:
    every, derived, curved = tuple(range(1, 8)), tuple(range(2, 8)), tuple(range(3, 8))
    assert {name: preset_sizes(name) for name in PRESETS} == {
        "identity": every,
        "edge": ODD,
        "blur": every,
        "gaussian": every,
        "sharpen": ODD,
        "emboss": ODD,
        "sobel_x": derived,
        "sobel_y": derived,
        "laplacian": curved,
        "random": every,
    }
    assert {name: preset_sizes(name, dims=1) for name in PRESETS_1D} == {
        "identity": every,
        "blur": every,
        "gaussian": every,
        "sharpen": ODD,
        "derivative": derived,
        "laplacian": curved,
        "random": every,
    }


@pytest.mark.parametrize("dims", [1, 2])
@pytest.mark.parametrize("size", [0, 8, *range(1, 8)])
def test_a_preset_exists_exactly_at_its_sizes(size: int, dims: Dims) -> None:
    for name in PRESETS if dims == 2 else PRESETS_1D:
        sizes = preset_sizes(name, dims)
        assert sizes == tuple(sorted(set(sizes)))
        if size in sizes:
            assert kernel(name, size, seeded(), dims).shape == (size,) * dims
        else:
            with pytest.raises(InputError, match="exists at the sizes"):
                kernel(name, size, seeded(), dims)


def test_unknown_presets_are_refused() -> None:
    for call in (lambda: preset_sizes("sobel"), lambda: kernel("edge", 3, dims=1)):
        with pytest.raises(InputError, match="must be one of identity"):
            call()


@pytest.mark.parametrize("channels", [1, 2, 3])
def test_a_grey_picture_gets_the_same_answer_in_any_number_of_channels(
    channels: int, picture: Tensor
) -> None:
    kernels = [kernel(name, 3, seeded()) for name in ("edge", "blur", "random")]
    bank = torch.stack([spread(each, channels) for each in kernels])
    single = torch.stack(kernels)[:, None]
    assert bank.shape == (3, channels, 3, 3)
    grey = picture[None]
    torch.testing.assert_close(
        F.conv2d(grey.expand(channels, -1, -1), bank), F.conv2d(grey, single)
    )


def test_a_row_is_laid_over_the_channels_too() -> None:
    row = kernel("derivative", 5, dims=1)
    filter_ = spread(row, 3)
    assert filter_.shape == (3, 5)
    torch.testing.assert_close(filter_.sum(dim=0), row)


def test_spread_channels_are_separate_memory() -> None:
    filter_ = spread(torch.ones(2, 2), 4)
    filter_[0] = 0
    assert filter_[1:].unique().tolist() == [0.25]


@given(st.integers(1, 7), st.data())
def test_a_typed_kernel_is_read_row_by_row(size: int, data: st.DataObject) -> None:
    weight = st.floats(-LARGEST_WEIGHT, LARGEST_WEIGHT, width=32) | st.integers(-100, 100)
    weights = data.draw(st.lists(weight, min_size=size**2, max_size=size**2))
    rows = [weights[start : start + size] for start in range(0, size**2, size)]
    assert torch.equal(parse_kernel(weights, size), torch.tensor(rows, dtype=torch.float32))


@pytest.mark.parametrize(
    ("weights", "size", "key"),
    [
        ([], 0, "slide_kernel_size"),
        ([0.0] * 64, 8, "slide_kernel_size"),
        ([], 1, "kernel_weight_count"),
        ([0.0] * 8, 3, "kernel_weight_count"),
        ([0.0] * 10, 3, "kernel_weight_count"),
        ([float("nan")], 1, "kernel_weight_value"),
        ([float("inf")], 1, "kernel_weight_value"),
        ([100.001], 1, "kernel_weight_value"),
        ([-100.001], 1, "kernel_weight_value"),
        (["1"], 1, "kernel_weight_value"),
        ([None], 1, "kernel_weight_value"),
        ([True], 1, "kernel_weight_value"),
    ],
)
def test_a_kernel_that_cannot_be_used_is_refused(weights: Any, size: int, key: str) -> None:
    with pytest.raises(InputError) as refused:
        parse_kernel(weights, size)
    assert refused.value.key == key
    assert refused.value.sentence("ko") != refused.value.sentence("en")

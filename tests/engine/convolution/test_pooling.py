"""Pooling against ``torch.nn.functional``, shifts against OpenCV."""

from itertools import product
from typing import Any

import cv2
import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from engine.convolution.pooling import (
    STRIDE_RANGE,
    WINDOW_RANGE,
    Pool,
    pool2d,
    pool2d_trace,
    shift,
    shift_changes,
)
from engine.errors import InputError


def draw(*shape: int) -> Tensor:
    return torch.rand(shape, generator=torch.Generator().manual_seed(2))


@pytest.mark.parametrize("size", [(8, 8), (9, 13)])
def test_definition_and_trace_agree_with_torch(size: tuple[int, int]) -> None:
    maps = draw(2, *size) - 0.5
    for window_px, stride in product(WINDOW_RANGE, STRIDE_RANGE):
        largest, mean = Pool("max", window_px, stride), Pool("avg", window_px, stride)
        by_max = F.max_pool2d(maps, window_px, stride)
        by_mean = F.avg_pool2d(maps, window_px, stride)
        assert torch.equal(pool2d(maps, largest), by_max)
        assert torch.equal(pool2d_trace(maps, largest).output, by_max)
        torch.testing.assert_close(pool2d(maps, mean), by_mean)
        assert torch.equal(pool2d_trace(maps, mean).output, by_mean)


def test_a_window_of_one_pixel_is_the_map() -> None:
    maps = draw(1, 1, 1)
    for kind in ("max", "avg"):
        assert torch.equal(pool2d(maps, Pool(kind, 1, 1)), maps)


@st.composite
def stepped_maps(drawn: Any) -> Tensor:
    """Maps of only three values, so that most windows hold ties."""
    channels, height, width = drawn(
        st.tuples(st.integers(1, 2), st.integers(3, 9), st.integers(3, 9))
    )
    count = channels * height * width
    values = drawn(st.lists(st.sampled_from([-1.0, 0.0, 1.0]), min_size=count, max_size=count))
    return torch.tensor(values).reshape(channels, height, width)


@given(stepped_maps(), st.integers(1, 3), st.integers(1, 4))
def test_the_winner_is_the_first_largest_cell_of_its_window(
    maps: Tensor, window_px: int, stride: int
) -> None:
    trace = pool2d_trace(maps, Pool("max", window_px, stride))
    for channel, row, col in product(*map(range, trace.output.shape)):
        window = trace.window(channel, row, col)
        cells = maps[channel, window.top : window.bottom, window.left : window.right].numpy()
        assert cells.shape == (window_px, window_px)
        at_row, at_col = np.unravel_index(cells.argmax(), cells.shape)  # NumPy takes the first
        assert window.winner == (window.top + at_row, window.left + at_col)
        assert (
            maps[channel, at_row + window.top, at_col + window.left]
            == trace.output[channel, row, col]
        )


def test_average_pooling_has_no_winner() -> None:
    trace = pool2d_trace(draw(1, 4, 4), Pool("avg", 2, 2))
    assert trace.winners is None
    window = trace.window(0, 1, 0)
    assert (window.top, window.left, window.bottom, window.right) == (2, 0, 4, 2)
    assert window.winner is None


@pytest.mark.parametrize("at", [(1, 0, 0), (0, 2, 0), (0, 0, 2), (0, 0, -1)])
def test_cells_outside_are_refused(at: tuple[int, int, int]) -> None:
    with pytest.raises(InputError):
        pool2d_trace(draw(1, 4, 4), Pool()).window(*at)


@pytest.mark.parametrize(
    ("settings", "key"),
    [
        ({"kind": "median"}, "value_not_a_choice"),
        ({"window_px": 0}, "pool_window_px"),
        ({"window_px": 9}, "pool_window_px"),
        ({"window_px": 2.0}, "pool_window_px"),
        ({"stride": 0}, "pool_stride"),
        ({"stride": 9}, "pool_stride"),
        ({"stride": True}, "pool_stride"),
    ],
)
def test_settings_out_of_range_are_refused(settings: dict[str, Any], key: str) -> None:
    with pytest.raises(InputError) as refused:
        Pool(**settings)
    assert refused.value.key == key


def test_a_window_that_does_not_fit_is_refused() -> None:
    for call in (pool2d, pool2d_trace):
        with pytest.raises(InputError, match="5 pixels does not fit into a map of 4 × 9"):
            call(draw(1, 4, 9), Pool(window_px=5))
        with pytest.raises(ValueError, match="maps are needed"):
            call(draw(4, 9), Pool())


@pytest.mark.parametrize("dy_px", [-9, -3, 0, 1, 7])
@pytest.mark.parametrize("dx_px", [-8, -1, 0, 2, 9])
def test_shift_is_opencvs_with_the_edge_repeated(dy_px: int, dx_px: int) -> None:
    picture = draw(7, 8)
    move = np.array([[1, 0, dx_px], [0, 1, dy_px]], dtype=np.float32)
    expected = cv2.warpAffine(
        picture.numpy(), move, (8, 7), flags=cv2.INTER_NEAREST, borderMode=cv2.BORDER_REPLICATE
    )
    assert torch.equal(shift(picture, dy_px, dx_px), torch.from_numpy(expected))


def test_shift_takes_any_picture() -> None:
    picture = torch.arange(12, dtype=torch.uint8).reshape(1, 3, 4)
    moved = shift(picture, 0, 1)
    assert moved.dtype == torch.uint8
    assert moved[0, 0].tolist() == [0, 0, 1, 2]
    assert shift(picture, 0, 0).data_ptr() != picture.data_ptr()


@pytest.mark.parametrize("kind", ["max", "avg"])
def test_changes_are_relative_l2_distances(kind: Any) -> None:
    maps = draw(2, 12, 12).double()
    pool = Pool(kind, 3, 2)
    for change in shift_changes(maps, pool, 4):
        moved = shift(maps, 0, change.shift_px)
        for measured, before, after in (
            (change.unpooled, maps, moved),
            (change.pooled, pool2d(maps, pool), pool2d(moved, pool)),
        ):
            distance = np.linalg.norm((after - before).numpy())
            norms = np.linalg.norm(before.numpy()), np.linalg.norm(after.numpy())
            assert measured == pytest.approx(distance / max(norms), rel=1e-12)


def test_no_shift_is_no_change_even_on_a_black_map() -> None:
    black = torch.zeros(1, 4, 4)
    assert [vars(each) for each in shift_changes(black, Pool(), 1)] == [
        {"shift_px": 0, "unpooled": 0.0, "pooled": 0.0},
        {"shift_px": 1, "unpooled": 0.0, "pooled": 0.0},
    ]
    assert len(shift_changes(draw(1, 4, 4), Pool(), 0)) == 1


def test_a_dot_that_stays_in_its_window_does_not_change_the_pooled_map() -> None:
    dot = torch.zeros(1, 8, 8)
    dot[0, 4, 4] = 1
    still, within, beyond = shift_changes(dot, Pool("max", 2, 2), 2)
    assert (still.unpooled, still.pooled) == (0, 0)
    assert within.unpooled == pytest.approx(2**0.5)
    assert within.pooled == 0
    assert beyond.pooled == pytest.approx(2**0.5)


@given(st.integers(0, 2**31 - 1))
def test_changes_stay_between_none_and_opposite(seed: int) -> None:
    maps = torch.randn(1, 6, 7, generator=torch.Generator().manual_seed(seed))
    for change in shift_changes(maps, Pool("avg", 2, 1), 3):
        assert 0 <= change.unpooled <= 2
        assert 0 <= change.pooled <= 2

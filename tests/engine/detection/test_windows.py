"""Grids, crops and pyramids, against brute force, slicing and Pillow."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from engine.detection.windows import MOST_LEVELS, Grid, Level, crop_batches, crops, pyramid
from engine.errors import InputError

SIDES = st.integers(1, 40)
grids = st.builds(
    lambda room, window, stride: Grid((window[0] + room[0], window[1] + room[1]), window, stride),
    st.tuples(st.integers(0, 30), st.integers(0, 30)),
    st.tuples(st.integers(1, 12), st.integers(1, 12)),
    st.integers(1, 9),
)


def by_brute_force(grid: Grid) -> list[tuple[int, int, int, int]]:
    """Every box of the window's size that lies in the picture at whole multiples of the stride."""
    height, width = grid.size
    return [
        (x, y, x + grid.window_px[1], y + grid.window_px[0])
        for y in range(0, height, grid.stride_px)
        for x in range(0, width, grid.stride_px)
        if y + grid.window_px[0] <= height and x + grid.window_px[1] <= width
    ]


@given(grids)
def test_the_count_and_every_box_as_by_brute_force(grid: Grid) -> None:
    expected = by_brute_force(grid)
    rows, columns = grid.shape
    assert grid.count == rows * columns == len(expected)
    assert grid.boxes().tolist() == [list(box) for box in expected]
    assert [grid.box(r, c) for r in range(rows) for c in range(columns)] == expected


@given(grids)
def test_crops_are_slices(grid: Grid) -> None:
    picture = torch.arange(2.0 * grid.size[0] * grid.size[1]).reshape(2, *grid.size)
    windows = crops(picture, grid)
    assert windows.shape == (*grid.shape, 2, *grid.window_px)
    assert windows.data_ptr() == picture.data_ptr()  # a view
    expected = [picture[:, y1:y2, x1:x2] for x1, y1, x2, y2 in by_brute_force(grid)]
    assert windows.flatten(0, 1).equal(torch.stack(expected))
    batches = list(crop_batches(picture, grid, batch=7))
    assert torch.cat(batches).equal(torch.stack(expected))
    assert all(len(batch) == 7 for batch in batches[:-1])
    assert 1 <= len(batches[-1]) <= 7


@given(grids, st.integers(1, 5))
def test_a_coarser_grid_is_a_sample_of_a_finer_one(grid: Grid, step: int) -> None:
    coarse, found = grid.every(grid.stride_px * step)
    assert found == step
    fine = grid.boxes().reshape(*grid.shape, 4)
    assert coarse.boxes().reshape(*coarse.shape, 4).equal(fine[::step, ::step])


@pytest.mark.parametrize("stride", [0, 2, 5, 7])
def test_a_stride_between_is_no_sample(stride: int) -> None:
    with pytest.raises(InputError, match="accepted: 4, 8, 12"):
        Grid((40, 40), (8, 8), 4).every(stride)


@pytest.mark.parametrize(
    ("size", "window_px", "stride_px", "sentence"),
    [
        ((1, 1), (2, 2), 1, "window of 2 × 2 pixels does not fit into a picture of 1 × 1"),
        ((30, 50), (31, 20), 1, "window of 20 × 31 pixels does not fit into a picture of 50 × 30"),
        ((30, 50), (8, 0), 1, "window must lie"),
        ((30, 50), (8, 8), 0, "stride must lie"),
    ],
)
def test_grids_that_cannot_be(
    size: tuple[int, int], window_px: tuple[int, int], stride_px: int, sentence: str
) -> None:
    with pytest.raises(InputError, match=sentence):
        Grid(size, window_px, stride_px)


def test_one_pixel_has_one_window() -> None:
    grid = Grid((1, 1), (1, 1), 3)
    assert (grid.count, grid.shape, grid.box(0, 0)) == (1, (1, 1), (0, 0, 1, 1))


@pytest.mark.parametrize("at", [(-1, 0), (0, -1), (3, 0), (0, 2)])
def test_windows_that_are_not_there(at: tuple[int, int]) -> None:
    with pytest.raises(InputError, match="must lie between 0 and"):
        Grid((6, 5), (2, 2), 2).box(*at)


def test_a_picture_of_another_size_is_a_programming_error() -> None:
    with pytest.raises(ValueError, match="picture of"):
        crops(torch.zeros(3, 6, 6), Grid((6, 5), (2, 2), 2))
    with pytest.raises(ValueError, match="picture of"):
        Level((3, 3), (6, 5)).draw(torch.zeros(3, 6, 6))


@given(
    st.tuples(st.integers(10, 500), st.integers(10, 500)),
    st.tuples(st.integers(1, 10), st.integers(1, 10)),
    st.floats(1.05, 4),
)
def test_a_pyramid_shrinks_until_the_window_no_longer_fits(
    size: tuple[int, int], window_px: tuple[int, int], step: float
) -> None:
    levels = pyramid(size, window_px, step)
    assert levels[0] == Level(size, size)
    for index, level in enumerate(levels):
        wanted = [side / step**index for side in size]
        assert all(abs(a - b) <= 0.5 + 1e-9 for a, b in zip(level.size, wanted, strict=True))
        assert Grid(level.size, window_px, 1).count >= 1
    beyond = [round(side / step ** len(levels)) for side in size]
    fits = beyond[0] >= window_px[0] and beyond[1] >= window_px[1]
    assert not fits or len(levels) == MOST_LEVELS


@given(SIDES, SIDES, SIDES, SIDES)
def test_the_whole_of_a_level_is_the_whole_picture(h: int, w: int, height: int, width: int) -> None:
    level = Level((h, w), (height, width))
    whole = level.to_original(torch.tensor([[0.0, 0, w, h]]))
    torch.testing.assert_close(whole, torch.tensor([[0.0, 0, width, height]]))


@pytest.mark.parametrize("size", [(20, 30), (37, 61), (90, 140)])
def test_levels_are_drawn_as_pillow_would(size: tuple[int, int]) -> None:
    generator = torch.Generator().manual_seed(0)
    picture = torch.rand(1, 60, 100, generator=generator)
    expected = Image.fromarray(picture[0].numpy()).resize(
        (size[1], size[0]), Image.Resampling.BILINEAR
    )
    drawn = Level(size, (60, 100)).draw(picture)[0]
    torch.testing.assert_close(drawn, torch.tensor(np.asarray(expected)))


@pytest.mark.parametrize(
    ("window_px", "step", "first_scale", "sentence"),
    [
        ((80, 10), 1.25, 1.0, "does not fit"),
        ((40, 10), 1.25, 0.5, "does not fit"),
        ((10, 10), 1.0, 1.0, "step must lie"),
        ((10, 10), float("nan"), 1.0, "step must lie"),
        ((10, 10), 1.25, 9.0, "scale must lie"),
    ],
)
def test_pyramids_that_cannot_be(
    window_px: tuple[int, int], step: float, first_scale: float, sentence: str
) -> None:
    with pytest.raises(InputError, match=sentence):
        pyramid((60, 60), window_px, step, first_scale)

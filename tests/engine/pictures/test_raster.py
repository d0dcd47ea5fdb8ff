"""Raster operations against OpenCV, NumPy and by hand."""

import cv2
import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from torch.nn.functional import interpolate

from engine.errors import InputError
from engine.pictures import (
    crop,
    crop_square,
    enlarge,
    grey,
    histogram,
    mix_channels,
    resize_height,
    resize_longest,
    sample,
    split_channels,
)
from engine.pictures.raster import resize_to

pictures = arrays(np.uint8, st.tuples(st.integers(1, 12), st.integers(1, 12), st.just(3)))


@pytest.mark.parametrize(
    ("size", "longest_px", "expected"),
    [
        ((1, 1), 1, (1, 1)),
        ((300, 451), 100, (67, 100)),
        ((451, 300), 100, (100, 67)),
        ((4000, 1), 100, (100, 1)),
        ((300, 451), 451, (300, 451)),
        ((300, 451), 9999, (300, 451)),
    ],
)
def test_resize_longest(size: tuple[int, int], longest_px: int, expected: tuple[int, int]) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (*size, 3), dtype=np.uint8)
    small = resize_longest(pixels, longest_px)
    assert small.shape == (*expected, 3)
    other = cv2.resize(pixels, expected[::-1], interpolation=cv2.INTER_AREA)
    np.testing.assert_array_equal(small, other)


def test_resize_height_of_grey_and_colour() -> None:
    pixels = sample("chelsea").pixels
    assert resize_height(pixels, 60).shape == (60, 90, 3)
    assert resize_height(pixels[:, :, 0], 60).shape == (60, 90)


def test_shrinking_by_a_whole_factor_is_the_mean_of_each_block() -> None:
    pixels = sample("coffee").pixels  # (400, 600, 3)
    blocks = pixels.reshape(50, 8, 75, 8, 3).mean(axis=(1, 3))
    assert np.abs(resize_longest(pixels, 75) - blocks).max() <= 0.5


@pytest.mark.parametrize("size", [(50, 75), (50, 600), (1, 1), (400, 600)])
def test_made_smaller_to_any_shape_each_pixel_is_a_mean(size: tuple[int, int]) -> None:
    pixels = sample("coffee").pixels
    small = resize_to(pixels, size)
    height, width = size
    blocks = pixels.reshape(height, 400 // height, width, 600 // width, 3).mean(axis=(1, 3))
    assert small.shape == (*size, 3)
    assert np.abs(small - blocks).max() <= 0.51


@given(pictures, st.integers(12, 30), st.integers(12, 30))
def test_made_larger_it_is_pytorch_s_bilinear(pixels: np.ndarray, height: int, width: int) -> None:
    x = torch.from_numpy(pixels).permute(2, 0, 1)[None].float()
    expected = interpolate(x, (height, width), mode="bilinear", align_corners=False)[0]
    apart = resize_to(pixels, (height, width)) - expected.permute(1, 2, 0).numpy()
    assert np.abs(apart).max() < 1  # whole values, of weights that OpenCV rounds


@pytest.mark.parametrize("function", [resize_longest, resize_height])
@pytest.mark.parametrize("size_px", [0, -5])
def test_no_pixels_at_all_is_refused(function, size_px: int) -> None:
    with pytest.raises(InputError, match=f"between 1 and 512, but was {size_px}"):
        function(sample("camera").pixels, size_px)


@given(pictures, st.integers(1, 5))
def test_enlarging_is_nearest_neighbour(pixels: np.ndarray, factor: int) -> None:
    height, width = pixels.shape[:2]
    large = enlarge(pixels, factor)
    other = cv2.resize(
        pixels, (width * factor, height * factor), interpolation=cv2.INTER_NEAREST_EXACT
    )
    np.testing.assert_array_equal(large, other)
    np.testing.assert_array_equal(large[::factor, ::factor], pixels)


@pytest.mark.parametrize("factor", [0, 9])
def test_enlarging_has_a_limit(factor: int) -> None:
    with pytest.raises(InputError, match="factor must lie between 1 and 8"):
        enlarge(np.zeros((500, 500, 3), np.uint8), factor)


def test_crop_is_half_open() -> None:
    pixels = np.arange(5 * 7 * 3, dtype=np.uint8).reshape(5, 7, 3)
    part = crop(pixels, (2, 1, 4, 5))
    assert part.pixels.shape == (4, 2, 3)
    np.testing.assert_array_equal(part.pixels[0, 0], pixels[1, 2])
    np.testing.assert_array_equal(part.pixels[-1, -1], pixels[4, 3])
    np.testing.assert_array_equal(crop(pixels, (0, 0, 7, 5)).pixels, pixels)


@pytest.mark.parametrize(
    "box", [(0, 0, 0, 1), (3, 1, 2, 2), (-1, 0, 2, 2), (0, 0, 8, 2), (0, 0, 2, 6)]
)
def test_boxes_that_leave_the_picture(box: tuple[int, int, int, int]) -> None:
    with pytest.raises(InputError, match="inside the picture of 7 × 5 pixels"):
        crop(np.zeros((5, 7, 3), np.uint8), box)


@pytest.mark.parametrize(
    ("side_px", "center", "box"),
    [
        (1, (0.5, 0.5), (4, 2, 5, 3)),
        (4, (0.5, 0.5), (3, 1, 7, 5)),
        (4, (0.0, 0.0), (0, 0, 4, 4)),
        (4, (1.0, 1.0), (6, 2, 10, 6)),
        (99, (0.9, 0.1), (4, 0, 10, 6)),
    ],
)
def test_crop_square(
    side_px: int, center: tuple[float, float], box: tuple[int, int, int, int]
) -> None:
    pixels = np.random.default_rng(1).integers(0, 256, (6, 10, 3), dtype=np.uint8)
    part = crop_square(pixels, side_px, center)
    x1, y1, x2, y2 = part.box
    assert part.box == box
    np.testing.assert_array_equal(part.pixels, pixels[y1:y2, x1:x2])


@given(pictures, st.integers(1, 20), st.floats(0, 1), st.floats(0, 1))
def test_crop_square_stays_inside_and_square(
    pixels: np.ndarray, side_px: int, x: float, y: float
) -> None:
    height, width = pixels.shape[:2]
    side = min(side_px, height, width)
    part = crop_square(pixels, side_px, (x, y))
    assert part.pixels.shape == (side, side, 3)
    x1, y1, x2, y2 = part.box
    assert 0 <= x1 < x2 <= width
    assert 0 <= y1 < y2 <= height


@pytest.mark.parametrize(
    ("side_px", "center"), [(0, (0.5, 0.5)), (3, (-0.1, 0.5)), (3, (0.5, 1.1)), (3, (0, np.nan))]
)
def test_crop_square_refuses(side_px: int, center: tuple[float, float]) -> None:
    with pytest.raises(InputError):
        crop_square(np.zeros((5, 7, 3), np.uint8), side_px, center)


def test_grey_is_opencvs_to_the_last_bit() -> None:
    every_17th = np.arange(0, 256, 3, dtype=np.uint8)
    cube = np.stack(np.meshgrid(every_17th, every_17th, every_17th), -1).reshape(86, -1, 3)
    for pixels in (cube, sample("astronaut").pixels):
        np.testing.assert_array_equal(grey(pixels), cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY))


def test_grey_of_grey_is_itself() -> None:
    ramp = np.arange(256, dtype=np.uint8)
    np.testing.assert_array_equal(grey(ramp[None, :, None].repeat(3, 2))[0], ramp)


@given(pictures)
def test_channels_apart_and_together_again(pixels: np.ndarray) -> None:
    maps = split_channels(pixels)
    for mine, other in zip(maps, cv2.split(pixels), strict=True):
        np.testing.assert_array_equal(mine, other)
    np.testing.assert_array_equal(mix_channels(maps, (True, True, True)), pixels)
    only_green = mix_channels(maps, (False, True, False))
    np.testing.assert_array_equal(only_green[:, :, 1], pixels[:, :, 1])
    assert not only_green[:, :, [0, 2]].any()


@given(pictures)
def test_histogram_is_opencvs_and_numpys(pixels: np.ndarray) -> None:
    counts = histogram(pixels)
    assert counts.shape == (3, 256)
    assert (counts.sum(axis=1) == pixels.shape[0] * pixels.shape[1]).all()
    for channel in range(3):
        other = cv2.calcHist([pixels], [channel], None, [256], [0, 256])[:, 0]
        np.testing.assert_array_equal(counts[channel], other)
        numpys, _ = np.histogram(pixels[:, :, channel], np.arange(257))
        np.testing.assert_array_equal(counts[channel], numpys)


def test_histogram_of_grey_has_one_row() -> None:
    counts = histogram(np.array([[0, 255, 255]], np.uint8))
    assert counts.shape == (1, 256)
    assert (counts[0, 0], counts[0, 255], counts.sum()) == (1, 2, 3)

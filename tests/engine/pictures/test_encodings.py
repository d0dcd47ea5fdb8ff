"""Real encodes, measured: against scikit-image, OpenCV and by hand."""

import math

import cv2
import numpy as np
import pytest
import skimage.metrics
from hypothesis import assume, given
from hypothesis.extra.numpy import arrays

from engine.errors import InputError
from engine.pictures import (
    encode_jpeg,
    encode_png,
    error_map,
    measure_jpeg,
    measure_png,
    psnr_db,
    quantise,
    sample,
)

pictures = arrays(np.uint8, (5, 6, 3))


def read_by_opencv(data: bytes) -> np.ndarray:
    bgr = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    assert bgr is not None
    return bgr[:, :, ::-1]


@given(pictures, pictures)
def test_psnr_is_scikit_images(original: np.ndarray, other: np.ndarray) -> None:
    assume((original != other).any())
    expected = skimage.metrics.peak_signal_noise_ratio(original, other)
    assert psnr_db(original, other) == pytest.approx(expected)


def test_psnr_at_its_ends() -> None:
    black, white = np.zeros((2, 2, 3), np.uint8), np.full((2, 2, 3), 255, np.uint8)
    assert psnr_db(black, black) == math.inf
    assert psnr_db(black, white) == psnr_db(white, black) == 0


@pytest.mark.parametrize("size", [(1, 1), (1, 9), (33, 17)])
def test_png_loses_nothing(size: tuple[int, int]) -> None:
    pixels = sample("flower").pixels[: size[0], : size[1]]
    encoded = measure_png(pixels)
    np.testing.assert_array_equal(encoded.pixels, pixels)
    np.testing.assert_array_equal(read_by_opencv(encoded.data), pixels)
    assert encoded.psnr_db == math.inf
    assert encoded.file_bytes == len(encoded.data)


@pytest.mark.parametrize("bits", [1, 8, 24])
def test_png_at_each_depth_is_lossless_and_states_its_depth(bits: int) -> None:
    quantised = quantise(sample("coffee").pixels, bits, dither=True)
    data = encode_png(quantised.pixels, bits)
    np.testing.assert_array_equal(read_by_opencv(data), quantised.pixels)
    depth, colour_type = data[24], data[25]  # IHDR
    assert (depth, colour_type) == {1: (1, 0), 8: (8, 0), 24: (8, 2)}[bits]


def test_a_shallower_png_is_smaller() -> None:
    pixels = sample("coffee").pixels
    sizes = [len(encode_png(quantise(pixels, bits).pixels, bits)) for bits in (1, 8, 24)]
    assert sizes == sorted(sizes)


@pytest.mark.parametrize("quality", [1, 50, 95])
def test_jpeg_is_read_alike_by_others(quality: int) -> None:
    pixels = sample("china").pixels
    encoded = measure_jpeg(pixels, quality)
    other = read_by_opencv(encoded.data).astype(int)
    assert np.abs(encoded.pixels - other).mean() < 0.5
    expected = skimage.metrics.peak_signal_noise_ratio(pixels, encoded.pixels)
    assert encoded.psnr_db == pytest.approx(expected)
    assert encoded.data == encode_jpeg(pixels, quality)


def test_jpeg_has_half_resolution_colour() -> None:
    data = encode_jpeg(sample("china").pixels, 90)
    at = data.index(b"\xff\xc0")
    samplings = [data[at + 11 + 3 * component] for component in range(3)]
    assert samplings == [0x22, 0x11, 0x11]


def test_quality_buys_fidelity_with_bytes() -> None:
    pixels = sample("astronaut").pixels
    encodes = [measure_jpeg(pixels, quality) for quality in (5, 30, 60, 90)]
    assert [e.file_bytes for e in encodes] == sorted(e.file_bytes for e in encodes)
    assert [e.psnr_db for e in encodes] == sorted(e.psnr_db for e in encodes)
    assert encodes[-1].file_bytes < measure_png(pixels).file_bytes


@given(pictures, pictures)
def test_error_map_is_opencvs_difference(original: np.ndarray, other: np.ndarray) -> None:
    expected = cv2.absdiff(original, other).max(axis=2)
    np.testing.assert_array_equal(error_map(original, other), expected)


@pytest.mark.parametrize("quality", [0, 96, -3])
def test_quality_out_of_range(quality: int) -> None:
    with pytest.raises(InputError, match=f"between 1 and 95, but was {quality}"):
        encode_jpeg(sample("china").pixels, quality)


def test_png_depth_out_of_choice() -> None:
    with pytest.raises(InputError, match="one of 1, 8, 24, but was 4"):
        encode_png(sample("china").pixels, 4)

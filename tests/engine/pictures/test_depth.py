"""Bit depth: values, dithering and bytes, against Pillow, NumPy and OpenCV."""

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from engine.errors import InputError
from engine.pictures import BITS_PER_PIXEL, bitmap_bytes, quantise, quantise_channels, sample

EVERY_VALUE = np.arange(256, dtype=np.uint8)[None, :, None].repeat(3, axis=2)  # (1, 256, 3)


@given(st.integers(1, 40), st.integers(1, 40))
def test_bitmap_bytes_are_those_of_a_real_bitmap(height: int, width: int) -> None:
    size = (height, width)
    assert bitmap_bytes(size, 1) == len(Image.new("1", (width, height)).tobytes())
    assert bitmap_bytes(size, 1) == np.packbits(np.zeros(size, bool), axis=1).nbytes
    assert bitmap_bytes(size, 8) == np.zeros(size, np.uint8).nbytes
    assert bitmap_bytes(size, 24) == np.zeros((*size, 3), np.uint8).nbytes


def test_24_bits_change_nothing() -> None:
    pixels = sample("coffee").pixels
    result = quantise(pixels, 24)
    np.testing.assert_array_equal(result.pixels, pixels)
    assert (result.values, result.bitmap_bytes) == (2**24, pixels.nbytes)


def test_8_bits_are_grey() -> None:
    pixels = sample("coffee").pixels
    result = quantise(pixels, 8)
    luma = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    np.testing.assert_array_equal(result.pixels, luma[:, :, None].repeat(3, axis=2))
    assert (result.values, result.bitmap_bytes) == (256, luma.nbytes)


def test_1_bit_is_a_threshold_at_128() -> None:
    result = quantise(EVERY_VALUE, 1)
    assert result.pixels[0, :, 0].tolist() == [0] * 128 + [255] * 128
    assert (result.values, result.bitmap_bytes) == (2, 32)


@pytest.mark.parametrize("dither", [False, True])
def test_1_bit_is_pillows(dither: bool) -> None:
    luma = sample("camera").pixels[:, :, 0]
    mode = Image.Dither.FLOYDSTEINBERG if dither else Image.Dither.NONE
    other = np.asarray(Image.fromarray(luma).convert("1", dither=mode)) * np.uint8(255)
    result = quantise(sample("camera").pixels, 1, dither)
    np.testing.assert_array_equal(result.pixels, other[:, :, None].repeat(3, axis=2))


def test_dithering_keeps_the_mean_brightness_and_a_threshold_does_not() -> None:
    dark = np.full((256, 256, 3), 64, np.uint8)
    assert quantise(dark, 1, dither=True).pixels.mean() == pytest.approx(64, abs=1)
    assert quantise(dark, 1, dither=False).pixels.mean() == 0


@pytest.mark.parametrize("bits", range(1, 9))
def test_channels_keep_evenly_spaced_values(bits: int) -> None:
    result = quantise_channels(EVERY_VALUE, bits)
    levels = np.unique(result.pixels)
    assert len(levels) == 2**bits
    np.testing.assert_array_equal(levels, np.rint(np.linspace(0, 255, 2**bits)))
    assert (result.bits_per_pixel, result.values) == (3 * bits, 8**bits)
    assert result.bitmap_bytes == (256 * 3 * bits + 7) // 8


@pytest.mark.parametrize("bits", range(1, 9))
def test_each_value_goes_to_the_nearest(bits: int) -> None:
    values = np.arange(256)
    exact = np.linspace(0, 255, 2**bits)
    nearest = exact[np.abs(values[:, None] - exact).argmin(axis=1)]
    result = quantise_channels(EVERY_VALUE, bits).pixels[0, :, 0]
    np.testing.assert_array_equal(result, np.rint(nearest))


def test_channels_are_independent() -> None:
    pixels = np.array([[[255, 0, 0], [0, 200, 90]]], np.uint8)
    assert quantise_channels(pixels, 1).pixels.tolist() == [[[255, 0, 0], [0, 255, 0]]]


@pytest.mark.parametrize("bits", [0, 2, 16, 32, -1])
def test_other_depths_are_refused(bits: int) -> None:
    assert bits not in BITS_PER_PIXEL
    with pytest.raises(InputError, match=f"one of 1, 8, 24, but was {bits}"):
        quantise(EVERY_VALUE, bits)


@pytest.mark.parametrize("bits", [0, 9])
def test_other_channel_depths_are_refused(bits: int) -> None:
    with pytest.raises(InputError, match="between 1 and 8"):
        quantise_channels(EVERY_VALUE, bits)

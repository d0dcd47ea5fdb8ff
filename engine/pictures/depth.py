"""Bit depth: how many values a pixel can take, and how many bytes that costs.

Sources: Floyd and Steinberg, "An adaptive algorithm for spatial greyscale", 1976, as implemented
by Pillow's ``convert("1")``; the PBM format for the packing of 1-bit rows.
"""

from dataclasses import dataclass

import numpy as np
from PIL import Image

from engine.errors import InputError
from engine.pictures.raster import grey

BITS_PER_PIXEL = (1, 8, 24)
_THRESHOLD = 128  # the same as Pillow's without dithering


@dataclass(frozen=True, eq=False)
class Quantised:
    """A picture with fewer values a pixel.

    Attributes:
        pixels: uint8 (H, W, 3), spread over 0 to 255 again so that it can be shown.
        bits_per_pixel: what one pixel needs.
        values: how many different values a pixel can take, 2 ** bits_per_pixel.
        bitmap_bytes: the bare bitmap, see ``bitmap_bytes``.
    """

    pixels: np.ndarray
    bits_per_pixel: int
    values: int
    bitmap_bytes: int


def bitmap_bytes(size: tuple[int, int], bits_per_pixel: int) -> int:
    """Bytes of a bare bitmap of (H, W) pixels: no header; each row fills up its last byte.

    (A BMP file also fills each row up to a multiple of 4 bytes; that is not counted here.)
    """
    height, width = size
    return height * ((width * bits_per_pixel + 7) // 8)


def quantise(pixels: np.ndarray, bits_per_pixel: int, dither: bool = False) -> Quantised:
    """The picture in black and white (1), in 256 greys (8) or in 2 ** 24 colours (24).

    Args:
        pixels: uint8 (H, W, 3), RGB.
        bits_per_pixel: one of ``BITS_PER_PIXEL``.
        dither: for 1 bit: spread each pixel's error over its neighbours (Floyd-Steinberg)
            instead of cutting at 128. The other depths lose nothing by rounding and ignore it.

    Raises:
        InputError: another bit depth.
    """
    if bits_per_pixel not in BITS_PER_PIXEL:
        choices = ", ".join(map(str, BITS_PER_PIXEL))
        raise InputError(
            "value_not_a_choice", name="bits_per_pixel", choices=choices, value=bits_per_pixel
        )
    if bits_per_pixel == 24:
        shown = pixels
    elif bits_per_pixel == 8:
        shown = _as_rgb(grey(pixels))
    else:
        shown = _as_rgb(_black_and_white(grey(pixels), dither))
    return _measured(shown, bits_per_pixel)


def quantise_channels(pixels: np.ndarray, bits_per_channel: int) -> Quantised:
    """The picture with 2 ** ``bits_per_channel`` evenly spaced values in each channel.

    Each value goes to the nearest of the values that remain.

    Args:
        pixels: uint8 (H, W, 3), RGB.
        bits_per_channel: 1 to 8.

    Raises:
        InputError: ``bits_per_channel`` out of range.
    """
    if not 1 <= bits_per_channel <= 8:
        raise InputError(
            "value_out_of_range", name="bits_per_channel", low=1, high=8, value=bits_per_channel
        )
    steps = 2**bits_per_channel - 1
    values = np.arange(256)
    # Rounded to the nearest in whole numbers; no ties, since 255 and steps are odd.
    index = (values * steps + 127) // 255
    table = ((index * 255 + steps // 2) // steps).astype(np.uint8)
    return _measured(table[pixels], 3 * bits_per_channel)


def _black_and_white(luma: np.ndarray, dither: bool) -> np.ndarray:
    if not dither:
        return np.where(luma >= _THRESHOLD, 255, 0).astype(np.uint8)
    dithered = Image.fromarray(luma).convert("1", dither=Image.Dither.FLOYDSTEINBERG)
    return np.where(np.asarray(dithered), 255, 0).astype(np.uint8)


def _as_rgb(luma: np.ndarray) -> np.ndarray:
    return np.repeat(luma[:, :, None], 3, axis=2)


def _measured(pixels: np.ndarray, bits_per_pixel: int) -> Quantised:
    size_bytes = bitmap_bytes((pixels.shape[0], pixels.shape[1]), bits_per_pixel)
    return Quantised(pixels, bits_per_pixel, 2**bits_per_pixel, size_bytes)

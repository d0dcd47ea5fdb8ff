"""PNG against JPEG on real files: the bytes that they take and what the pixels become.

Sources: Pillow's PNG and JPEG writers (libpng-style zlib level 6; libjpeg-turbo); PSNR as in
``skimage.metrics.peak_signal_noise_ratio``.
"""

import io
import math
from dataclasses import dataclass

import numpy as np
from PIL import Image

from engine.errors import InputError
from engine.pictures.depth import BITS_PER_PIXEL

MIN_QUALITY, MAX_QUALITY = 1, 95  # above 95 libjpeg only makes the file larger
_PNG_LEVEL = 6
_CHROMA_HALVED = 2  # Pillow's name for 4:2:0
_PNG_MODES = {1: "1", 8: "L", 24: "RGB"}


@dataclass(frozen=True, eq=False)
class Encoded:
    """A picture that was written as a file and read again.

    Attributes:
        data: the file.
        pixels: uint8 (H, W, 3), what the file decodes to.
        file_bytes: its length.
        psnr_db: peak signal-to-noise ratio against the original; infinite where nothing was lost.
    """

    data: bytes
    pixels: np.ndarray
    file_bytes: int
    psnr_db: float


def encode_png(pixels: np.ndarray, bits_per_pixel: int = 24) -> bytes:
    """A PNG file; lossless as long as the pixels fit the depth (see ``depth.quantise``).

    Args:
        pixels: uint8 (H, W, 3), RGB.
        bits_per_pixel: 1 (black and white), 8 (grey) or 24.

    Raises:
        InputError: another bit depth.
    """
    if bits_per_pixel not in _PNG_MODES:
        choices = ", ".join(map(str, BITS_PER_PIXEL))
        raise InputError(
            "value_not_a_choice", name="bits_per_pixel", choices=choices, value=bits_per_pixel
        )
    image = Image.fromarray(pixels)
    if bits_per_pixel < 24:
        image = image.convert(_PNG_MODES[bits_per_pixel], dither=Image.Dither.NONE)
    buffer = io.BytesIO()
    image.save(buffer, "PNG", compress_level=_PNG_LEVEL)
    return buffer.getvalue()


def encode_jpeg(pixels: np.ndarray, quality: int) -> bytes:
    """A baseline JPEG file with colour at half resolution (4:2:0), as most cameras write it.

    Args:
        pixels: uint8 (H, W, 3), RGB.
        quality: ``MIN_QUALITY`` to ``MAX_QUALITY``.

    Raises:
        InputError: ``quality`` out of range.
    """
    if not MIN_QUALITY <= quality <= MAX_QUALITY:
        raise InputError(
            "value_out_of_range", name="quality", low=MIN_QUALITY, high=MAX_QUALITY, value=quality
        )
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "JPEG", quality=quality, subsampling=_CHROMA_HALVED)
    return buffer.getvalue()


def measure_png(pixels: np.ndarray, bits_per_pixel: int = 24) -> Encoded:
    """Write ``pixels`` (uint8 (H, W, 3)) as PNG, read the file again and compare.

    Raises:
        InputError: a bit depth other than 1, 8 or 24.
    """
    return _measure(pixels, encode_png(pixels, bits_per_pixel))


def measure_jpeg(pixels: np.ndarray, quality: int) -> Encoded:
    """Write ``pixels`` (uint8 (H, W, 3)) as JPEG, read the file again and compare.

    Raises:
        InputError: ``quality`` out of range.
    """
    return _measure(pixels, encode_jpeg(pixels, quality))


def _measure(pixels: np.ndarray, data: bytes) -> Encoded:
    with Image.open(io.BytesIO(data), formats=("PNG", "JPEG")) as image:
        decoded = np.array(image.convert("RGB"))
    return Encoded(data, decoded, len(data), psnr_db(pixels, decoded))


def psnr_db(original: np.ndarray, other: np.ndarray) -> float:
    """Peak signal-to-noise ratio in dB, 10 log10(255 ** 2 / mean squared error).

    Args:
        original, other: uint8, same shape.

    Returns:
        Infinite for equal pictures; 0 where black stands against white.
    """
    import cv2

    # Whole numbers until the end, without a copy of the picture in wider ones.
    mean_squared_error = cv2.norm(original, other, cv2.NORM_L2SQR) / original.size
    if mean_squared_error == 0:
        return math.inf
    return 10 * math.log10(255**2 / mean_squared_error)


def error_map(original: np.ndarray, other: np.ndarray) -> np.ndarray:
    """How far each pixel is off: the largest absolute difference of its channels.

    Args:
        original, other: uint8 (H, W, 3).

    Returns:
        uint8 (H, W), 0 to 255.
    """
    import cv2

    red, green, blue = cv2.split(cv2.absdiff(original, other))
    return np.maximum(np.maximum(red, green), blue)

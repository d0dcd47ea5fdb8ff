"""A picture as a raster of numbers: fewer pixels, larger pixels, a part, one channel, a count.

Sources: OpenCV's ``resize`` (INTER_AREA) and ``cvtColor`` (RGB2GRAY); ITU-R BT.601, luma weights.
"""

import math
from dataclasses import dataclass

import numpy as np

from engine.errors import InputError

MAX_ENLARGED_PIXELS = 16_000_000

# BT.601 luma 0.299 R + 0.587 G + 0.114 B in OpenCV's fixed point: the weights sum to 2 ** 15.
_LUMA_WEIGHTS = np.array([9798, 19235, 3735], np.uint32)
_LUMA_SHIFT = 15


@dataclass(frozen=True, eq=False)
class Crop:
    """A part of a picture.

    Attributes:
        pixels: uint8 (h, w, 3).
        box: (x1, y1, x2, y2) in pixels of the whole picture, half-open.
    """

    pixels: np.ndarray
    box: tuple[int, int, int, int]


def resize_longest(pixels: np.ndarray, longest_px: int) -> np.ndarray:
    """Shrink so that the longest side has ``longest_px`` pixels; never enlarges.

    Args:
        pixels: uint8 (H, W, 3) or (H, W).
        longest_px: at least 1.

    Returns:
        Each pixel is the mean of the area that it covers; the shorter side has at least 1 pixel.

    Raises:
        InputError: ``longest_px`` below 1.
    """
    return _shrink(pixels, longest_px, max(pixels.shape[:2]))


def resize_height(pixels: np.ndarray, height_px: int) -> np.ndarray:
    """Shrink so that the height is ``height_px`` pixels; otherwise as ``resize_longest``."""
    return _shrink(pixels, height_px, pixels.shape[0])


def _shrink(pixels: np.ndarray, target_px: int, side_px: int) -> np.ndarray:
    import cv2

    if target_px < 1:
        raise _out_of_range("size_px", 1, side_px, target_px)
    if target_px >= side_px:
        return pixels
    height_px, width_px = (max(1, round(n * target_px / side_px)) for n in pixels.shape[:2])
    return cv2.resize(pixels, (width_px, height_px), interpolation=cv2.INTER_AREA)


def resize_to(pixels: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """Exactly as large as wanted, whatever that does to the shape.

    Args:
        pixels: uint8 (H, W, 3) or (H, W).
        size: (h, w), each at least 1.

    Returns:
        With fewer pixels than before each is the mean of the area that it covers, so that none of a
        large photo is skipped; with more, bilinear.
    """
    import cv2

    height, width = size
    shrinks = pixels.shape[0] * pixels.shape[1] > height * width
    how = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
    return cv2.resize(pixels, (width, height), interpolation=how)


def enlarge(pixels: np.ndarray, factor: int) -> np.ndarray:
    """Each pixel as a square of ``factor`` x ``factor`` equal pixels (nearest neighbour).

    Args:
        pixels: uint8 (H, W, 3) or (H, W).
        factor: at least 1; the result has at most ``MAX_ENLARGED_PIXELS`` pixels.

    Raises:
        InputError: ``factor`` out of range.
    """
    height, width = pixels.shape[:2]
    highest = max(1, int((MAX_ENLARGED_PIXELS / (height * width)) ** 0.5))
    if not 1 <= factor <= highest:
        raise _out_of_range("factor", 1, highest, factor)
    return pixels.repeat(factor, axis=0).repeat(factor, axis=1)


def crop(pixels: np.ndarray, box: tuple[int, int, int, int]) -> Crop:
    """The pixels inside ``box``.

    Args:
        pixels: uint8 (H, W, 3) or (H, W).
        box: (x1, y1, x2, y2) with 0 <= x1 < x2 <= W and 0 <= y1 < y2 <= H; half-open.

    Raises:
        InputError: the box is empty or leaves the picture.
    """
    height, width = pixels.shape[:2]
    x1, y1, x2, y2 = box
    if not (0 <= x1 < x2 <= width and 0 <= y1 < y2 <= height):
        raise InputError("crop_outside", x1=x1, y1=y1, x2=x2, y2=y2, width=width, height=height)
    return Crop(np.ascontiguousarray(pixels[y1:y2, x1:x2]), box)


def crop_square(pixels: np.ndarray, side_px: int, center: tuple[float, float]) -> Crop:
    """A square of ``side_px`` pixels around a point, moved as far as needed to stay inside.

    Args:
        pixels: uint8 (H, W, 3) or (H, W).
        side_px: at least 1; the picture's shorter side where that is less.
        center: (x, y) as fractions of width and height, 0 to 1.

    Raises:
        InputError: ``side_px`` below 1 or ``center`` outside 0 to 1.
    """
    height, width = pixels.shape[:2]
    if side_px < 1:
        raise _out_of_range("side_px", 1, min(height, width), side_px)
    for fraction in center:
        if not 0 <= fraction <= 1:
            raise _out_of_range("center", 0, 1, fraction)
    side = min(side_px, height, width)
    # Half a pixel goes to the lower index.
    x1 = min(max(0, math.ceil(center[0] * width - side / 2 - 0.5)), width - side)
    y1 = min(max(0, math.ceil(center[1] * height - side / 2 - 0.5)), height - side)
    return crop(pixels, (x1, y1, x1 + side, y1 + side))


def grey(pixels: np.ndarray) -> np.ndarray:
    """Brightness as the eye weighs it: 0.299 R + 0.587 G + 0.114 B (BT.601).

    Args:
        pixels: uint8 (H, W, 3), RGB.

    Returns:
        uint8 (H, W), to the last bit what OpenCV's ``cvtColor(..., COLOR_RGB2GRAY)`` gives.
    """
    weighted = pixels.astype(np.uint32) @ _LUMA_WEIGHTS  # (H, W)
    half = 1 << (_LUMA_SHIFT - 1)
    return ((weighted + half) >> _LUMA_SHIFT).astype(np.uint8)


def split_channels(pixels: np.ndarray) -> np.ndarray:
    """The red, green and blue maps: uint8 (H, W, 3) to uint8 (3, H, W)."""
    return np.ascontiguousarray(pixels.transpose(2, 0, 1))


def mix_channels(channels: np.ndarray, keep: tuple[bool, bool, bool]) -> np.ndarray:
    """Put maps together again; those not kept are 0.

    Args:
        channels: uint8 (3, H, W).
        keep: red, green, blue.

    Returns:
        uint8 (H, W, 3). One channel kept alone shows in its own colour.
    """
    kept = channels * np.array(keep, np.uint8)[:, None, None]
    return np.ascontiguousarray(kept.transpose(1, 2, 0))


def histogram(pixels: np.ndarray) -> np.ndarray:
    """How many pixels have each value.

    Args:
        pixels: uint8 (H, W, 3) or (H, W).

    Returns:
        int64 (C, 256), C being 3 or 1; each row sums to H * W.
    """
    channels = pixels.reshape(-1, 1 if pixels.ndim == 2 else pixels.shape[2])  # (H * W, C)
    return np.stack([np.bincount(values, minlength=256) for values in channels.T])


def _out_of_range(name: str, low: float, high: float, value: float) -> InputError:
    return InputError("value_out_of_range", name=name, low=low, high=high, value=value)

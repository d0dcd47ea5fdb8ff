"""The picture in other channels: what light changes in one of them, it leaves alone in another.

Source: Uijlings et al. 2013, section 4.2 and table 2 (which channels shadows leave alone).
"""

from typing import Literal, get_args

import cv2
import numpy as np

from engine.errors import InputError

#: ``rgi`` is r and g, normalised by the sum of the three, and intensity; ``h`` hue alone.
ColourSpace = Literal["rgb", "hsv", "lab", "rgi", "h", "grey"]
COLOUR_SPACES: tuple[ColourSpace, ...] = get_args(ColourSpace)

_HUE_DEGREES = 360.0
_LAB_LOW = np.array([0, -128, -128], np.float32)
_LAB_SPAN = np.array([100, 255, 255], np.float32)


def to_colour_space(pixels: np.ndarray, space: ColourSpace) -> np.ndarray:
    """The picture's channels, each stretched so that its whole range is [0, 1].

    Args:
        pixels: uint8 (H, W, 3), RGB.
        space: which channels. Where a pixel has no hue it is 0; where it is black, r = g = 1/3.

    Returns:
        float32 (H, W, C), C = 3, or 1 for ``h`` and ``grey``.

    Raises:
        InputError: an unknown space.
        ValueError: not a picture.
    """
    if pixels.dtype != np.uint8 or pixels.ndim != 3 or pixels.shape[2] != 3 or not pixels.size:
        raise ValueError(f"uint8 (H, W, 3) is needed, not {pixels.dtype} {pixels.shape}")
    if space not in COLOUR_SPACES:
        choices = ", ".join(COLOUR_SPACES)
        raise InputError("value_not_a_choice", name="space", choices=choices, value=space)
    rgb = pixels.astype(np.float32) / np.float32(255)
    if space == "rgb":
        return rgb
    if space == "grey":
        return cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)[:, :, None]
    if space == "lab":
        lab = cv2.cvtColor(rgb, cv2.COLOR_RGB2Lab)
        return ((lab - _LAB_LOW) / _LAB_SPAN).clip(0, 1)
    if space == "rgi":
        return _normalise(rgb)
    hsv = cv2.cvtColor(rgb, cv2.COLOR_RGB2HSV)
    hsv[:, :, 0] /= np.float32(_HUE_DEGREES)
    return hsv if space == "hsv" else hsv[:, :, :1].copy()


def _normalise(rgb: np.ndarray) -> np.ndarray:
    total = rgb.sum(axis=2, keepdims=True)
    third = np.float32(1 / 3)
    shares = np.divide(rgb, total, out=np.full_like(rgb, third), where=total > 0)
    return np.concatenate([shares[:, :, :2], total * third], axis=2)

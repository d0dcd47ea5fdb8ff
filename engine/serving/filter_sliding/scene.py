"""A square of the learner's picture as a small grid of whole numbers, or one row of it.

The tiny grid holds 0 to 9, to be read and reckoned with; the others 0 to 255.
"""

import math
import threading
from weakref import WeakKeyDictionary

import numpy as np
import torch
from torch import Tensor

from engine.cache import Cache
from engine.pictures import (
    Crop,
    Picture,
    crop_square,
    enlarge,
    grey,
    resize_longest,
    split_channels,
)
from engine.serving.filter_sliding.setting import SCENES, TINY_TOP, TOP, Setting

_KEPT_SQUARES = 8


def scene_box(picture: Picture, spot: tuple[int, int, int]) -> tuple[int, int, int, int]:
    """The part of the picture that a scene shows: xyxy pixels, half-open, always a square."""
    return _cut_square(picture, spot).box


def scene_input(picture: Picture, setting: Setting) -> Tensor:
    """The scene as the filters see it: whole numbers as float32.

    Returns:
        ``(C, H, W)`` in 0 … 255 (tiny: 0 … 9); of a signal ``(C, W)``, the square's middle row.
    """
    pixels = _resampled(picture, setting.spot, SCENES[setting.scene])
    channels = split_channels(pixels) if setting.colour else grey(pixels)[None]
    if setting.scene == "tiny":
        channels = np.rint(channels / TOP * TINY_TOP)
    values = torch.from_numpy(channels.astype(np.float32))
    return values[:, values.shape[1] // 2] if setting.dims == 1 else values


def _cut_square(picture: Picture, spot: tuple[int, int, int]) -> Crop:
    x, y, side = spot
    side_px = max(1, round(min(picture.pixels.shape[:2]) * side / 100))
    return crop_square(picture.pixels, side_px, (x / 100, y / 100))


# By picture, so that what was cut from a picture is forgotten with it.
_squares: WeakKeyDictionary[Picture, Cache[np.ndarray]] = WeakKeyDictionary()
_squares_lock = threading.Lock()


def _resampled(picture: Picture, spot: tuple[int, int, int], side: int) -> np.ndarray:
    """The square as uint8 ``(side, side, 3)``; a pixel is the mean of the area it covers."""

    def cut() -> np.ndarray:
        pixels = _cut_square(picture, spot).pixels
        pixels = enlarge(pixels, max(1, math.ceil(side / len(pixels))))
        return resize_longest(pixels, side)

    with _squares_lock:
        kept = _squares.setdefault(picture, Cache(_KEPT_SQUARES))
    return kept.get((spot, side), cut)

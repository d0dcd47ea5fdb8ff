"""RGB and YCbCr, and chroma at fewer samples than luma. ITU-T T.871; libjpeg's upsampling.

Y is brightness, Cb and Cr are how much bluer and redder than grey a pixel is, 128 being grey.
"""

import numpy as np

_TO_YCC = np.array(
    [[0.299, 0.587, 0.114], [-0.168735892, -0.331264108, 0.5], [0.5, -0.418687589, -0.081312411]]
)
_OFFSET = np.array([0.0, 128.0, 128.0])
#: Samples of chroma for (down, across) of luma.
FACTORS = {"4:4:4": (1, 1), "4:2:2": (1, 2), "4:2:0": (2, 2)}
_FEWEST_SMOOTHED = 3  # columns; narrower chroma is only repeated (libjpeg)


def rgb_to_ycc(rgb: np.ndarray) -> np.ndarray:
    """uint8 (..., 3) Y, Cb, Cr of uint8 (..., 3) RGB, rounded as a file holds them."""
    return np.clip(np.floor(rgb @ _TO_YCC.T + _OFFSET + 0.5), 0, 255).astype(np.uint8)


def ycc_to_rgb(ycc: np.ndarray) -> np.ndarray:
    """uint8 (..., 3) RGB of (..., 3) Y, Cb, Cr."""
    y, cb, cr = np.moveaxis(ycc.astype(np.float64) - _OFFSET, -1, 0)
    red, blue = y + 1.402 * cr, y + 1.772 * cb
    green = y - 0.344136286 * cb - 0.714136286 * cr
    return np.clip(np.floor(np.stack([red, green, blue], axis=-1) + 0.5), 0, 255).astype(np.uint8)


def shrink(plane: np.ndarray, factors: tuple[int, int]) -> np.ndarray:
    """uint8 (h, w): each sample the mean of ``factors`` (down, across) samples of uint8 (H, W).

    H and W are multiples of the factors. Halves are rounded up in every other column and down in
    the others, as libjpeg does, so that the whole gets no brighter.
    """
    down, across = factors
    if down * across == 1:
        return plane
    height, width = plane.shape[0] // down, plane.shape[1] // across
    sums = plane.reshape(height, down, width, across).sum(axis=(1, 3), dtype=np.int32)
    first = down * across // 2 - 1  # of each pair of columns: 0, 1 for two, 1, 2 for four samples
    bias = first + np.arange(width) % 2
    return ((sums + bias) // (down * across)).astype(np.uint8)


def grow(plane: np.ndarray, factors: tuple[int, int]) -> np.ndarray:
    """uint8 (h · down, w · across): libjpeg's smooth ("fancy") upsampling of uint8 (h, w).

    A new sample is three parts of the nearest old one and one part of the next, along each side
    that grows; at the borders the nearest alone.
    """
    down, across = factors
    if down * across == 1:
        return plane
    if plane.shape[1] < _FEWEST_SMOOTHED:
        return plane.repeat(down, axis=0).repeat(across, axis=1)
    wide = plane.astype(np.int32)
    if down == 2:
        wide = _between(wide)
    wide = _between(wide.T).T
    first, second = (8, 7) if down == 2 else (1, 2)  # halves up and down in turn
    bias = np.where(np.arange(wide.shape[1]) % 2, second, first)
    return ((wide + bias) // (16 if down == 2 else 4)).astype(np.uint8)


def _between(values: np.ndarray) -> np.ndarray:
    """int32 (2 h, w): rows at a quarter and three quarters, times four."""
    before = np.concatenate([values[:1], values[:-1]])
    after = np.concatenate([values[1:], values[-1:]])
    made = np.stack([3 * values + before, 3 * values + after], axis=1)
    return made.reshape(2 * len(values), -1)

"""The first regions, and what is measured of each: size, box, colours, texture, neighbours.

The regions are scikit-image's ``felzenszwalb`` (Felzenszwalb & Huttenlocher 2004): neighbouring
pixels are joined while their difference is small against the differences inside. Histograms as in
Uijlings et al. 2013, section 3.2.
"""

import math
from dataclasses import dataclass

import cv2
import numpy as np
from skimage.segmentation import felzenszwalb

from engine.errors import InputError

COLOUR_BINS = 25
TEXTURE_BINS, ORIENTATIONS = 10, 8
DERIVATIVE_SIGMA_PX = 1.0
BLUR_SIGMA_PX, LEAST_PX = 0.8, 20
#: Of a picture that has more, those below a larger and larger least size join a neighbour.
MOST_REGIONS = 1500
_RADIUS_PX = 4
#: What a step from 0 to 1 answers at most: the height of the Gaussian.
STEEPEST = 1 / (math.sqrt(2 * math.pi) * DERIVATIVE_SIGMA_PX)


@dataclass(frozen=True, eq=False)
class Regions:
    """R regions of a picture that cover it, each in one piece.

    Attributes:
        labels: int32 (H, W), 0 to R - 1.
        sizes_px: int64 (R,), pixels.
        boxes: int64 (R, 4), ``xyxy`` in pixels, half-open.
        colours: float64 (R, 25 C), a histogram of each channel; each row sums to 1.
        textures: float64 (R, 80 C), of each channel's derivative in 8 directions; likewise.
        pairs: int64 (P, 2), neighbours (also by a corner), lower index first, sorted.
    """

    labels: np.ndarray
    sizes_px: np.ndarray
    boxes: np.ndarray
    colours: np.ndarray
    textures: np.ndarray
    pairs: np.ndarray

    def __len__(self) -> int:
        return len(self.sizes_px)


def first_regions(channels: np.ndarray, scale: float) -> np.ndarray:
    """Felzenszwalb's regions, :data:`MOST_REGIONS` of them at most.

    Args:
        channels: float32 (H, W, C) in [0, 1].
        scale: how much difference a region tolerates, 1 to 10,000: higher gives larger regions.

    Returns:
        int32 (H, W), 0 to R - 1, each present.

    Raises:
        InputError: the scale is out of range.
    """
    if not 1 <= scale <= 10_000:  # also where it is not a number
        raise InputError("value_out_of_range", name="scale", low=1, high=10_000, value=scale)
    least_px = LEAST_PX
    while True:
        found = felzenszwalb(
            channels, scale=scale, sigma=BLUR_SIGMA_PX, min_size=least_px, channel_axis=-1
        )
        if found.max() < MOST_REGIONS:
            return found.astype(np.int32)
        least_px *= 2


def describe_regions(labels: np.ndarray, channels: np.ndarray) -> Regions:
    """What is measured of each region.

    Args:
        labels: int32 (H, W), 0 to R - 1, each present.
        channels: float32 (H, W, C) in [0, 1].
    """
    count = int(labels.max()) + 1
    sizes_px = np.bincount(labels.ravel(), minlength=count)
    return Regions(
        labels,
        sizes_px,
        _boxes(labels, count),
        _histograms(labels, channels, COLOUR_BINS, count),
        _histograms(labels, directed_derivatives(channels), TEXTURE_BINS, count),
        _neighbours(labels),
    )


def directed_derivatives(channels: np.ndarray) -> np.ndarray:
    """Gaussian derivatives of σ = 1 px in 8 directions, from rising to the right on clockwise.

    Args:
        channels: float32 (H, W, C) in [0, 1].

    Returns:
        float32 (H, W, 8 C) in [0, 1], direction by direction: 1 is a step from 0 to 1, and what
        falls in a direction is 0.
    """
    x = np.arange(-_RADIUS_PX, _RADIUS_PX + 1)
    bell = np.exp(-(x**2) / (2 * DERIVATIVE_SIGMA_PX**2))
    bell /= bell.sum()
    slope = x / DERIVATIVE_SIGMA_PX**2 * bell / STEEPEST  # as a correlation: rises are positive
    border = cv2.BORDER_REFLECT_101
    across = cv2.sepFilter2D(channels, cv2.CV_32F, slope, bell, borderType=border)
    down = cv2.sepFilter2D(channels, cv2.CV_32F, bell, slope, borderType=border)
    across, down = (each.reshape(channels.shape) for each in (across, down))  # one channel is lost
    half = [
        across * np.float32(math.cos(angle)) + down * np.float32(math.sin(angle))
        for angle in (math.pi * 2 / ORIENTATIONS * step for step in range(ORIENTATIONS // 2))
    ]
    directed = np.concatenate([*half, *(-each for each in half)], axis=2)
    return directed.clip(0, 1, out=directed)


def _histograms(labels: np.ndarray, values: np.ndarray, bins: int, count: int) -> np.ndarray:
    """Shares of the values in [0, 1] of each region in ``bins`` equal bins, float64 (R, bins C)."""
    channels = values.shape[2]
    at = np.minimum((values.reshape(-1, channels) * bins).astype(np.int32), bins - 1)
    at += np.arange(channels, dtype=np.int32) * bins
    at += labels.reshape(-1, 1) * (bins * channels)
    found = np.bincount(at.ravel(), minlength=count * bins * channels).astype(np.float64)
    found = found.reshape(count, bins * channels)
    return found / found.sum(axis=1, keepdims=True)


def _boxes(labels: np.ndarray, count: int) -> np.ndarray:
    height, width = labels.shape
    boxes = np.empty((count, 4), np.int64)
    for axis, side in ((0, width), (1, height)):
        # which columns (rows) a region lies in: its first and its last
        line = np.arange(side) if axis == 0 else np.arange(side)[:, None]
        there = np.zeros((count, side), bool)
        there[labels.ravel(), np.broadcast_to(line, labels.shape).ravel()] = True
        boxes[:, axis] = there.argmax(axis=1)
        boxes[:, axis + 2] = side - there[:, ::-1].argmax(axis=1)
    return boxes


def _neighbours(labels: np.ndarray) -> np.ndarray:
    """Regions that touch by a side or a corner, int64 (P, 2), sorted."""
    ways = (
        (labels[:, :-1], labels[:, 1:]),
        (labels[:-1], labels[1:]),
        (labels[:-1, :-1], labels[1:, 1:]),
        (labels[:-1, 1:], labels[1:, :-1]),
    )
    count = int(labels.max()) + 1
    codes = []
    for one, other in ways:
        differ = one != other
        low, high = np.minimum(one[differ], other[differ]), np.maximum(one[differ], other[differ])
        codes.append(low.astype(np.int64) * count + high)
    return np.stack(np.divmod(np.unique(np.concatenate(codes)), count), axis=1)

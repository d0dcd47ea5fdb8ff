"""How many objects so many boxes find: proposals, and windows on a grid, which know no picture.

Sources: Hosang, Benenson, Dollár, Schiele, "What Makes for Effective Detection Proposals?", PAMI
2016 (recall over the number of proposals, and the even windows as a baseline); Uijlings et al.
2013, section 5.1 (the mean best overlap).
"""

import math
from collections.abc import Sequence

import numpy as np
import torch

from engine.detection.boxes import box_iou
from engine.errors import InputError

#: Longer sides of the windows as shares of the picture's shorter side, and their width by height.
WINDOW_SIDES = (0.12, 0.2, 0.33, 0.55, 0.9)
WINDOW_RATIOS = (0.5, 1.0, 2.0)
SHAPES = len(WINDOW_SIDES) * len(WINDOW_RATIOS)
MOST_WINDOWS = 100_000


def overlaps(boxes: np.ndarray, truths: np.ndarray) -> np.ndarray:
    """IoU of each box with each object: (N, 4) and (M, 4) to float32 (N, M)."""
    first, second = (
        torch.from_numpy(np.asarray(each, np.float32).reshape(-1, 4)) for each in (boxes, truths)
    )
    return box_iou(first, second).numpy()


def first_hits(boxes: np.ndarray, truths: np.ndarray, least_iou: float) -> np.ndarray:
    """How many boxes must be looked at until each object is found: float64 (M,), inf if never.

    Args:
        boxes: (N, 4), ``xyxy``, in the order in which they are looked at.
        truths: (M, 4), the objects.
        least_iou: an object is found by a box that overlaps it so much, in [0, 1].

    Raises:
        InputError: the IoU is out of range.
    """
    if not 0 <= least_iou <= 1:
        raise InputError("value_out_of_range", name="iou", low=0, high=1, value=least_iou)
    found = overlaps(boxes, truths) >= least_iou
    if not len(found):
        return np.full(len(truths), np.inf)
    return np.where(found.any(axis=0), found.argmax(axis=0) + 1, np.inf)


def recall_at(hits: np.ndarray, counts: Sequence[int]) -> np.ndarray:
    """Share of objects found within so many boxes of their picture: float64 (len(counts),).

    Args:
        hits: as :func:`first_hits` says, of all pictures together, at least one object.
        counts: boxes a picture.
    """
    return (hits[None, :] <= np.asarray(counts)[:, None]).mean(axis=1)


def even_windows(size: tuple[int, int], wanted: int) -> np.ndarray:
    """About ``wanted`` windows of 15 shapes, the same number of each, evenly placed.

    Args:
        size: (H, W) of the picture in pixels.
        wanted: 15 to 100,000.

    Returns:
        int64 (N, 4), ``xyxy`` in pixels, N at most ``wanted``; doubles (where a small picture has
        fewer places) are left out.

    Raises:
        InputError: out of range.
    """
    if not SHAPES <= wanted <= MOST_WINDOWS:
        raise InputError(
            "value_out_of_range", name="windows", low=SHAPES, high=MOST_WINDOWS, value=wanted
        )
    placed = [
        _place_evenly(size, _window_px(size, side, ratio), wanted // SHAPES)
        for side in WINDOW_SIDES
        for ratio in WINDOW_RATIOS
    ]
    return np.unique(np.concatenate(placed), axis=0)


def all_boxes(size: tuple[int, int]) -> int:
    """How many boxes of whole pixels a picture (H, W) has: exhaustive search would try them all."""
    height, width = size
    return height * (height + 1) // 2 * (width * (width + 1) // 2)


def _window_px(size: tuple[int, int], side: float, ratio: float) -> tuple[int, int]:
    longest = side * min(size)
    height, width = longest * min(1, 1 / ratio), longest * min(1, ratio)
    return max(1, round(height)), max(1, round(width))


def _place_evenly(size: tuple[int, int], window_px: tuple[int, int], count: int) -> np.ndarray:
    """At most ``count`` places in rows and columns about equally far apart, the middle of each."""
    room = [side - window + 1 for side, window in zip(size, window_px, strict=True)]
    rows = min(count, max(1, round(math.sqrt(count * room[0] / room[1]))))
    columns = max(1, count // rows)
    top, left = (
        np.floor((np.arange(n) + 0.5) / n * space).astype(np.int64)
        for n, space in zip((rows, columns), room, strict=True)
    )
    y, x = (each.ravel() for each in np.meshgrid(top, left, indexing="ij"))
    return np.stack([x, y, x + window_px[1], y + window_px[0]], axis=1)

"""Haar features on many windows at once: integral images, contrast, and the trees of a stage.

Everything is in the precision in which OpenCV computes it, so that no window falls on the other
side of a threshold: sums of pixels are whole, features float32, sums of trees float64.

Sources: Viola & Jones 2001; Lienhart & Maydt 2002 (tilted sums); OpenCV's ``cascadedetect.cpp``.
"""

from dataclasses import dataclass

import numpy as np

from engine.cache import remembered
from engine.detection.cascade_file import Cascade, Stage

_FLATTEST = 0.1  # OpenCV looks at no window whose area / (area · standard deviation) reaches this
_MOST_LOOKUPS = 2**18  # numbers gathered at once: bounds memory, and stays in the cache


@dataclass(frozen=True, eq=False)
class Integrals:
    """Sums from the corner of a picture; each int64 ``(H + 1, W + 1)``.

    Attributes:
        upright: sum of all pixels above and left of a place.
        squared: the same of the squares.
        tilted: sum of the pixels in the cone that opens upwards from a place at 45°.
    """

    upright: np.ndarray
    squared: np.ndarray
    tilted: np.ndarray

    @classmethod
    def of(cls, grey: np.ndarray) -> "Integrals":
        """The three integral images of a uint8 ``(H, W)`` picture."""
        pixels = grey.astype(np.int64)
        padded = np.pad(pixels, ((1, 0), (1, 0)))
        upright = padded.cumsum(0).cumsum(1)
        squared = (padded**2).cumsum(0).cumsum(1)
        return cls(upright, squared, _tilted(pixels))


def _tilted(pixels: np.ndarray) -> np.ndarray:
    """Row by row: the two cones beside the place above, less where they overlap, and two pixels.

    Beyond the picture's sides cones still reach into it, so the rows are worked out wide enough.
    """
    height, width = pixels.shape
    wide = np.pad(pixels, ((0, 0), (height + 1, height + 1)))
    cones = np.zeros((height + 1, wide.shape[1] + 1), np.int64)
    for y in range(1, height + 1):
        above = cones[y - 1]
        cones[y, 1:-1] = above[:-2] + above[2:] + wide[y - 1, :-1]
        if y >= 2:
            cones[y, 1:-1] += wide[y - 2, :-1] - cones[y - 2, 1:-1]
    return np.ascontiguousarray(cones[:, height + 1 : height + width + 2])


def find_contrast(
    window_px: tuple[int, int], sums: Integrals, y: np.ndarray, x: np.ndarray
) -> np.ndarray:
    """What feature values are multiplied with, so that bright and contrasty pictures count alike.

    Args:
        window_px: ``(height, width)`` of the windows.
        sums: of the picture.
        y, x: int64 ``(N,)``, upper and left edges of the windows.

    Returns:
        float32 ``(N,)``: 1 / (area · standard deviation) inside a margin of 1 px; NaN for windows
        that are too flat to look at.
    """
    height, width = (side - 2 for side in window_px)
    total, squares = (
        table[y + 1, x + 1]
        - table[y + 1, x + 1 + width]
        - table[y + 1 + height, x + 1]
        + table[y + 1 + height, x + 1 + width]
        for table in (sums.upright, sums.squared)
    )
    spread = (height * width * squares - total**2).astype(np.float64)
    inverse = (1 / np.sqrt(np.maximum(spread, 1e-30))).astype(np.float32)
    flat = (spread <= 0) | (height * width * inverse.astype(np.float64) >= _FLATTEST)
    return np.where(flat, np.float32(np.nan), inverse)


@remembered(32)
def tables_of(cascade: Cascade) -> tuple["StageTables", ...]:
    """A cascade's stages as arrays; kept, since making them takes as long as using them."""
    return tuple(StageTables(cascade, stage) for stage in cascade.stages)


class StageTables:
    """A stage as arrays: T trees of at most M nodes, each with a feature of at most 3 rectangles.

    Args:
        cascade: holds the features.
        stage: one of its stages.
    """

    def __init__(self, cascade: Cascade, stage: Stage) -> None:
        shape = (len(stage.trees), max(len(tree.nodes) for tree in stage.trees))
        self._corners = np.zeros((*shape, 3, 4, 2), np.int64)  # (y, x) in the window
        self._weights = np.zeros((*shape, 3), np.float32)
        self._tilted = np.zeros(shape, bool)
        self._thresholds = np.zeros(shape, np.float32)
        self._children = np.zeros((*shape, 2), np.int64)
        leaves = max(len(tree.leaves) for tree in stage.trees)
        self._leaves = np.zeros((shape[0], leaves), np.float32)
        for t, tree in enumerate(stage.trees):
            self._leaves[t, : len(tree.leaves)] = tree.leaves
            for m, node in enumerate(tree.nodes):
                feature = cascade.features[node.feature]
                self._tilted[t, m] = feature.tilted
                self._thresholds[t, m] = node.threshold
                self._children[t, m] = node.left, node.right
                for r, rect in enumerate(feature.rects):
                    self._corners[t, m, r] = rect.corners(feature.tilted)
                    self._weights[t, m, r] = rect.weight
        used = int((self._weights != 0).any(axis=(0, 1)).sum())  # often all have two rectangles
        self._corners, self._weights = self._corners[:, :, :used], self._weights[:, :, :used]

    def sum_trees(
        self, sums: Integrals, y: np.ndarray, x: np.ndarray, contrast: np.ndarray
    ) -> np.ndarray:
        """What the stage compares with its threshold.

        Args:
            sums: of the picture.
            y, x: int64 ``(N,)``, upper and left edges of the windows.
            contrast: float32 ``(N,)`` from :func:`find_contrast`.

        Returns:
            float64 ``(N,)``.
        """
        row = sums.upright.shape[1]
        offsets = self._corners @ np.array([row, 1])  # (T, M, rects, 4)
        at = y * row + x
        chunk = max(_MOST_LOOKUPS // offsets.size, 1)
        parts = [np.zeros(0)]
        for first in range(0, len(at), chunk):
            some = slice(first, first + chunk)
            values = self._values(sums, at[some, None, None, None, None] + offsets)
            parts.append(self._walk(values * contrast[some, None, None]))
        return np.concatenate(parts)

    def _values(self, sums: Integrals, places: np.ndarray) -> np.ndarray:
        """Every feature at flat places ``(N, T, M, rects, 4)``: float32 ``(N, T, M)``."""
        corners = sums.upright.ravel()[places]
        if self._tilted.any():
            corners[:, self._tilted] = sums.tilted.ravel()[places[:, self._tilted]]
        inside = corners[..., 0] - corners[..., 1] - corners[..., 2] + corners[..., 3]
        weighted = inside.astype(np.float32) * self._weights
        total = weighted[..., 0]
        for rect in range(1, weighted.shape[-1]):
            total = total + weighted[..., rect]
        return total

    def _walk(self, values: np.ndarray) -> np.ndarray:
        """Down every tree: ``(N, T, M)`` to float64 ``(N,)``."""
        node = np.zeros(values.shape[:2], np.int64)
        leaf = np.zeros(values.shape[:2], np.int64)
        for m in range(values.shape[2]):
            below = values[:, :, m] < self._thresholds[:, m]
            child = np.where(below, self._children[:, m, 0], self._children[:, m, 1])
            here = node == m
            leaf = np.where(here & (child <= 0), -child, leaf)
            node = np.where(here, np.where(child > 0, child, -1), node)
        return self._leaves[np.arange(len(self._leaves)), leaf].sum(axis=1, dtype=np.float64)

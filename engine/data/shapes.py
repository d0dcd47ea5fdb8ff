"""Circles, squares and triangles: where they lie and how far each pixel is from their edge.

The distance to the edge gives both the mask and soft, anti-aliased edges: a pixel's share of
colour is 0.5 at the edge and rises to 1 half a pixel inside.
Source: Inigo Quilez, "2D distance functions" (regular polygons as the nearest of their edges).
"""

from dataclasses import dataclass

import numpy as np

SHAPES = ("circle", "square", "triangle")
_CIRCLE = 0
_CORNERS = np.array([0, 4, 3])  # by shape; a circle has none
_MOST_CORNERS = 4
_UPRIGHT = np.array([0, np.pi / 4, -np.pi / 2])  # a side, or a tip above: y points down


@dataclass(frozen=True, eq=False)
class Outlines:
    """n shapes on the plane; a pixel (row r, column c) has its centre at (c + 0.5, r + 0.5).

    Attributes:
        kinds: int64 (n,), index into ``SHAPES``.
        centres: float64 (n, 2), (x, y) in pixels.
        radii_px: float64 (n,), from the centre to the corners (to the edge for a circle).
        angles: float64 (n,), radians, direction of the first corner.
    """

    kinds: np.ndarray
    centres: np.ndarray
    radii_px: np.ndarray
    angles: np.ndarray

    def take(self, chosen: np.ndarray) -> "Outlines":
        """Those that ``chosen`` names: indices, or bool (n,)."""
        return Outlines(
            self.kinds[chosen], self.centres[chosen], self.radii_px[chosen], self.angles[chosen]
        )


def corners(kinds: np.ndarray, angles: np.ndarray) -> np.ndarray:
    """Corners for radius 1, float64 (n, 4, 2); a triangle's first comes twice, a circle's are 0."""
    count = _CORNERS[kinds][:, None]
    turn = angles[:, None] + 2 * np.pi * np.arange(_MOST_CORNERS) / np.maximum(count, 1)
    points = np.stack([np.cos(turn), np.sin(turn)], axis=2)
    return points * (count > 0)[:, :, None]


def place(
    kinds: np.ndarray,
    draws: np.ndarray,
    sizes_px: tuple[float, float],
    cut_share: float,
    tilt: float,
    size: tuple[int, int],
) -> Outlines:
    """Random outlines whose box's longer side lies in ``sizes_px``.

    Args:
        kinds: int64 (n,), index into ``SHAPES``.
        draws: float64 (n, 4) in [0, 1): x, y, size, angle.
        sizes_px: least and greatest length of the longer side of the box, before cutting.
        cut_share: how much of a box's width, and of its height, may lie outside, in [0, 0.5).
        tilt: radians by which a shape may be turned from upright, either way.
        size: (H, W) of the picture.
    """
    angles = _UPRIGHT[kinds] + (2 * draws[:, 3] - 1) * tilt
    points = corners(kinds, angles)
    low, high = points.min(axis=1), points.max(axis=1)  # (n, 2)
    low, high = (
        np.where(kinds[:, None] == _CIRCLE, end, each) for end, each in ((-1, low), (1, high))
    )
    wanted_px = sizes_px[0] + draws[:, 2] * (sizes_px[1] - sizes_px[0])
    radii_px = wanted_px / (high - low).max(axis=1)
    box_px = (high - low) * radii_px[:, None]
    room_px = np.array(size[::-1]) - box_px * (1 - 2 * cut_share)
    upper_left = draws[:, :2] * room_px - cut_share * box_px
    return Outlines(kinds, upper_left - low * radii_px[:, None], radii_px, angles)


def edge_distance(outlines: Outlines, size: tuple[int, int]) -> np.ndarray:
    """Signed distance from each pixel's centre to the edge, in pixels; negative inside.

    Exact inside and beside an edge; beyond a corner it is the distance to the nearer edge's line.

    Returns:
        float32 (n, H, W).
    """
    x = (np.arange(size[1]) + 0.5 - outlines.centres[:, :1]).astype(np.float32)[:, None, :]
    y = (np.arange(size[0]) + 0.5 - outlines.centres[:, 1:]).astype(np.float32)[:, :, None]
    out = np.empty((len(outlines.kinds), *size), np.float32)
    radii_px = outlines.radii_px.astype(np.float32)[:, None, None]
    is_round = outlines.kinds == _CIRCLE
    out[is_round] = np.sqrt(x[is_round] ** 2 + y[is_round] ** 2) - radii_px[is_round]
    for kind, count in enumerate(_CORNERS):
        chosen = outlines.kinds == kind
        if count and chosen.any():
            out[chosen] = _polygon_distance(
                x[chosen], y[chosen], radii_px[chosen], outlines.angles[chosen], int(count)
            )
    return out


def _polygon_distance(
    x: np.ndarray, y: np.ndarray, radii_px: np.ndarray, angles: np.ndarray, count: int
) -> np.ndarray:
    """x (n, 1, W), y (n, H, 1), radii_px (n, 1, 1), angles (n,) to (n, H, W)."""
    distance = None
    for edge in range(count):
        normal = (angles + np.pi * (2 * edge + 1) / count)[:, None, None]
        along = np.cos(normal).astype(np.float32) * x + np.sin(normal).astype(np.float32) * y
        distance = along if distance is None else np.maximum(distance, along, out=distance)
    assert distance is not None
    return distance - radii_px * np.float32(np.cos(np.pi / count))

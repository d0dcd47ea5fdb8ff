"""Circles, squares and triangles put on a landscape, one in front of the other, many side by side.

A thing often has the class of one that is there already and is moved up to it until they touch, or
overlap as far as is allowed: then a map of classes shows one blob, and only instances tell two.
"""

import math

import numpy as np

from engine.data.landscapes import mix
from engine.data.shapes import SHAPES, Outlines, corners, edge_distance, place
from engine.data.textures import SCALES, STUFF, load_textures

MAX_THINGS = 12
TRIES = 6
THING_DRAWS = 14
BESIDE_SHARE = 0.6  # of the things that could be put beside another
TILT = math.radians(25)  # either way from upright
_CUT_SHARE = 0.12
_STEPS, _GAP = 8, 1.2  # places looked at from as near as wanted to beyond touching
# Texture and contrast at difficulty 0 and 1.
_SHADE, _TEXTURE, _CONTRAST = 0.3, (0.02, 0.08), (0.4, 0.15)
_CIRCLE = SHAPES.index("circle")


class ThingPainter:
    """Adds things to a landscape that is painted in place.

    Args:
        pixels: float32 (H, W, 3), colours about [0, 1]; changed.
        overlap: how much of a thing others may hide, in [0, 1).
        sizes_px: least and greatest longer side of a thing's box before it is cut.
        difficulty: in [0, 1]: weaker contrast, stronger texture; moves nothing.

    Attributes:
        instance: uint8 (H, W), 0 where there is none, 1 + k where thing k is visible.
        kinds: index into ``SHAPES`` of each thing, from the back to the front.
        areas_px: pixels of each inside the picture, hidden ones counted.
    """

    def __init__(
        self, pixels: np.ndarray, overlap: float, sizes_px: tuple[float, float], difficulty: float
    ) -> None:
        self._pixels, self._overlap = pixels, overlap
        self._sizes_px, self._difficulty = sizes_px, difficulty
        self._size: tuple[int, int] = (pixels.shape[0], pixels.shape[1])
        self.instance = np.zeros(self._size, np.uint8)
        self.kinds: list[int] = []
        self.areas_px: list[int] = []
        self._outlines: list[Outlines] = []
        self._visible_px = np.zeros(0, np.int64)

    def add(self, u: np.ndarray, tries: np.ndarray) -> bool:
        """One more thing, in front of all others, at the first place that hides little enough.

        Args:
            u: float64 (``THING_DRAWS``,): class, beside or not, which one, how near, then texture,
                scale, row, column, red, green, blue, telling channel, by how much, light.
            tries: float64 (``TRIES``, 4): x or direction, y, size, angle.

        Returns:
            Whether there was such a place.
        """
        partner = None
        if self.kinds and u[1] < BESIDE_SHARE:
            partner = self._outlines[int(u[2] * len(self.kinds))]
        for each in tries:
            if partner is None:
                outlines = self._anywhere(np.array([int(u[0] * len(SHAPES))]), each)
            else:
                outlines = self._beside(partner, each, 1 - self._overlap * u[3])
            outlines = outlines.take(self._lies_inside(outlines))
            if not len(outlines.kinds):
                continue
            window = self._window(outlines)
            distances = self._distances(outlines, window)
            for index, distance in enumerate(distances):
                if self._hides_little(distance < 0, window):
                    outline = outlines.take(np.array([index]))
                    self._paint(outline, distance, window, u[4:])
                    return True
        return False

    def _window(self, outlines: Outlines) -> tuple[slice, slice]:
        """The rows and columns that all of ``outlines`` lie in, inside the picture."""
        reach_px = outlines.radii_px[:, None] + 1
        low = np.maximum((outlines.centres - reach_px).min(axis=0), 0).astype(np.int64)
        high = np.ceil((outlines.centres + reach_px).max(axis=0)).astype(np.int64)
        x, y = (slice(int(start), int(end)) for start, end in zip(low, high, strict=True))
        return slice(y.start, min(y.stop, self._size[0])), slice(
            x.start, min(x.stop, self._size[1])
        )

    def _distances(self, outlines: Outlines, window: tuple[slice, slice]) -> np.ndarray:
        """float32 (n, h, w), from each pixel of the window to each outline's edge."""
        rows, columns = window
        moved = outlines.centres - np.array([columns.start, rows.start])
        placed = Outlines(outlines.kinds, moved, outlines.radii_px, outlines.angles)
        return edge_distance(placed, (rows.stop - rows.start, columns.stop - columns.start))

    def _anywhere(self, kinds: np.ndarray, u: np.ndarray) -> Outlines:
        return place(kinds, u[None], self._sizes_px, _CUT_SHARE, TILT, self._size)

    def _beside(self, partner: Outlines, u: np.ndarray, nearest: float) -> Outlines:
        """Places for one of the partner's class on a ray from its centre, the nearest first."""
        own = self._anywhere(partner.kinds, u)
        turn = 2 * np.pi * u[0]
        direction = np.array([np.cos(turn), np.sin(turn)])
        touching_px = _reach(partner, direction) + _reach(own, -direction)
        along_px = touching_px * np.linspace(nearest, _GAP, _STEPS)
        return Outlines(
            np.repeat(own.kinds, _STEPS),
            partner.centres + along_px[:, None] * direction,
            np.repeat(own.radii_px, _STEPS),
            np.repeat(own.angles, _STEPS),
        )

    def _lies_inside(self, outlines: Outlines) -> np.ndarray:
        """bool (n,): the centre is half a radius inside the picture, at least."""
        room_px = np.array(self._size[::-1]) - outlines.centres
        least_px = outlines.radii_px[:, None] / 2
        return np.all((outlines.centres >= least_px) & (room_px >= least_px), axis=1)

    def _hides_little(self, mask: np.ndarray, window: tuple[slice, slice]) -> bool:
        """With ``mask`` (h, w) of the window in front, enough of each thing stays visible."""
        if not mask.any():
            return False
        hidden_px = np.bincount(self.instance[window][mask], minlength=len(self.kinds) + 1)[1:]
        left_px = self._visible_px - hidden_px
        return bool((left_px >= (1 - self._overlap) * np.array(self.areas_px)).all())

    def _paint(
        self, outline: Outlines, distance: np.ndarray, window: tuple[slice, slice], u: np.ndarray
    ) -> None:
        """One thing, distances (h, w) in its window; u: as for :meth:`add`, from the texture on."""
        mask, size = distance < 0, (distance.shape[0], distance.shape[1])
        which = np.array([int(u[0] * len(STUFF))]), np.array([int(u[1] * SCALES)])
        strength = mix(_TEXTURE, self._difficulty)
        light = load_textures().cut(*which, u[None, 2:4], size)[0] * np.float32(strength)
        light += self._shade(outline, window[0], u[9])[:, None]
        fill = self._colour(outline, u[4:9]).astype(np.float32) + light[..., None]
        share = np.clip(np.float32(0.5) - distance, 0, 1)[..., None]
        pixels, instance = self._pixels[window], self.instance[window]
        pixels += share * (fill - pixels)
        hidden_px = np.bincount(instance[mask], minlength=len(self.kinds) + 1)[1:]
        self._visible_px = np.append(self._visible_px - hidden_px, mask.sum())
        self.kinds.append(int(outline.kinds[0]))
        self._outlines.append(outline)
        self.areas_px.append(int(mask.sum()))
        instance[mask] = len(self.kinds)

    def _shade(self, outline: Outlines, rows: slice, u: float) -> np.ndarray:
        """Light from above: brighter above the centre, darker below; float32 (rows,)."""
        y = np.arange(rows.start, rows.stop) + 0.5 - outline.centres[0, 1]
        shade = -_SHADE * (0.5 + u) * np.clip(y / (2 * outline.radii_px[0]), -0.5, 0.5)
        return shade.astype(np.float32)

    def _colour(self, outline: Outlines, u: np.ndarray) -> np.ndarray:
        """float64 (3,), differing in one channel from what lies under the centre; u (5,)."""
        x, y = outline.centres[0].astype(np.int64)  # inside the picture, see _lies_inside
        under, colour = self._pixels[y, x].astype(np.float64), 0.15 + 0.7 * u[:3]
        telling = int(u[3] * 3)
        contrast = mix(_CONTRAST, self._difficulty) + 0.15 * u[4]
        up = under[telling] < 0.5
        colour[telling] = under[telling] + (contrast if up else -contrast)
        return np.clip(colour, 0.02, 0.98)


def _reach(outline: Outlines, direction: np.ndarray) -> float:
    """How far a shape extends from its centre in a direction (2,) of length 1, in pixels."""
    if outline.kinds[0] == _CIRCLE:
        return float(outline.radii_px[0])
    points = corners(outline.kinds, outline.angles)[0]  # (4, 2), for radius 1
    return float((points @ direction).max() * outline.radii_px[0])

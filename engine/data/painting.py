"""Paints a batch of scenes: ground, then object over object, then noise.

Colours are shares in [0, 1] until the end. Only additions, multiplications, comparisons and square
roots touch pixels: IEEE 754 fixes their result, so a scene is the same in any batch.
"""

import math
from dataclasses import dataclass

import numpy as np

from engine.data.scene_draws import GROUNDS, TRIES, SceneDraws
from engine.data.shapes import SHAPES, Outlines, edge_distance, place
from engine.data.textures import SCALES, STUFF, load_textures
from engine.errors import InputError

MAX_SIDE_PX = 1024
MAX_OBJECTS = 20

# Each at difficulty 0, and what a difficulty of 1 adds.
_NOISE, _TEXTURE, _CONTRAST = (0.02, 0.12), (0.04, 0.12), (0.45, -0.3)


@dataclass(frozen=True)
class SceneSettings:
    """What scenes are drawn like.

    Attributes:
        size: (H, W) in pixels, each 8 to ``MAX_SIDE_PX``.
        objects: least and most objects in a scene that has any, 1 to ``MAX_OBJECTS``.
        empty_share: share of scenes without an object, in [0, 1].
        sizes_px: least and greatest longer side of an object's box before it is cut.
        cut_share: how much of an object's width and of its height may lie outside, in [0, 0.4].
        hidden_share: how much of an object inside the picture others may hide, in [0, 0.9].
        tilt_degrees: how far shapes are turned from upright, either way, in [0, 180].
        border_share: share of scenes with two grounds, in [0, 1].
        difficulty: 0 (clean, strong contrast) to 1 (noisy, faint); moves and resizes nothing.

    Raises:
        InputError: a value outside its range.
    """

    size: tuple[int, int]
    objects: tuple[int, int] = (1, 1)
    empty_share: float = 0.0
    sizes_px: tuple[float, float] = (14.0, 28.0)
    cut_share: float = 0.15
    hidden_share: float = 0.3
    tilt_degrees: float = 20.0
    border_share: float = 0.0
    difficulty: float = 0.3

    def __post_init__(self) -> None:
        sides, shares = ("H", "W"), ("empty_share", "border_share", "difficulty")
        for name, side in zip(sides, self.size, strict=True):
            _check(name, side, 8, MAX_SIDE_PX)
        _check("objects", self.objects[0], 1, MAX_OBJECTS)
        _check("objects", self.objects[1], self.objects[0], MAX_OBJECTS)
        _check("sizes_px", self.sizes_px[0], 4, min(self.size))
        _check("sizes_px", self.sizes_px[1], self.sizes_px[0], min(self.size))
        _check("cut_share", self.cut_share, 0, 0.4)
        _check("hidden_share", self.hidden_share, 0, 0.9)
        _check("tilt_degrees", self.tilt_degrees, 0, 180)
        for name in shares:
            _check(name, getattr(self, name), 0, 1)

    def mix(self, at_zero_and_slope: tuple[float, float]) -> float:
        """A strength that grows or falls with the difficulty."""
        return at_zero_and_slope[0] + at_zero_and_slope[1] * self.difficulty


def _check(name: str, value: float, low: float, high: float) -> None:
    if not low <= value <= high:  # also where it is not a number
        raise InputError("value_out_of_range", name=name, low=low, high=high, value=value)


class Painter:
    """A batch of n scenes of at most K objects, in the making.

    Attributes:
        pixels: float32 (n, H, W, 3), shares of full light.
        ground: uint8 (n, H, W), index into ``STUFF``.
        instance: uint8 (n, H, W), 0 for ground, 1 + k for object k where it is visible.
        counts: int64 (n,), objects so far.
        kinds: int64 (n, K), index into ``SHAPES``, -1 where there is no object.
        areas_px: int64 (n, K), pixels of each object inside the picture, hidden ones counted.
        outlines: float64 (n, K, 4): centre x, centre y, radius in pixels, angle in radians.
    """

    def __init__(self, draws: SceneDraws, settings: SceneSettings) -> None:
        n, slots = draws.objects.shape[:2]
        self._draws, self._settings = draws, settings
        self._colours = 0.2 + 0.6 * draws.grounds[:, :, 5:8]  # (n, GROUNDS, 3)
        self._side = self._draw_border()  # (n, H, W), which of the grounds
        self.pixels, self.ground = self._paint_ground()
        self.instance = np.zeros((n, *settings.size), np.uint8)
        self.counts = np.zeros(n, np.int64)
        self.kinds = np.full((n, slots), -1)
        self.areas_px = np.zeros((n, slots), np.int64)
        self.outlines = np.zeros((n, slots, 4))

    def paint(self) -> None:
        """Adds the objects and the noise."""
        whole, (least, most) = self._draws.whole, self._settings.objects
        wanted = least + (whole[:, 1] * (most - least + 1)).astype(np.int64)
        wanted[whole[:, 0] < self._settings.empty_share] = 0
        for slot in range(most):
            self._add_objects(np.flatnonzero(wanted > slot), slot)
        self.pixels += self._draws.noise * np.float32(self._settings.mix(_NOISE))
        np.clip(self.pixels, 0, 1, out=self.pixels)

    def _draw_border(self) -> np.ndarray:
        """int64 (n, H, W): 1 beyond a straight border near the middle, where there is one."""
        whole, (height, width) = self._draws.whole, self._settings.size
        angle = whole[:, 3] * 2 * np.pi
        middle_px = (whole[:, 4] - 0.5) * 0.6 * min(height, width)
        x = np.cos(angle)[:, None] * (np.arange(width) + 0.5 - width / 2)
        y = np.sin(angle)[:, None] * (np.arange(height) + 0.5 - height / 2)
        beyond = x[:, None, :] + y[:, :, None] > middle_px[:, None, None]
        has_border = whole[:, 2] < self._settings.border_share
        return (beyond & has_border[:, None, None]).astype(np.int64)

    def _paint_ground(self) -> tuple[np.ndarray, np.ndarray]:
        draws, layers, stuff = self._draws.grounds, [], []
        for index in range(GROUNDS if self._settings.border_share else 1):
            u = draws[:, index]
            stuff.append((u[:, 0] * len(STUFF)).astype(np.uint8))
            strength = (0.5 + u[:, 4]) * self._settings.mix(_TEXTURE)
            layers.append(self._textured(u[:, :4], strength, self._colours[:, index]))
        pixels, ground = layers[0], np.broadcast_to(stuff[0][:, None, None], self._side.shape)
        if len(layers) == 1:
            return pixels, ground.copy()
        pixels = np.where(self._side[..., None] == 1, layers[1], pixels)
        return pixels, np.where(self._side == 1, stuff[1][:, None, None], ground)

    def _textured(self, u: np.ndarray, strength: np.ndarray, colour: np.ndarray) -> np.ndarray:
        """Patches of texture in a colour, float32 (n, H, W, 3); u (n, 4), colour (n, 3)."""
        stuff, scale = (u[:, 0] * len(STUFF)).astype(int), (u[:, 1] * SCALES).astype(int)
        patch = load_textures().cut(stuff, scale, u[:, 2:4], self._settings.size)
        patch *= strength.astype(np.float32)[:, None, None]
        return patch[..., None] + colour.astype(np.float32)[:, None, None]

    def _add_objects(self, rows: np.ndarray, slot: int) -> None:
        """One object each into the scenes ``rows``, at the first place that hides little enough.

        Where all places tried hide too much of another object, the scene goes without.
        """
        settings = self._settings
        for attempt in range(TRIES):
            if not len(rows):
                return
            kinds = (self._draws.objects[rows, slot, 0] * len(SHAPES)).astype(np.int64)
            places = self._draws.places[rows, slot, attempt]
            outlines = place(
                kinds,
                places,
                settings.sizes_px,
                settings.cut_share,
                math.radians(settings.tilt_degrees),
                settings.size,
            )
            distance = edge_distance(outlines, settings.size)
            fits = self._hides_little(rows, distance < 0)
            self._write(rows[fits], slot, outlines.take(fits), distance[fits])
            rows = rows[~fits]

    def _hides_little(self, rows: np.ndarray, mask: np.ndarray) -> np.ndarray:
        """bool (m,): with ``mask`` (m, H, W) on top, enough of each object stays visible."""
        fits = np.any(mask, axis=(1, 2))
        instance = self.instance[rows]
        for index in range(int(self.counts[rows].max())):
            visible_px = ((instance == index + 1) & ~mask).sum(axis=(1, 2))
            least_px = (1 - self._settings.hidden_share) * self.areas_px[rows, index]
            fits = np.logical_and(fits, visible_px >= least_px)
        return fits

    def _write(self, rows: np.ndarray, slot: int, outlines: Outlines, distance: np.ndarray) -> None:
        index, mask = self.counts[rows], distance < 0
        u = self._draws.objects[rows, slot]
        strength = np.full(len(rows), 0.5 * self._settings.mix(_TEXTURE))
        fill = self._textured(u[:, 1:5], strength, self._choose_colours(rows, outlines, u[:, 5:]))
        share = np.clip(np.float32(0.5) - distance, 0, 1)[..., None]
        pixels = self.pixels[rows]
        self.pixels[rows] = pixels + share * (fill - pixels)
        number = (index + 1).astype(np.uint8)[:, None, None]
        self.instance[rows] = np.where(mask, number, self.instance[rows])
        self.kinds[rows, index] = outlines.kinds
        self.areas_px[rows, index] = mask.sum(axis=(1, 2))
        self.outlines[rows, index] = np.column_stack(
            [outlines.centres, outlines.radii_px, outlines.angles]
        )
        self.counts[rows] += 1

    def _choose_colours(self, rows: np.ndarray, outlines: Outlines, u: np.ndarray) -> np.ndarray:
        """float64 (m, 3), apart from the ground under the centre in at least one channel.

        Args:
            u: (m, 5): red, green, blue, telling channel, by how much.
        """
        at = outlines.centres.astype(np.int64)  # the centre lies in the picture
        side = self._side[rows, at[:, 1], at[:, 0]]
        colour = self._colours[rows, side] + 0.4 * (u[:, :3] - 0.5)
        telling = (np.arange(len(rows)), (u[:, 3] * 3).astype(np.int64))
        ground = self._colours[rows, side][telling]
        contrast = self._settings.mix(_CONTRAST) + 0.15 * u[:, 4]
        colour[telling] = np.where(ground < 0.5, ground + contrast, ground - contrast)
        return np.clip(colour, 0, 1)

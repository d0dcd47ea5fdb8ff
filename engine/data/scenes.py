"""Scenes drawn by the engine, with the whole truth about them.

Circles, squares and triangles on photographed grass, gravel and brick, noisy, cut off by the
picture's edge and partly hidden behind each other. What is where is known exactly: class, box,
mask, instance and panoptic map (Kirillov et al., "Panoptic segmentation", 2019: things have
instances, stuff has none).

Figures are quoted for the settings ``SHAPES32`` and ``SCENES96``; a test pins their pixels.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from engine.data.painting import Painter, SceneSettings
from engine.data.scene_draws import draw_numbers
from engine.data.shapes import SHAPES
from engine.data.textures import STUFF
from engine.errors import InputError

CATEGORIES = (*STUFF, *SHAPES)
PANOPTIC_STEP = 1000
MAX_BYTES = 2_000_000_000
_MAX_SEED = 2**63 - 1
_BATCH_PIXELS = 2**17  # what fits a core's cache; larger batches are slower

SHAPES32 = SceneSettings(size=(32, 32), empty_share=0.25)
SCENES96 = SceneSettings(size=(96, 96), objects=(1, 4), border_share=0.5)


@dataclass(frozen=True, eq=False)
class Scene:
    """One picture of N objects, and the truth about it.

    Attributes:
        pixels: uint8 (H, W, 3), RGB.
        labels: int64 (N,), index into ``SHAPES``; objects from the back to the front.
        boxes: float32 (N, 4), xyxy in pixels, half-open, tight around the visible parts.
        masks: bool (N, H, W), the visible parts; no two overlap.
        instance: uint8 (H, W), 0 for ground, 1 + k where object k is visible.
        panoptic: int32 (H, W), category * ``PANOPTIC_STEP`` + instance; categories index
            ``CATEGORIES``, the ground's come first.
        hidden_shares: float32 (N,), how much of each object's part inside the picture others hide.
        outlines: float64 (N, 4): centre x, centre y, radius in pixels, angle in radians.
    """

    pixels: np.ndarray
    labels: np.ndarray
    boxes: np.ndarray
    masks: np.ndarray
    instance: np.ndarray
    panoptic: np.ndarray
    hidden_shares: np.ndarray
    outlines: np.ndarray


@dataclass(frozen=True, eq=False)
class Scenes:
    """n scenes of at most K objects, as arrays; ``scenes[i]`` is one :class:`Scene`.

    Attributes:
        pixels: uint8 (n, H, W, 3).
        counts: int64 (n,), objects in each.
        labels: int64 (n, K), index into ``SHAPES``, -1 beyond the count.
        boxes: float32 (n, K, 4), xyxy, 0 beyond the count.
        instance: uint8 (n, H, W).
        ground: uint8 (n, H, W), index into ``STUFF``, under the objects too.
        hidden_shares: float32 (n, K).
        outlines: float64 (n, K, 4).
    """

    pixels: np.ndarray
    counts: np.ndarray
    labels: np.ndarray
    boxes: np.ndarray
    instance: np.ndarray
    ground: np.ndarray
    hidden_shares: np.ndarray
    outlines: np.ndarray

    def __len__(self) -> int:
        return len(self.pixels)

    def __getitem__(self, index: int) -> Scene:
        count, instance = self.counts[index], self.instance[index]
        labels = self.labels[index, :count]
        category = np.append(0, labels + len(STUFF))[instance]
        category = np.where(instance == 0, self.ground[index], category)
        return Scene(
            pixels=self.pixels[index],
            labels=labels,
            boxes=self.boxes[index, :count],
            masks=instance == np.arange(1, count + 1)[:, None, None],
            instance=instance,
            panoptic=(category * PANOPTIC_STEP + instance).astype(np.int32),
            hidden_shares=self.hidden_shares[index, :count],
            outlines=self.outlines[index, :count],
        )

    def __iter__(self) -> Iterator[Scene]:
        return (self[index] for index in range(len(self)))


def draw_many(count: int, seed: int, settings: SceneSettings, start: int = 0) -> Scenes:
    """Draws the scenes ``start`` to ``start + count - 1`` of a seed.

    Scene i depends on the seed, i and the settings, and on nothing else.

    Args:
        count: how many, at least 0.
        seed: 0 to 2**63 - 1.
        settings: what they are like.
        start: index of the first.

    Raises:
        InputError: a value out of range, or so many scenes that they would fill the memory.
    """
    height, width = settings.size
    most = MAX_BYTES // (height * width * 5)  # three colours, instance and ground
    for name, value, high in (("count", count, most), ("seed", seed, _MAX_SEED)):
        if not 0 <= value <= high:
            raise InputError("value_out_of_range", name=name, low=0, high=high, value=value)
    step = max(1, _BATCH_PIXELS // (height * width))
    out = _allocate(count, settings)
    for first in range(0, count, step):
        rows = slice(first, min(count, first + step))
        _draw_batch(out, rows, seed, start + first, settings)
    return out


def draw_scene(seed: int, index: int, settings: SceneSettings) -> Scene:
    """Scene ``index`` of a seed by itself; see :func:`draw_many`."""
    return draw_many(1, seed, settings, start=index)[0]


def _allocate(count: int, settings: SceneSettings) -> Scenes:
    size, most = settings.size, settings.objects[1]
    return Scenes(
        pixels=np.empty((count, *size, 3), np.uint8),
        counts=np.empty(count, np.int64),
        labels=np.empty((count, most), np.int64),
        boxes=np.empty((count, most, 4), np.float32),
        instance=np.empty((count, *size), np.uint8),
        ground=np.empty((count, *size), np.uint8),
        hidden_shares=np.empty((count, most), np.float32),
        outlines=np.empty((count, most, 4), np.float64),
    )


def _draw_batch(out: Scenes, rows: slice, seed: int, start: int, settings: SceneSettings) -> None:
    most = settings.objects[1]
    draws = draw_numbers(seed, start, rows.stop - rows.start, most, settings.size)
    painter = Painter(draws, settings)
    painter.paint()
    out.pixels[rows] = painter.pixels * np.float32(255) + np.float32(0.5)
    out.counts[rows] = painter.counts
    out.labels[rows] = painter.kinds
    out.instance[rows] = painter.instance
    out.ground[rows] = painter.ground
    out.outlines[rows] = painter.outlines
    for index in range(most):
        mask = painter.instance == index + 1
        full_px = np.maximum(painter.areas_px[:, index], 1)
        visible_px = mask.sum(axis=(1, 2))
        hidden = np.where(painter.counts > index, 1 - visible_px / full_px, 0)
        out.hidden_shares[rows, index] = hidden
        out.boxes[rows, index] = _tight_boxes(mask)


def _tight_boxes(mask: np.ndarray) -> np.ndarray:
    """bool (n, H, W) to xyxy (n, 4), half-open; zeros where a mask is empty."""
    (x1, x2), (y1, y2) = _ends(np.any(mask, axis=1)), _ends(np.any(mask, axis=2))
    return np.stack([x1, y1, x2, y2], axis=1)


def _ends(line: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """bool (n, L): the first true index and one past the last; 0 and 0 where none is."""
    past = line.shape[1] - line[:, ::-1].argmax(axis=1)
    return line.argmax(axis=1), np.where(line.any(axis=1), past, 0)

"""Scenes of stuff and things: sky, ground, water, and shapes in front, many of a class touching.

Every pixel belongs to exactly one segment: one a stuff class, one a thing. Scene i of a seed
depends on the seed, i and the settings only. Difficulty moves nothing, and things are drawn one
after the other, so that a scene of more of them shows the same ones with others in front.

Source: Kirillov et al., "Panoptic segmentation", CVPR 2019 (stuff and things, one label a pixel).
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from engine.data.landscapes import DRAWS, LANDSCAPE, mix, paint_landscape
from engine.data.painting import MAX_SIDE_PX
from engine.data.scene_draws import draw_words, noise_words, sum_to_noise, to_uniform
from engine.data.scenes import PANOPTIC_STEP
from engine.data.shapes import SHAPES
from engine.data.things import MAX_THINGS, THING_DRAWS, TRIES, ThingPainter
from engine.errors import InputError

CATEGORIES = (*LANDSCAPE, *SHAPES)
#: The first of the categories that are things.
FIRST_THING = len(LANDSCAPE)
LEAST_SIDE_PX, MAX_OVERLAP = 32, 0.6
MAX_SEED = 2**63 - 1
_NOISE = (0.01, 0.13)  # standard deviation at difficulty 0 and 1
_PLAIN = 1 + DRAWS + MAX_THINGS * (THING_DRAWS + 4 * TRIES)


@dataclass(frozen=True)
class PanopticSettings:
    """What scenes are drawn like.

    Attributes:
        size: (H, W) in pixels, each ``LEAST_SIDE_PX`` to 1024.
        things: least and most things, 0 to ``MAX_THINGS``; fewer where they find no place.
        overlap: how much of a thing others may hide, in [0, ``MAX_OVERLAP``]; at 0 they touch.
        difficulty: 0 (clean, typical colours, strong contrast) to 1 (noisy, any colour, faint).
        sizes_px: least and greatest longer side of a thing's box before it is cut.

    Raises:
        InputError: a value outside its range.
    """

    size: tuple[int, int] = (96, 96)
    things: tuple[int, int] = (2, 6)
    overlap: float = 0.3
    difficulty: float = 0.3
    sizes_px: tuple[float, float] = (16.0, 30.0)

    def __post_init__(self) -> None:
        for name, side in zip(("H", "W"), self.size, strict=True):
            _check(name, side, LEAST_SIDE_PX, MAX_SIDE_PX)
        _check("things", self.things[0], 0, MAX_THINGS)
        _check("things", self.things[1], self.things[0], MAX_THINGS)
        _check("overlap", self.overlap, 0, MAX_OVERLAP)
        _check("difficulty", self.difficulty, 0, 1)
        _check("sizes_px", self.sizes_px[0], 8, min(self.size))
        _check("sizes_px", self.sizes_px[1], self.sizes_px[0], min(self.size))


def _check(name: str, value: float, low: float, high: float) -> None:
    if not low <= value <= high:  # also where it is not a number
        raise InputError("value_out_of_range", name=name, low=low, high=high, value=value)


@dataclass(frozen=True, eq=False)
class PanopticScene:
    """One picture of N things, and the truth about each pixel.

    Attributes:
        pixels: uint8 (H, W, 3), RGB.
        semantic: uint8 (H, W), index into ``CATEGORIES``.
        instance: uint8 (H, W), 0 for stuff, 1 + k where thing k is visible.
        labels: int64 (N,), index into ``CATEGORIES``; things from the back to the front.
        boxes: float32 (N, 4), xyxy in pixels, half-open, tight around the visible parts.
        centres: float32 (N, 2), (x, y) in pixels, means of the visible pixels' centres.
        hidden_shares: float32 (N,), how much of each thing inside the picture others hide.
    """

    pixels: np.ndarray
    semantic: np.ndarray
    instance: np.ndarray
    labels: np.ndarray
    boxes: np.ndarray
    centres: np.ndarray
    hidden_shares: np.ndarray

    @property
    def panoptic(self) -> np.ndarray:
        """int32 (H, W), category * ``PANOPTIC_STEP`` + instance."""
        return self.semantic.astype(np.int32) * PANOPTIC_STEP + self.instance

    @property
    def masks(self) -> np.ndarray:
        """bool (N, H, W), the visible parts of the things; no two overlap."""
        return self.instance == np.arange(1, len(self.labels) + 1)[:, None, None]


def draw_panoptic_scene(seed: int, index: int, settings: PanopticSettings) -> PanopticScene:
    """Scene ``index`` of a seed.

    Args:
        seed: 0 to 2**63 - 1.
        index: 0 to 2**63 - 1.
        settings: what it is like.

    Raises:
        InputError: seed or index out of range.
    """
    _check("seed", seed, 0, MAX_SEED)
    _check("index", index, 0, MAX_SEED)
    size, difficulty = settings.size, settings.difficulty
    words = draw_words(seed, index, 1, _PLAIN + noise_words(size))
    uniform = to_uniform(words[0, :_PLAIN])
    landscape, draws, tries = np.split(uniform[1:], [DRAWS, DRAWS + MAX_THINGS * THING_DRAWS])
    pixels, semantic = paint_landscape(landscape, size, difficulty)
    painter = ThingPainter(pixels, settings.overlap, settings.sizes_px, difficulty)
    least, most = settings.things
    wanted = least + int(uniform[0] * (most - least + 1))
    for slot in range(wanted):
        painter.add(draws.reshape(MAX_THINGS, -1)[slot], tries.reshape(MAX_THINGS, TRIES, 4)[slot])
    pixels += sum_to_noise(words[:, _PLAIN:], size)[0] * np.float32(mix(_NOISE, difficulty))
    colours = (np.clip(pixels, 0, 1) * np.float32(255) + np.float32(0.5)).astype(np.uint8)
    return _tell(colours, semantic, painter)


def draw_panoptic_scenes(
    count: int, seed: int, settings: PanopticSettings, start: int = 0
) -> Iterator[PanopticScene]:
    """The scenes ``start`` to ``start + count - 1`` of a seed, one after the other."""
    return (draw_panoptic_scene(seed, start + index, settings) for index in range(count))


def _tell(pixels: np.ndarray, stuff: np.ndarray, painter: ThingPainter) -> PanopticScene:
    instance, count = painter.instance, len(painter.kinds)
    labels = np.array(painter.kinds, np.int64) + FIRST_THING
    by_instance = np.append(0, labels).astype(np.uint8)
    boxes, centres = np.zeros((count, 4), np.float32), np.zeros((count, 2), np.float32)
    visible_px = np.zeros(count)
    for index in range(count):
        rows, columns = np.nonzero(instance == index + 1)
        visible_px[index] = len(rows)
        boxes[index] = columns.min(), rows.min(), columns.max() + 1, rows.max() + 1
        centres[index] = columns.mean() + 0.5, rows.mean() + 0.5
    hidden = 1 - visible_px / np.array(painter.areas_px, float)
    return PanopticScene(
        pixels=pixels,
        semantic=np.where(instance == 0, stuff, by_instance[instance]),
        instance=instance,
        labels=labels,
        boxes=boxes,
        centres=centres,
        hidden_shares=hidden.astype(np.float32),
    )

"""Segments: each pixel has the number of one of them, or 0 where nobody answers for it (void).

The form in which truth and prediction meet, whatever made them.
Source: Kirillov et al., "Panoptic segmentation", CVPR 2019, section 3.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.data.panoptic_scenes import FIRST_THING, PanopticScene

VOID = 0


@dataclass(frozen=True)
class Segment:
    """One region: a thing, or all of one kind of stuff.

    Attributes:
        id: its number in the map, >= 1.
        category: index of its class.
        thing: whether it is one of several of its class.
        area_px: pixels.
        score: how sure whoever found it is, in [0, 1]; 1 for the truth.
    """

    id: int
    category: int
    thing: bool
    area_px: int
    score: float


@dataclass(frozen=True, eq=False)
class Segmentation:
    """A picture cut into segments, no two of which overlap.

    Attributes:
        ids: int32 (H, W), the segment of each pixel; ``VOID`` where there is none.
        segments: one for each number in the map, in rising order.

    Raises:
        ValueError: map and segments do not belong together.
    """

    ids: np.ndarray
    segments: tuple[Segment, ...]

    def __post_init__(self) -> None:
        if self.ids.dtype != np.int32 or self.ids.ndim != 2:
            raise ValueError(f"int32 (H, W) is needed, not {self.ids.dtype} {self.ids.shape}")
        numbers, areas_px = np.unique(self.ids, return_counts=True)
        there = {int(n): int(a) for n, a in zip(numbers, areas_px, strict=True) if n != VOID}
        if there != {each.id: each.area_px for each in self.segments} or min(there, default=1) < 1:
            raise ValueError("the segments' numbers and areas are not those of the map")
        if list(there) != [each.id for each in self.segments]:
            raise ValueError("segments must come in the order of their numbers")

    @property
    def void_px(self) -> int:
        """Pixels that belong to no segment."""
        return int((self.ids == VOID).sum())

    @property
    def categories(self) -> np.ndarray:
        """int64 (H, W), the class of each pixel, -1 on void."""
        table = np.full(self.segments[-1].id + 1 if self.segments else 1, -1)
        for each in self.segments:
            table[each.id] = each.category
        return table[self.ids]


def cut(ids: np.ndarray, categories: Sequence[int], things: Sequence[bool]) -> Segmentation:
    """A segmentation from a map and the class of each number in it; all scores are 1.

    Args:
        ids: integer (H, W), 0 for void, else 1 to ``len(categories)``; numbers may be missing.
        categories: of the numbers 1, 2, …
        things: for each category, whether it is a thing.
    """
    areas_px = np.bincount(ids.ravel(), minlength=len(categories) + 1)
    found = [
        Segment(number, category, things[category], int(areas_px[number]), 1.0)
        for number, category in enumerate(categories, start=1)
        if areas_px[number]
    ]
    return Segmentation(ids.astype(np.int32), tuple(found))


def true_segments(scene: PanopticScene) -> Segmentation:
    """A drawn scene's truth: its things first, from the back to the front, then its stuff."""
    count = len(scene.labels)
    stuff = scene.semantic.astype(np.int64) + 1 + count
    ids = np.where(scene.instance > 0, scene.instance, stuff)
    categories = [*scene.labels.tolist(), *range(FIRST_THING)]
    return cut(ids, categories, [False] * FIRST_THING + [True] * (max(categories) + 1))

"""What each segmenter answers: segments with the names of their classes.

Four kinds of answers, after what a pixel is asked:

- semantic: which class. Two things of a class that touch are one segment.
- instance: which thing. Pixels of no thing found belong to no segment.
- panoptic: both. Every pixel belongs to exactly one segment.
- regions: which piece of the picture; pieces have no class. Every pixel belongs to exactly one.

Source: Kirillov et al., "Panoptic segmentation", CVPR 2019, section 3.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, Self

import numpy as np

from engine.segment.segments import Segment, Segmentation

Kind = Literal["semantic", "instance", "panoptic", "regions"]
COMPLETE: tuple[Kind, ...] = ("panoptic", "regions")
#: What the numbers of a 16-bit picture reach to.
MOST_SEGMENTS = 2**16 - 1


def nearest_places(of: int, to: int) -> np.ndarray:
    """For each of ``to`` pixels in a row which of ``of`` lies nearest: int64 (to,), rising."""
    return (2 * np.arange(to) + 1) * of // (2 * to)


@dataclass(frozen=True, eq=False)
class SegmentedPicture:
    """A picture in segments.

    Attributes:
        kind: what the segments are.
        found: each pixel's segment; scores are in [0, 1], 1 for regions, which nobody guessed.
        class_names: what the segments' categories mean.

    Raises:
        ValueError: a category without a name, a score outside [0, 1], too many segments, or pixels
            without a segment where the kind leaves out none.
    """

    kind: Kind
    found: Segmentation
    class_names: tuple[str, ...]

    def __post_init__(self) -> None:
        for each in self.found.segments:
            if not 0 <= each.category < len(self.class_names):
                raise ValueError(f"category {each.category} of {len(self.class_names)} has no name")
            if not 0 <= each.score <= 1:
                raise ValueError(f"a score of {each.score} is not in [0, 1]")
            if each.id > MOST_SEGMENTS:
                raise ValueError(f"segment {each.id} does not fit into 16 bits")
        if self.kind in COMPLETE and self.found.void_px:
            raise ValueError(f"{self.found.void_px} pixels belong to no segment")

    @classmethod
    def of_map(
        cls,
        kind: Kind,
        ids: np.ndarray,
        described: Sequence[tuple[int, bool, float]],
        class_names: Sequence[str],
    ) -> Self:
        """From a map and what is known of each number in it; areas are counted.

        Args:
            kind: what the segments are.
            ids: integer (H, W), 0 for void, else 1 to ``len(described)``; numbers may be missing.
            described: category, thing and score of the numbers 1, 2, …
            class_names: what the categories mean.
        """
        areas_px = np.bincount(ids.ravel(), minlength=len(described) + 1)
        segments = [
            Segment(number, category, thing, int(areas_px[number]), float(score))
            for number, (category, thing, score) in enumerate(described, start=1)
            if areas_px[number]
        ]
        found = Segmentation(ids.astype(np.int32), tuple(segments))
        return cls(kind, found, tuple(class_names))

    @property
    def size(self) -> tuple[int, int]:
        """(H, W) of the map."""
        height, width = self.found.ids.shape
        return height, width

    @property
    def covered(self) -> float:
        """Share of the pixels that belong to a segment, in [0, 1]."""
        return 1 - self.found.void_px / self.found.ids.size

    def resized(self, size: tuple[int, int]) -> Self:
        """The same segments on a picture of another size, each pixel taking the nearest one's.

        Segments that lose all their pixels are left out.

        Args:
            size: (H, W), each >= 1.
        """
        if size == self.size:
            return self
        rows, columns = (nearest_places(of, to) for of, to in zip(self.size, size, strict=True))
        ids = self.found.ids[rows[:, None], columns[None]]
        areas_px = np.bincount(ids.ravel(), minlength=1)
        kept = [
            replace(each, area_px=int(areas_px[each.id]))
            for each in self.found.segments
            if each.id < len(areas_px) and areas_px[each.id]
        ]
        return type(self)(self.kind, Segmentation(ids, tuple(kept)), self.class_names)

    def to_dicts(self) -> list[dict[str, Any]]:
        """The API's answer: ``{"id", "class", "area_px", "score", "thing"}``, by rising id."""
        return [
            {
                "id": each.id,
                "class": self.class_names[each.category],
                "area_px": each.area_px,
                "score": each.score,
                "thing": each.thing,
            }
            for each in self.found.segments
        ]

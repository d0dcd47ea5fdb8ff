"""Hierarchical grouping: the two most similar neighbours become one region, until one is left.

Nothing but the neighbours of the new region is measured anew, and the best pair is kept on a heap;
a pair of which one has gone is skipped when it comes up.

Source: Uijlings et al. 2013, algorithm 1.
"""

import heapq
from dataclasses import dataclass

import numpy as np

from engine.detection.selective_search.regions import Regions
from engine.detection.selective_search.similarity import Weights, intersect, size_and_fill


@dataclass(frozen=True, eq=False)
class Grouping:
    """Every merge of R regions. Region r < R is a first one, R + m is what merge m made.

    Attributes:
        merges: int32 (R - 1, 2), the two that became one, lower index first.
        similarities: float64 (R - 1, 4), theirs: colour, texture, size, fill, before weighting.
        sums: float64 (R - 1,), weighted and added: what they were chosen by.
        sizes_px: int64 (2 R - 1,), pixels of every region.
        boxes: int64 (2 R - 1, 4), ``xyxy`` in pixels, half-open.
    """

    merges: np.ndarray
    similarities: np.ndarray
    sums: np.ndarray
    sizes_px: np.ndarray
    boxes: np.ndarray


def group(regions: Regions, weights: Weights) -> Grouping:
    """Merges until one region is left; of equally similar pairs the one of lower indices first.

    Args:
        regions: the first ones.
        weights: how much each measure counts.
    """
    tree = _Tree(regions, weights)
    around: list[set[int]] = [set() for _ in range(tree.room)]
    for one, other in regions.pairs.tolist():
        around[one].add(other)
        around[other].add(one)
    sums = tree.similar(regions.pairs[:, 0], regions.pairs[:, 1])
    heap = [(-s, i, j) for s, (i, j) in zip(sums.tolist(), regions.pairs.tolist(), strict=True)]
    heapq.heapify(heap)
    alive = [True] * len(regions) + [False] * (tree.room - len(regions))
    for new in range(len(regions), tree.room):
        one, other = _next_pair(heap, alive)
        tree.join(one, other, new)
        alive[one] = alive[other] = False
        alive[new] = True
        around[new] = (around[one] | around[other]) - {one, other}
        for each in around[new]:
            around[each] -= {one, other}
            around[each].add(new)
        near = np.fromiter(around[new], np.int64, len(around[new]))
        for s, each in zip(tree.similar(near, new).tolist(), near.tolist(), strict=True):
            heapq.heappush(heap, (-s, each, new))
    return tree.grouping()


def _next_pair(heap: list[tuple[float, int, int]], alive: list[bool]) -> tuple[int, int]:
    while True:
        _, one, other = heapq.heappop(heap)
        if alive[one] and alive[other]:
            return one, other


class _Tree:
    """All regions that there will be, first ones first, with what is measured of each."""

    def __init__(self, regions: Regions, weights: Weights) -> None:
        count = len(regions)
        self.room, self._count, self._weights = 2 * count - 1, count, weights
        self._picture_px = int(regions.sizes_px.sum())
        self._colour_bins = regions.colours.shape[1]
        self._sizes_px = np.zeros(self.room, np.int64)
        self._boxes = np.zeros((self.room, 4), np.int64)
        self._bins = np.zeros((self.room, self._colour_bins + regions.textures.shape[1]))
        self._merges = np.zeros((count - 1, 2), np.int32)
        self._sizes_px[:count], self._boxes[:count] = regions.sizes_px, regions.boxes
        self._bins[:count, : self._colour_bins] = regions.colours
        self._bins[:count, self._colour_bins :] = regions.textures
        bins = [self._colour_bins, regions.textures.shape[1]]
        self._bin_weights = np.repeat([weights.colour, weights.texture], bins)

    def similar(self, ones: np.ndarray, others: np.ndarray | int) -> np.ndarray:
        """The weighted sum of the four measures, float64 (n,)."""
        size, fill = self._size_and_fill(ones, others)
        sums = np.minimum(self._bins[ones], self._bins[others]) @ self._bin_weights
        return sums + self._weights.size * size + self._weights.fill * fill

    def join(self, one: int, other: int, new: int) -> None:
        """The region ``new`` out of two; a histogram of both is the mean weighted by size."""
        self._merges[new - self._count] = (one, other)
        first, second = int(self._sizes_px[one]), int(self._sizes_px[other])
        self._sizes_px[new] = first + second
        box, beside = self._boxes[one], self._boxes[other]
        self._boxes[new, :2] = np.minimum(box[:2], beside[:2])
        self._boxes[new, 2:] = np.maximum(box[2:], beside[2:])
        total = first + second
        self._bins[new] = self._bins[one] * (first / total) + self._bins[other] * (second / total)

    def grouping(self) -> Grouping:
        """What was merged, with the measures of each merge."""
        ones, others = self._merges.T
        colours, textures = np.split(self._bins, [self._colour_bins], axis=1)
        four = np.stack(
            [
                intersect(colours[ones], colours[others]),
                intersect(textures[ones], textures[others]),
                *self._size_and_fill(ones, others),
            ],
            axis=1,
        )
        sums = self.similar(ones, others)
        return Grouping(self._merges, four, sums, self._sizes_px, self._boxes)

    def _size_and_fill(
        self, ones: np.ndarray, others: np.ndarray | int
    ) -> tuple[np.ndarray, np.ndarray]:
        sizes_px = self._sizes_px[ones], self._sizes_px[others]
        boxes = self._boxes[ones], self._boxes[others]
        return size_and_fill(sizes_px, boxes, self._picture_px)

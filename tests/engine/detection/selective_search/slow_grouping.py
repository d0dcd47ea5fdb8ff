"""Selective Search as it stands in the paper, from the pixels anew at every step: the oracle.

Nothing is propagated, nothing kept: after each merge every region's histograms, box and neighbours
are counted again from its pixels, and all pairs are compared. For pictures of a few dozen regions.
"""

import numpy as np
from scipy import ndimage


def histogram(values: np.ndarray, bins: int) -> np.ndarray:
    """Of each column of float32 (n, channels) in [0, 1], one after the other, together 1."""
    places = np.minimum(np.floor(values * bins), bins - 1)
    counted = [[(column == each).sum() for each in range(bins)] for column in places.T]
    found = np.array(counted, np.float64).ravel()
    return found / found.sum()


class SlowSearch:
    """The regions of one picture, merged one pair after another.

    Args:
        labels: the first regions.
        colours, textures: float32 (H, W, channels) in [0, 1], what histograms are counted of.
    """

    def __init__(self, labels: np.ndarray, colours: np.ndarray, textures: np.ndarray) -> None:
        self.picture_px = labels.size
        self.colours, self.textures = colours, textures
        self.masks = {number: labels == number for number in range(labels.max() + 1)}
        self.next = len(self.masks)

    def measure(self, one: int, other: int) -> tuple[float, float, float, float]:
        """Equations 1 to 6 of the paper."""
        masks = self.masks[one], self.masks[other]
        shared = [
            np.minimum(*(histogram(values[mask], bins) for mask in masks)).sum()
            for values, bins in ((self.colours, 25), (self.textures, 10))
        ]
        together = sum(int(mask.sum()) for mask in masks)
        rows, columns = np.nonzero(masks[0] | masks[1])
        around = int((np.ptp(rows) + 1) * (np.ptp(columns) + 1))
        size = 1 - together / self.picture_px
        fill = 1 - (around - together) / self.picture_px
        return float(shared[0]), float(shared[1]), size, fill

    def neighbours(self) -> list[tuple[int, int]]:
        """All pairs that touch by a side or a corner."""
        wide = {n: ndimage.binary_dilation(m, np.ones((3, 3))) for n, m in self.masks.items()}
        names = sorted(self.masks)
        return [
            (one, other)
            for at, one in enumerate(names)
            for other in names[at + 1 :]
            if (wide[one] & self.masks[other]).any()
        ]

    def merge(self, one: int, other: int) -> None:
        """Two regions become one, which bears the next number."""
        self.masks[self.next] = self.masks.pop(one) | self.masks.pop(other)
        self.next += 1

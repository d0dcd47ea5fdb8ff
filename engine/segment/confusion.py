"""How good a semantic reading is: a table of true against said classes, and what follows from it.

IoU of a class: the pixels that are and are called so, over those that are or are called so.
Source: Everingham et al., "The PASCAL VOC Challenge", IJCV 2010, section 4.2 (IoU and its mean);
the tests hold the numbers against torchmetrics.
"""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False)
class Confusion:
    """Pixels by true and said class, over any number of pictures; add two with ``+``.

    Attributes:
        table: int64 (classes, classes), [true][said].
    """

    table: np.ndarray

    def __add__(self, other: "Confusion") -> "Confusion":
        return Confusion(self.table + other.table)

    @property
    def iou(self) -> np.ndarray:
        """float64 (classes,) in [0, 1]; NaN for a class that neither is there nor is said."""
        hits = np.diag(self.table)
        union = self.table.sum(axis=0) + self.table.sum(axis=1) - hits
        return np.where(union > 0, hits / np.maximum(union, 1), np.nan)

    @property
    def mean_iou(self) -> float | None:
        """Mean over the classes that are there or are said; ``None`` without any pixel."""
        iou = self.iou
        return float(np.nanmean(iou)) if not np.isnan(iou).all() else None

    @property
    def pixel_accuracy(self) -> float | None:
        """Share of right pixels; ``None`` without any pixel."""
        pixels = self.table.sum()
        return float(np.trace(self.table) / pixels) if pixels else None


def confuse(
    said: np.ndarray, truth: np.ndarray, classes: int, ignored: int | None = None
) -> Confusion:
    """Count the pixels of one picture, or of a stack of them.

    Args:
        said: integer (…, H, W), a class for each pixel.
        truth: integer, the same shape.
        classes: how many there are, >= 1.
        ignored: pixels of which this is the truth do not count.

    Raises:
        ValueError: other shapes, or a pixel that counts has a class that does not exist.
    """
    if said.shape != truth.shape:
        raise ValueError(f"{said.shape} classes said and {truth.shape} true ones")
    counts = np.ones(truth.shape, bool) if ignored is None else truth != ignored
    said, truth = said[counts].astype(np.int64), truth[counts].astype(np.int64)
    for each in (said, truth):
        if ((each < 0) | (each >= classes)).any():
            raise ValueError(f"a class outside 0 to {classes - 1}")
    table = np.bincount(truth * classes + said, minlength=classes**2)
    return Confusion(table.reshape(classes, classes))

"""How alike two regions are: colour, texture, size and fill, each in [0, 1], and their sum.

Source: Uijlings et al. 2013, section 3.2, equations 1 to 6.
"""

import math
from dataclasses import astuple, dataclass

import numpy as np

from engine.errors import InputError

MEASURES = ("colour", "texture", "size", "fill")


@dataclass(frozen=True)
class Weights:
    """How much each measure counts, in [0, 1]; the paper's are 0 or 1.

    Raises:
        InputError: a weight out of range, or none above 0.
    """

    colour: float = 1.0
    texture: float = 1.0
    size: float = 1.0
    fill: float = 1.0

    def __post_init__(self) -> None:
        for name, value in zip(MEASURES, astuple(self), strict=True):
            if not (math.isfinite(value) and 0 <= value <= 1):
                raise InputError("value_out_of_range", name=name, low=0, high=1, value=value)
        if not any(astuple(self)):
            raise InputError("weights_all_zero")

    def array(self) -> np.ndarray:
        """float64 (4,), in the order of :data:`MEASURES`."""
        return np.array(astuple(self))


def intersect(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """What two histograms share, in [0, 1]: the sum over the bins of the smaller of the two.

    Args:
        first, second: float64 (..., bins) that sum to 1 each; broadcast against each other.
    """
    return np.minimum(first, second).sum(axis=-1)


def size_and_fill(
    sizes_px: tuple[np.ndarray, np.ndarray],
    boxes: tuple[np.ndarray, np.ndarray],
    picture_px: int,
) -> tuple[np.ndarray, np.ndarray]:
    """Size: 1 less both regions' share of the picture. Fill: 1 less the share of the gaps.

    Args:
        sizes_px: of the ones (...,) and of the others (...,), pixels.
        boxes: likewise (..., 4), ``xyxy``, half-open.
        picture_px: pixels of the whole picture.

    Returns:
        Both float64 (...,) in [0, 1]. The gaps are what the box around both holds besides them.
    """
    together = sizes_px[0] + sizes_px[1]
    start = np.minimum(boxes[0][..., :2], boxes[1][..., :2])
    end = np.maximum(boxes[0][..., 2:], boxes[1][..., 2:])
    around = (end - start).prod(axis=-1)
    return 1 - together / picture_px, 1 - (around - together) / picture_px

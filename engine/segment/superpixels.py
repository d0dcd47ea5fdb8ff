"""Small regions of like pixels, found without any learning.

- ``felzenszwalb``: merges neighbours whose difference is small against the differences inside.
- ``slic``: k-means in colour and place, so that regions are about equally large.

Both are scikit-image's. Sources: Felzenszwalb & Huttenlocher, "Efficient graph-based image
segmentation", IJCV 2004; Achanta et al., "SLIC superpixels", PAMI 2012.
"""

from dataclasses import dataclass

import numpy as np
from skimage.segmentation import felzenszwalb, find_boundaries, slic

from engine.errors import InputError


@dataclass(frozen=True, eq=False)
class Superpixels:
    """A picture in pieces.

    Attributes:
        labels: int64 (H, W), 0 to ``count - 1``, each present.
        boundaries: bool (H, W), pixels beside one of another piece.
        colours: uint8 (H, W, 3), each pixel with its piece's mean colour.
    """

    labels: np.ndarray
    boundaries: np.ndarray
    colours: np.ndarray

    @property
    def count(self) -> int:
        """Number of pieces."""
        return int(self.labels.max()) + 1


def merge_regions(
    pixels: np.ndarray, scale: float = 100.0, sigma: float = 0.8, least_px: int = 20
) -> Superpixels:
    """Felzenszwalb and Huttenlocher's pieces.

    Args:
        pixels: uint8 (H, W, 3), RGB.
        scale: how much difference a piece tolerates, 1 to 10,000: higher gives larger pieces.
        sigma: of the blur beforehand, in pixels, 0 to 10.
        least_px: smaller pieces are merged into a neighbour, 1 to 100,000.

    Raises:
        InputError: a value out of range.
        ValueError: not a picture.
    """
    _check_picture(pixels)
    _check("scale", scale, 1, 10_000)
    _check("sigma", sigma, 0, 10)
    _check("least_px", least_px, 1, 100_000)
    return _describe(pixels, felzenszwalb(pixels, scale=scale, sigma=sigma, min_size=least_px))


def cluster_pixels(pixels: np.ndarray, wanted: int = 150, compactness: float = 10.0) -> Superpixels:
    """SLIC's pieces.

    Args:
        pixels: uint8 (H, W, 3), RGB.
        wanted: about how many pieces, 2 to 5,000.
        compactness: how much place counts beside colour, 0.01 to 1,000: higher gives squarer ones.

    Raises:
        InputError: a value out of range.
        ValueError: not a picture.
    """
    _check_picture(pixels)
    _check("wanted", wanted, 2, 5_000)
    _check("compactness", compactness, 0.01, 1_000)
    return _describe(pixels, slic(pixels, n_segments=wanted, compactness=compactness))


def _describe(pixels: np.ndarray, found: np.ndarray) -> Superpixels:
    labels = np.unique(found, return_inverse=True)[1].reshape(found.shape).astype(np.int64)
    areas_px = np.bincount(labels.ravel())
    sums = np.stack(
        [np.bincount(labels.ravel(), pixels[:, :, each].ravel()) for each in range(3)], axis=1
    )
    means = (sums / areas_px[:, None] + 0.5).astype(np.uint8)
    return Superpixels(labels, find_boundaries(labels, mode="thick"), means[labels])


def _check_picture(pixels: np.ndarray) -> None:
    if pixels.dtype != np.uint8 or pixels.ndim != 3 or pixels.shape[2] != 3 or not pixels.size:
        raise ValueError(f"uint8 (H, W, 3) is needed, not {pixels.dtype} {pixels.shape}")


def _check(name: str, value: float, low: float, high: float) -> None:
    if not low <= value <= high:  # also where it is not a number
        raise InputError("value_out_of_range", name=name, low=low, high=high, value=value)

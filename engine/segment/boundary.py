"""Where a reading goes wrong: its figures by distance from the nearest true boundary.

Source: Kohli, Ladicky, Torr, "Robust higher order potentials", CVPR 2008, section 5 (figures in a
band around the boundary, a trimap); distances by OpenCV's exact Euclidean transform.
"""

from collections.abc import Sequence
from itertools import pairwise

import cv2
import numpy as np

from engine.segment.confusion import Confusion, confuse


def boundary_distance(labels: np.ndarray) -> np.ndarray:
    """How far each pixel is from the nearest pixel of another label.

    Args:
        labels: integer (H, W), up to 255 different ones.

    Returns:
        float32 (H, W), pixels from centre to centre, >= 1; inf where there is one label only.
    """
    distance = np.full(labels.shape, np.inf, np.float32)
    found = np.unique(labels)
    for label in found if len(found) > 1 else ():
        mask = labels == label
        away = cv2.distanceTransform(mask.astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
        distance[mask] = away[mask]
    return distance


def confusion_by_distance(
    said: np.ndarray, truth: np.ndarray, classes: int, edges_px: Sequence[float]
) -> tuple[Confusion, ...]:
    """Figures of the pixels in each band of distance from a true boundary.

    Args:
        said, truth: integer (H, W), classes.
        classes: how many there are.
        edges_px: rising; band k holds distances in [edges_px[k], edges_px[k + 1]).

    Returns:
        One for each band, ``len(edges_px) - 1`` of them.

    Raises:
        ValueError: edges that do not rise, or maps that do not belong together.
    """
    if any(low >= high for low, high in pairwise(edges_px)):
        raise ValueError(f"the edges of bands must rise: {edges_px}")
    distance, signed = boundary_distance(truth), truth.astype(np.int64)
    bands = [(distance >= low) & (distance < high) for low, high in pairwise(edges_px)]
    return tuple(confuse(said, np.where(band, signed, -1), classes, ignored=-1) for band in bands)

"""Structural similarity: how alike two pictures are in brightness, contrast and pattern.

Source: Wang, Bovik, Sheikh, Simoncelli 2004, "Image quality assessment: from error visibility to
structural similarity"; windows of 7 × 7 with equal weights and unbiased variances, as
``skimage.metrics.structural_similarity`` has them.
"""

import numpy as np

WINDOW_PX = 7
LEVELS = 255
_MIDDLE = np.float32(128)
_BAND_ROWS = 32  # of windows at once, so that what is reckoned with stays in the CPU's cache
K1, K2 = 0.01, 0.03  # keep the quotient from 0 / 0 in flat dark windows


def ssim(original: np.ndarray, other: np.ndarray) -> float | None:
    """Mean structural similarity over all windows that lie wholly within the picture.

    Args:
        original, other: uint8 (H, W, C), same shape.

    Returns:
        1 for equal pictures, about 0 for unrelated ones, below 0 for inverted patterns; None where
        no window of 3 × 3 fits. Windows are 7 × 7 or the largest odd size that fits.
    """
    window = min(WINDOW_PX, (min(original.shape[:2]) - 1) // 2 * 2 + 1)
    if window < 3:
        return None
    rows = original.shape[0] - window + 1  # of windows
    total = 0.0
    for first in range(0, rows, _BAND_ROWS):
        last = min(rows, first + _BAND_ROWS)
        band = slice(first, last + window - 1)
        total += _mean_of_band(original[band], other[band], window) * (last - first)
    return total / rows


def _mean_of_band(original: np.ndarray, other: np.ndarray, window: int) -> float:
    n = window * window
    # Around the middle grey, so that float32 loses nothing that counts: sums of at most 49 products
    # are whole numbers below 2 ** 24, and what is taken from them is small.
    x, y = (each.astype(np.float32) - _MIDDLE for each in (original, other))
    sum_x, sum_y, sum_xx, sum_yy, sum_xy = (
        _window_sums(each, window) for each in (x, y, x * x, y * y, x * y)
    )
    mean_x, mean_y = sum_x / n, sum_y / n
    # in this order equal pictures give exactly 1
    variances = ((sum_xx - sum_x * mean_x) + (sum_yy - sum_y * mean_y)) / (n - 1)
    covariance = (sum_xy - sum_x * mean_y) / (n - 1)
    mean_x += _MIDDLE
    mean_y += _MIDDLE
    c1, c2 = (K1 * LEVELS) ** 2, (K2 * LEVELS) ** 2
    brightness = (2 * mean_x * mean_y + c1) / (mean_x * mean_x + mean_y * mean_y + c1)
    pattern = (2 * covariance + c2) / (variances + c2)
    return float(np.mean(brightness * pattern, dtype=np.float64))


def _window_sums(values: np.ndarray, window: int) -> np.ndarray:
    """float32 (H - window + 1, W - window + 1, C): the sum of each window."""
    import cv2

    sums = cv2.boxFilter(values, cv2.CV_32F, (window, window), normalize=False)
    inside = slice(window // 2, -(window // 2))
    return sums.reshape(values.shape)[inside, inside]

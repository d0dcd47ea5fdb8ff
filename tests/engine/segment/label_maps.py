"""Random segmentations: a truth in blobs, and a prediction that is a shaken copy of it."""

import numpy as np

from engine.segment.segments import Segmentation, cut

CLASSES, FIRST_THING = 5, 2
IS_THING = [each >= FIRST_THING for each in range(CLASSES)]
SIZE = (20, 24)


def blobs(rng: np.random.Generator, most: int = 6) -> tuple[np.ndarray, np.ndarray]:
    """Classes (H, W) and instances (H, W; 0 on stuff): two kinds of stuff, rectangles in front."""
    height, width = SIZE
    classes, instances = np.zeros(SIZE, int), np.zeros(SIZE, int)
    classes[:, rng.integers(width + 1) :] = 1
    for number in range(1, 1 + rng.integers(most + 1)):
        y, x = rng.integers(height - 4), rng.integers(width - 4)
        part = slice(y, y + rng.integers(4, 14)), slice(x, x + rng.integers(4, 14))
        classes[part] = rng.integers(FIRST_THING, CLASSES - 1)  # the last class is never true
        instances[part] = number
    return classes, instances


def shake(
    classes: np.ndarray, instances: np.ndarray, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Shifted by up to a pixel, some instances with another class, some split in two."""
    shift = rng.integers(-1, 2, 2)
    classes, instances = (np.roll(each, shift, axis=(0, 1)) for each in (classes, instances))
    for number in np.unique(instances[instances > 0]):
        mask = instances == number
        if rng.random() < 0.2:
            classes[mask] = rng.integers(FIRST_THING, CLASSES)
        if rng.random() < 0.2:
            half = mask & (np.arange(mask.shape[1]) > np.nonzero(mask)[1].mean())
            instances[half] = number + 100
    return classes, instances


def as_segments(classes: np.ndarray, instances: np.ndarray, void: np.ndarray) -> Segmentation:
    """One segment for each pair of class and instance; none where ``void``."""
    pairs = classes * 1000 + instances
    found = np.unique(pairs[~void])
    ids = np.where(void, 0, np.searchsorted(found, pairs) + 1)
    return cut(ids, (found // 1000).tolist(), IS_THING)

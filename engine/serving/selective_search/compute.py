"""One picture searched: what the Selective Search page's picture and tree are drawn from."""

from collections.abc import Iterator
from dataclasses import dataclass
from time import thread_time
from typing import Any

import numpy as np

from engine.cache import Cache
from engine.detection.drawn_boxes import read_drawn_boxes
from engine.detection.selective_search.grouping import group
from engine.detection.selective_search.recall import (
    SHAPES,
    all_boxes,
    even_windows,
    overlaps,
)
from engine.detection.selective_search.similarity import Weights
from engine.detection.selective_search.strategies import (
    FAST,
    Searched,
    Strategy,
    find_regions,
    group_all,
    propose,
)
from engine.pictures import resize_longest, resolve
from engine.progress import Progress
from engine.serving.jobs import jobs
from engine.serving.one_core import on_one_core
from engine.serving.selective_search.contract import Grouped, Question

WORK_PX = 320  # longest side of the picture that is searched
Answer = tuple[dict[str, np.ndarray], dict[str, Any]]


@dataclass(frozen=True, eq=False)
class Found:
    """A picture searched.

    Attributes:
        first: of the strategy asked for, of eight the first.
        proposals: int64 (N, 4), the boxes of all strategies, each once, in their order.
        ms: that a core worked for it; what else the machine did meanwhile does not count.
    """

    first: Searched
    proposals: np.ndarray
    ms: float


_kept: Cache[Found] = Cache(48)


def strategy_of(asked: Grouped) -> Strategy:
    """The one strategy that the controls say.

    Raises:
        InputError: all weights are 0.
    """
    weights = Weights(asked.colour, asked.texture, asked.size, asked.fill)
    return Strategy(asked.space, asked.scale, weights)


def look(asked: Question) -> Answer | Progress[Found]:
    """The regions, every merge, and the best boxes for what was drawn.

    Raises:
        InputError: no such picture, all weights are 0, or a box that is none.
    """
    pixels = resize_longest(resolve(asked.picture).pixels, WORK_PX)
    size = pixels.shape[0], pixels.shape[1]
    truths = read_drawn_boxes(asked.truth, size).numpy()
    found = _search(asked, pixels)
    if isinstance(found, Progress):
        return found
    grouping, labels = found.first.grouping, found.first.labels
    best, best_iou = _best(found.proposals, truths)
    windows = even_windows(size, max(SHAPES, len(found.proposals)))
    best_window, best_window_iou = _best(windows, truths)
    arrays = {
        "labels": labels.astype(np.uint16),
        "merges": grouping.merges,
        "similarities": grouping.similarities.astype(np.float32),
        "sums": grouping.sums.astype(np.float32),
        "boxes": grouping.boxes.astype(np.int32),
        "sizes": grouping.sizes_px.astype(np.int32),
        "colours": _mean_colours(found.first, pixels),
        "truths": truths,
        "best": best,
        "best_iou": best_iou,
        "best_window": best_window,
        "best_window_iou": best_window_iou,
    }
    return arrays, _facts(asked, found, size, len(windows))


def _search(asked: Question, pixels: np.ndarray) -> Found | Progress[Found]:
    if asked.mode == "fast":
        key = ("selective search", asked.picture)
        return jobs().ask(key, lambda: _search_fast(pixels))
    strategy = strategy_of(asked)

    def search() -> Found:
        begun = thread_time()
        regions = find_regions(pixels, strategy.space, strategy.scale)
        first = Searched(regions.labels, group(regions, strategy.weights))
        return Found(first, propose([first.grouping]), 1000 * (thread_time() - begun))

    return _kept.get((asked.picture, strategy), lambda: on_one_core(search))


def _search_fast(pixels: np.ndarray) -> Iterator[Progress[Found]]:
    begun = thread_time()
    for step in group_all(pixels, FAST):
        whole = step.result
        ms = 1000 * (thread_time() - begun)
        boxes = propose([each.grouping for each in whole]) if whole else None
        found = Found(whole[0], boxes, ms) if whole and boxes is not None else None
        yield Progress(step.done, step.total, found)


def _best(boxes: np.ndarray, truths: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Of each truth the box that overlaps it most, int32 (T, 4), and its IoU, float32 (T,)."""
    iou = overlaps(boxes, truths)
    return boxes[iou.argmax(axis=0)].astype(np.int32), iou.max(axis=0)


def _mean_colours(found: Searched, pixels: np.ndarray) -> np.ndarray:
    """Of every region, uint8 (2 R - 1, 3)."""
    merges, labels = found.grouping.merges, found.labels.ravel()
    first = len(merges) + 1
    sums = np.zeros((2 * first - 1, 3))
    for channel in range(3):
        sums[:first, channel] = np.bincount(labels, pixels[:, :, channel].ravel(), first)
    for new, (one, other) in enumerate(merges, start=first):
        sums[new] = sums[one] + sums[other]
    return (sums / found.grouping.sizes_px[:, None] + 0.5).astype(np.uint8)


def _facts(asked: Question, found: Found, size: tuple[int, int], windows: int) -> dict[str, Any]:
    first, is_fast = len(found.first.grouping.merges) + 1, asked.mode == "fast"
    told = FAST[0] if is_fast else strategy_of(asked)
    fixed = {"disabled": is_fast}
    names = ("space", "scale", "colour", "texture", "size", "fill")
    return {
        "size": list(size),
        "first": first,
        "strategies": len(FAST) if is_fast else 1,
        "space": told.space,
        "scale": told.scale,
        "weights": told.weights.array().tolist(),
        "proposals": len(found.proposals),
        "windows": windows,
        "all_boxes": all_boxes(size),
        "ms": found.ms,
        "limits": {"left": {"high": first}} | dict.fromkeys(names, fixed),
    }

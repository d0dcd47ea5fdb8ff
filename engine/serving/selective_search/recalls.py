"""What boxes find in drawn scenes, whose objects are known exactly."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from time import thread_time

import numpy as np

from engine.cache import remembered
from engine.data.painting import SceneSettings
from engine.data.scenes import Scenes, draw_many
from engine.detection.selective_search.recall import (
    even_windows,
    first_hits,
    overlaps,
    recall_at,
)
from engine.detection.selective_search.strategies import FAST, Strategy, group_all, propose
from engine.progress import Progress
from engine.serving.jobs import jobs
from engine.serving.selective_search.compute import Answer, strategy_of
from engine.serving.selective_search.contract import RecallQuestion

SCENES, SCENE_SEED = 16, 5
SIZE = (160, 240)
BUDGETS = tuple(15 * 2**step for step in range(12))  # windows a scene, 15 to 30,720
NINE_OF_TEN = 0.9
_POINTS = 60  # of a curve


@dataclass(frozen=True, eq=False)
class Proposed:
    """What strategies proposed in every scene.

    Attributes:
        boxes: of each scene int64 (N, 4), in their order.
        alone: the same of the single strategy that the paper recommends, where it is among them.
        ms: that a core worked for it, all scenes together.
    """

    boxes: tuple[np.ndarray, ...]
    alone: tuple[np.ndarray, ...]
    ms: float


def measure(asked: RecallQuestion) -> Answer | Progress[Proposed]:
    """Recall over the number of boxes, or how many scenes are searched.

    Raises:
        InputError: all weights are 0.
    """
    strategies = FAST if asked.mode == "fast" else (strategy_of(asked),)
    key = ("proposals", strategies, asked.difficulty)
    found = jobs().ask(key, lambda: _search(strategies, asked.difficulty))
    if isinstance(found, Progress):
        return found
    scenes = draw_scenes(asked.difficulty)
    hits = _hits(found.boxes, scenes, asked.iou)
    counts, shares = _curve(hits, found.boxes)
    placed = window_overlaps(asked.difficulty)
    window_shares = (placed.best >= asked.iou).mean(axis=1)
    arrays = {
        "counts": counts,
        "recall": shares,
        "window_counts": placed.counts,
        "window_recall": window_shares,
    }
    about = {
        "scenes": len(scenes),
        "objects": int(scenes.counts.sum()),
        "size": list(SIZE),
        "strategies": len(strategies),
        "boxes": float(np.mean([len(each) for each in found.boxes])),
        "ms": found.ms / len(scenes),
        "found": float(shares[-1]),
        "ninety": _needed(hits),
        "most_windows": int(placed.counts[-1]),
        "window_ninety": _first(placed.counts, window_shares >= NINE_OF_TEN),
        "windows_to_match": _first(placed.counts, window_shares >= shares[-1]),
    }
    if found.alone:
        arrays["one_counts"], arrays["one_recall"] = _curve(
            _hits(found.alone, scenes, asked.iou), found.alone
        )
    return arrays, about


@remembered(4)
def draw_scenes(difficulty: float) -> Scenes:
    """Scenes of 3 to 6 circles, squares and triangles of 20 to 90 px, turned by up to 45°."""
    settings = SceneSettings(
        size=SIZE,
        objects=(3, 6),
        sizes_px=(20, 90),
        tilt_degrees=45,
        border_share=0.5,
        difficulty=difficulty,
    )
    return draw_many(SCENES, SCENE_SEED, settings)


@dataclass(frozen=True, eq=False)
class Placed:
    """Even windows on the scenes.

    Attributes:
        counts: float64 (n,), windows a scene.
        best: float32 (n, M), of so many windows the greatest IoU with each object.
    """

    counts: np.ndarray
    best: np.ndarray


@remembered(4)
def window_overlaps(difficulty: float) -> Placed:
    """What windows, the more the closer together, overlap of the scenes' objects."""
    truths = np.concatenate([each.boxes for each in draw_scenes(difficulty)])
    grids = [even_windows(SIZE, budget) for budget in BUDGETS]
    best = np.stack([overlaps(grid, truths).max(axis=0) for grid in grids])
    return Placed(np.array([len(grid) for grid in grids], float), best)


def _search(strategies: Sequence[Strategy], difficulty: float) -> Iterator[Progress[Proposed]]:
    scenes = draw_scenes(difficulty)
    boxes, alone, begun = [], [], thread_time()
    single = strategies.index(Strategy()) if len(strategies) > 1 else None
    for done, scene in enumerate(scenes):
        for step in group_all(scene.pixels, strategies):
            yield Progress(done, len(scenes))
            if step.result:
                groupings = [each.grouping for each in step.result]
                boxes.append(propose(groupings))
                if single is not None:
                    alone.append(propose([groupings[single]]))
    ms = 1000 * (thread_time() - begun)
    yield Progress(len(scenes), len(scenes), Proposed(tuple(boxes), tuple(alone), ms))


def _hits(boxes: Sequence[np.ndarray], scenes: Scenes, least_iou: float) -> np.ndarray:
    found = [first_hits(b, s.boxes, least_iou) for b, s in zip(boxes, scenes, strict=True)]
    return np.concatenate(found)


def _curve(hits: np.ndarray, boxes: Sequence[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Numbers of boxes, evenly spread by factors, and the recall of each."""
    most = max(len(each) for each in boxes)
    counts = np.unique(np.geomspace(1, most, _POINTS).round())
    return counts, recall_at(hits, counts.tolist())


def _needed(hits: np.ndarray) -> int | None:
    """Boxes a scene until nine of ten objects are found; None where they never are."""
    last = float(np.sort(hits)[math.ceil(NINE_OF_TEN * len(hits)) - 1])
    return int(last) if math.isfinite(last) else None


def _first(counts: np.ndarray, enough: np.ndarray) -> int | None:
    return int(counts[enough.argmax()]) if enough.any() else None

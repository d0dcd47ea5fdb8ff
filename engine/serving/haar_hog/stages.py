"""How far each window of a picture came in a Haar cascade, as the Haar and HOG page asks for it.

A picture, a cascade and a factor are evaluated once, by a job; what is kept of every window is its
box and how far it came, so that any stage is looked up and not computed.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np

from engine.errors import InputError
from engine.pictures import Picture, grey, resize_longest, resolve
from engine.progress import Progress, timed
from engine.serving.jobs import jobs

if TYPE_CHECKING:
    from engine.detection.haar import HaarScan
    from engine.detection.haar_window import StageVotes

LONGEST_PX = 400  # a picture's longer side; 400,000 windows would take too long to wait for
CELL_PX = 8  # windows are counted by cells of this size
MOST_BOXES = 400
GROUP_EPS = 0.2  # what detectMultiScale groups with
REACH_PX = 6  # how near to a spot the centre of its window must lie


@dataclass(frozen=True, eq=False)
class HaarStory:
    """What became of all N windows.

    Attributes:
        grey: uint8 ``(H, W)``, the picture that was looked at.
        boxes: int16 ``(N, 4)``, ``xyxy`` in pixels of it.
        level: uint8 ``(N,)``, index into the scales.
        passed: int8 ``(N,)``, stages passed; -1 where too flat to look at.
        margin: float32 ``(N,)``, last sum less what that stage asks for.
        left: the windows that passed all stages, with the scales.
        ms: how long the evaluation took.
    """

    grey: np.ndarray
    boxes: np.ndarray
    level: np.ndarray
    passed: np.ndarray
    margin: np.ndarray
    left: "HaarScan"
    ms: float

    @cached_property
    def counts(self) -> np.ndarray:
        """int64 ``(stages + 1,)``: all windows, and how many passed 1, 2, ... stages."""
        reached = np.bincount(np.maximum(self.passed, 0), minlength=self.left.stages + 1)
        return reached[::-1].cumsum()[::-1]

    def furthest(self, most: int) -> np.ndarray:
        """Indices of the windows that came furthest, the best first, by stages and then margin."""
        least = int((self.counts >= most).sum()) - 1
        near = np.flatnonzero(np.maximum(self.passed, 0) >= least)
        order = np.lexsort((-self.margin[near], -self.passed[near]))
        return near[order[:most]]

    @cached_property
    def density(self) -> np.ndarray:
        """uint32 ``(stages + 1, rows, columns)``: windows left by the cell of their centre."""
        rows, columns = (-(-side // CELL_PX) for side in self.grey.shape)
        centre = (self.boxes[:, :2].astype(np.int32) + self.boxes[:, 2:]) // (2 * CELL_PX)
        cell = np.minimum(centre, [columns - 1, rows - 1])
        stage = np.maximum(self.passed, 0).astype(np.int64)
        flat = (stage * rows + cell[:, 1]) * columns + cell[:, 0]
        counted = np.bincount(flat, minlength=(self.left.stages + 1) * rows * columns)
        each = counted.reshape(-1, rows, columns)
        return each[::-1].cumsum(axis=0)[::-1].astype(np.uint32)

    def at(self, x: int, y: int) -> int:
        """The window centred within some pixels of a spot that came furthest; else the nearest."""
        away = self.boxes[:, :2].astype(np.int32) + self.boxes[:, 2:] - [2 * x, 2 * y]
        distance = (away.astype(np.int64) ** 2).sum(axis=1)
        near = np.flatnonzero(distance <= max(int(distance.min()), 4 * REACH_PX**2))
        return int(near[np.lexsort((-self.margin[near], -self.passed[near]))[0]])


def find_story(picture: str, cascade: str, factor: float) -> "HaarStory | Progress[HaarStory]":
    """What became of a picture's windows, or how far the evaluation is.

    Raises:
        InputError: no such picture or cascade, or the picture is smaller than the window.
    """
    from engine.detection.cascade_file import load_cascade

    chosen, loaded = resolve(picture), load_cascade(cascade)
    pixels = seen(chosen)
    if any(side < least for side, least in zip(pixels.shape, loaded.window_px, strict=True)):
        names = [f"{w} × {h}" for h, w in (loaded.window_px, pixels.shape)]
        raise InputError("window_too_large", window=names[0], size=names[1])

    def work() -> Iterator[Progress[HaarStory]]:
        from engine.detection.haar import scan_steps

        for step, ms in timed(scan_steps(loaded, pixels, factor)):
            told = step.result and _story(pixels, step.result, ms)
            yield Progress(step.done, step.total, told)

    return jobs().ask(("haar", chosen.ref, cascade, factor), work)


def seen(picture: Picture) -> np.ndarray:
    """The picture as the cascade is shown it: grey, uint8, its longer side 400 px at most."""
    return grey(resize_longest(picture.pixels, LONGEST_PX))


def _story(pixels: np.ndarray, found: "HaarScan", ms: float) -> HaarStory:
    left = found.survivors(found.stages)
    parts = {name: getattr(found, name)[left] for name in ("boxes", "level", "passed", "margin")}
    return HaarStory(
        grey=pixels,
        boxes=found.boxes.numpy().astype(np.int16),
        level=found.level.numpy().astype(np.uint8),
        passed=found.passed.numpy().astype(np.int8),
        margin=found.margin.numpy(),
        left=replace(found, **parts),
        ms=ms,
    )


def features_asked(story: HaarStory, cascade: str) -> float:
    """Trees that a window was sent through, on average over all windows."""
    from engine.detection.cascade_file import load_cascade

    trees = np.array([len(stage.trees) for stage in load_cascade(cascade).stages])
    came = story.counts[:-1].copy()
    came[0] -= (story.passed < 0).sum()  # flat windows are asked nothing
    return float((came * trees).sum() / len(story.passed))


def by_opencv(
    picture: str, cascade: str, factor: float, neighbours: int
) -> tuple[list[list[int]], float]:
    """OpenCV's own answer, ``xyxy``, sorted, and how many milliseconds it took.

    ``detectMultiScale`` groups what it finds with ``groupRectangles``; so another number of
    neighbours needs no other search.
    """
    import cv2

    found, ms = _search_with_opencv(picture, cascade, factor)
    begun = perf_counter()
    grouped = cv2.groupRectangles(list(found), neighbours, GROUP_EPS)[0]
    ms += (perf_counter() - begun) * 1000
    return sorted([int(x), int(y), int(x + w), int(y + h)] for x, y, w, h in grouped), ms


@lru_cache(maxsize=64)
def _search_with_opencv(
    picture: str, cascade: str, factor: float
) -> tuple[tuple[tuple[int, ...], ...], float]:
    import cv2

    from engine.detection.cascade_file import cascade_file

    classifier = cv2.CascadeClassifier(str(cascade_file(cascade)))
    pixels = seen(resolve(picture))
    begun = perf_counter()
    found = classifier.detectMultiScale(pixels, factor, 0)
    ms = (perf_counter() - begun) * 1000
    return tuple(tuple(map(int, box)) for box in found), ms


def open_window(
    story: HaarStory, cascade: str, index: int
) -> tuple[np.ndarray, tuple["StageVotes", ...]]:
    """A window's pixels as the cascade is shown them, uint8 ``window_px``, and all its votes."""
    import cv2

    from engine.detection.cascade_file import load_cascade
    from engine.detection.haar_window import explain_window

    loaded = load_cascade(cascade)
    scale = np.float32(story.left.scales[story.level[index]])
    size = [int(np.rint(np.float32(side) / scale)) for side in story.grey.shape[::-1]]
    level = cv2.resize(story.grey, size, interpolation=cv2.INTER_LINEAR_EXACT)
    x, y = (int(np.rint(story.boxes[index, side] / scale)) for side in (0, 1))
    height, width = loaded.window_px
    window = np.ascontiguousarray(level[y : y + height, x : x + width])
    return window, explain_window(loaded, window)

"""Raw boxes of this project's detectors, kept for as long as they are looked at.

A detector looks once at a picture; thresholds are then moved over what it said. Detectors look one
at a time, so that the time that each takes is its own; one that can looks at several pictures at
once.
"""

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np

from engine.progress import Progress, timed
from engine.serving.batching import Batcher, max_batch
from engine.serving.jobs import jobs, wait_for

if TYPE_CHECKING:
    from engine.detection.detections import Detections
    from engine.pictures import Picture

_POLL_S = 0.1
_looking = threading.Lock()


@dataclass(frozen=True, eq=False)
class RawBoxes:
    """What a detector said of one picture.

    Attributes:
        found: best first; boxes lie within the picture.
        size: ``(H, W)`` of the picture in pixels.
        ms: how long the detector took, once loaded; for all pictures that it looked at with this.
    """

    found: "Detections"
    size: tuple[int, int]
    ms: float


def raw_boxes(
    picture: "Picture", detector: str, wait_s: float = 0.15
) -> RawBoxes | Progress[RawBoxes]:
    """The detector's boxes on a picture, at most 2,000, or how far they are after ``wait_s``.

    Raises:
        InputError: the detector is unknown or not available, or the picture does not suit it.
    """
    return jobs().ask(
        ("raw boxes", picture.ref, detector), lambda: _look(picture.pixels, detector), wait_s
    )


def raw_boxes_now(picture: "Picture", detector: str) -> RawBoxes:
    """As :func:`raw_boxes`, when they are there.

    Raises:
        InputError: as :func:`raw_boxes` and :func:`engine.serving.jobs.wait_for`.
    """
    return wait_for(lambda wait_s: raw_boxes(picture, detector, wait_s))


def look_now(pixels: np.ndarray, detector: str) -> RawBoxes:
    """A detector's boxes on a picture that nobody will ask for again, uint8 ``(H, W, 3)``.

    Raises:
        InputError: as :func:`raw_boxes`.
    """
    found = [step.result for step in _look(pixels, detector) if step.result is not None]
    return found[0]


def _look(pixels: np.ndarray, detector: str) -> Iterator[Progress[RawBoxes]]:
    from engine.detection.detectors import find_detector, raw_steps

    if find_detector(detector).together is not None:
        yield from _look_together(pixels, detector)
        return
    steps = raw_steps(detector, pixels)
    while not _looking.acquire(timeout=_POLL_S):
        yield Progress(0, 1)
    try:
        loading_ms = None
        for step, ms in timed(steps):
            loading_ms = ms if loading_ms is None else loading_ms
            if step.result is None:
                yield Progress(step.done, step.total)
            else:
                size = (pixels.shape[0], pixels.shape[1])
                yield Progress(1, 1, RawBoxes(step.result, size, ms - loading_ms))
    finally:
        _looking.release()


def _look_together(pixels: np.ndarray, detector: str) -> Iterator[Progress[RawBoxes]]:
    from engine.detection.detectors import find_detector

    find_detector(detector).check()
    yield Progress(0, 1)
    found, ms = _batcher(detector)(pixels)
    yield Progress(1, 1, RawBoxes(found, (pixels.shape[0], pixels.shape[1]), ms))


@cache
def _batcher(detector: str) -> "Batcher[np.ndarray, tuple[Detections, float]]":
    """One queue for each detector that looks at several pictures at once."""
    from engine.detection.detectors import MOST_BOXES, find_detector

    together = find_detector(detector).together
    assert together is not None  # whoever asks has looked

    def run(pictures: Sequence[np.ndarray]) -> "list[tuple[Detections, float]]":
        with _looking:
            begun = perf_counter()
            found = together(pictures, MOST_BOXES)
            ms = (perf_counter() - begun) * 1000
        return [(each, ms) for each in found]

    return Batcher(run, max_batch())

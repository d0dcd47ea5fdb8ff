"""Segmentation as the page Segment and the API ask for it: what was seen is kept, files are made.

A segmenter looks once at a picture; the settings that are moved over what it saw make a reading
each, and readings are kept too (see ``jobs``). Segmenters work one at a time, so that the time that
each takes is its own.
"""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from engine.cache import Cache
from engine.progress import Progress
from engine.serving.jobs import jobs, wait_for

if TYPE_CHECKING:
    from engine.pictures import Picture
    from engine.segment.segmented_picture import SegmentedPicture
    from engine.segment.segmenter import Reading, Segmenter, Settings

Form = Literal["png", "coco"]
MEDIA_TYPES = {"png": "image/png", "coco": "application/json"}
_ENDINGS = {"png": "segments.png", "coco": "coco.json"}
_PERCENT = 100
_POLL_S = 0.1
_working = threading.Lock()


@dataclass(frozen=True, eq=False)
class Read:
    """A reading of a picture, and what it took.

    Attributes:
        reading: the segments, on the picture that was looked at, and how they came about.
        seen: what the segmenter saw, whatever the settings.
        look_ms, settle_ms: how long it looked, and how long the rest took.
    """

    reading: "Reading"
    seen: Any
    look_ms: float
    settle_ms: float


def read(
    picture: "Picture", name: str, settings: "Settings", wait_s: float = 0.15
) -> "Read | Progress[Read]":
    """A segmenter's reading of a picture, or how far it is (in per cent) after ``wait_s``.

    Raises:
        InputError: the segmenter is unknown or not at hand, or the picture or a setting does not
            suit it.
    """
    from engine.segment.segmenters import find_segmenter, own_settings

    entry = find_segmenter(name)
    entry.check()
    own = own_settings(entry, settings)
    return jobs().ask(
        ("segments", picture.ref, own, name), lambda: _work(picture, entry, own), wait_s
    )


def read_now(picture: "Picture", name: str, settings: "Settings") -> Read:
    """As :func:`read`, when it is there.

    Raises:
        InputError: as :func:`read` and :func:`engine.serving.jobs.wait_for`.
    """
    return wait_for(lambda wait_s: read(picture, name, settings, wait_s))


def _work(picture: "Picture", entry: "Segmenter", settings: "Settings") -> Iterator[Progress[Read]]:
    from engine.segment.segmenters import seen_by

    while not _working.acquire(timeout=_POLL_S):
        yield Progress(0, _PERCENT)
    try:
        pixels = seen_by(entry, picture.pixels)
        seen, look_ms = _seen.get((picture.ref, entry.name), lambda: _look(entry, picture.pixels))
        begun = perf_counter()
        for step in entry.settle(pixels, seen, settings):
            if step.result is None:
                yield Progress(_PERCENT * step.done // step.total, _PERCENT)
                continue
            settle_ms = (perf_counter() - begun) * 1000
            yield Progress(_PERCENT, _PERCENT, Read(step.result, seen, look_ms, settle_ms))
    finally:
        _working.release()


def _look(entry: "Segmenter", pixels: np.ndarray) -> tuple[Any, float]:
    from engine.progress import finish
    from engine.segment.segmenters import look_at

    begun = perf_counter()
    return finish(look_at(entry, pixels)), (perf_counter() - begun) * 1000


_seen: Cache[tuple[Any, float]] = Cache(32)


def segment_picture(
    pixels: np.ndarray, name: str, settings: "Settings"
) -> "tuple[SegmentedPicture, float]":
    """A picture of its own, uint8 (H, W, 3), in segments, and in how many ms; nothing is kept.

    Raises:
        InputError: as :func:`read`.
    """
    from engine.segment.segmenters import segment

    with _working:
        begun = perf_counter()
        answer = segment(name, pixels, settings)
        return answer, (perf_counter() - begun) * 1000


def draw_scene(seed: int) -> np.ndarray:
    """The scene of that number, uint8 (H, W, 3): as the panoptic net's scenes are drawn.

    Raises:
        InputError: the number is out of range.
    """
    from engine.data.panoptic_scenes import PanopticSettings, draw_panoptic_scene

    return draw_panoptic_scene(seed, 0, PanopticSettings()).pixels


def result_file(
    picture: "Picture", name: str, settings: "Settings", form: Form
) -> tuple[str, bytes]:
    """The name and the content of a file with a reading, on the original's size.

    Raises:
        InputError: as :func:`read`.
    """
    from engine.segment.exports import as_coco, as_png

    answer, size = read_now(picture, name, settings).reading.answer, picture.original_size
    if form == "png":
        content = as_png(answer.found.ids, size)
    else:
        content = as_coco(answer, picture.file_name, size)
    return f"{picture.stem}_{name}.{_ENDINGS[form]}", content

"""A detector's bare boxes and what NMS leaves of them, kept.

A detector's bare boxes are thinned out once for each IoU threshold, and when one has been asked for
the others follow, so that a slider finds them. What is left at a score is the beginning of such a
list: the score's slider needs no new answer at all.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np

from engine.cache import Cache
from engine.progress import Progress
from engine.serving.detect.contract import IOU_STEP
from engine.serving.jobs import jobs
from engine.serving.raw_boxes import RawBoxes, raw_boxes

if TYPE_CHECKING:
    from engine.detection.detections import Detections
    from engine.pictures import Picture

#: What the page's slider can ask for, and is prepared.
IOU_STEPS = tuple(round(IOU_STEP * step, 2) for step in range(round(1 / IOU_STEP) + 1))


@dataclass(frozen=True, eq=False)
class Thinned:
    """A detector's bare boxes on a picture, and which of them NMS keeps.

    Attributes:
        raw: the bare boxes.
        kept: int32 ``(K,)``, indices of those that NMS keeps, best first.
        ms: what NMS took.
    """

    raw: RawBoxes
    kept: np.ndarray
    ms: float

    def at_least(self, score: float) -> "Detections":
        """What is found at a score threshold."""
        import torch

        return self.raw.found.take(torch.from_numpy(self.kept).long()).at_least(score)


def thinned_boxes(
    picture: "Picture", detector: str, iou: float, wait_s: float = 0.15
) -> "Thinned | Progress[RawBoxes]":
    """A detector's bare boxes and what NMS keeps, or how far the detector is.

    Raises:
        InputError: the detector is unknown or not available, or a value does not suit.
    """
    raw = raw_boxes(picture, detector, wait_s)
    if isinstance(raw, Progress):
        return raw
    found = thin_kept(picture, detector, iou, raw)
    jobs().ask(("every IoU", picture.ref, detector), lambda: _ahead(picture, detector, raw), 0)
    return found


def _ahead(picture: "Picture", detector: str, raw: RawBoxes) -> Iterator[Progress[bool]]:
    for done, iou in enumerate(IOU_STEPS, start=1):
        thin_kept(picture, detector, iou, raw)
        yield Progress(done, len(IOU_STEPS), True if done == len(IOU_STEPS) else None)


def thin_kept(picture: "Picture", detector: str, iou: float, raw: RawBoxes) -> Thinned:
    """What NMS keeps of boxes that are there."""

    def make() -> Thinned:
        from engine.serving.one_core import on_one_core

        return on_one_core(_suppress, raw, iou)

    return _kept.get((picture.ref, detector, iou), make)


def _suppress(raw: RawBoxes, iou: float) -> Thinned:
    from engine.detection.nms import nms_trace

    found, begun = raw.found, perf_counter()
    trace = nms_trace(found.boxes, found.scores, iou, found.labels)
    ms = (perf_counter() - begun) * 1000
    return Thinned(raw, trace.kept.numpy().astype(np.int32), ms)


# the boxes themselves are kept once for all thresholds
_kept: Cache[Thinned] = Cache(1024, size_of=lambda found: found.kept.nbytes)

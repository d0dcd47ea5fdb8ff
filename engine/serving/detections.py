"""Detection as the page Detect and the API ask for it: bare boxes kept, NMS on them, files of them.

A detector's bare boxes are thinned out once for each IoU threshold, and when one has been asked for
the others follow, so that a slider finds them. What is left at a score is the beginning of such a
list: the score's slider needs no new answer at all.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np

from engine.explain.progress import Progress
from engine.serving.jobs import jobs
from engine.serving.kept import Kept
from engine.serving.raw_boxes import RawBoxes, look_now, raw_boxes, raw_boxes_now

if TYPE_CHECKING:
    from engine.detection.detections import Detections
    from engine.detection.exports import Form
    from engine.pictures import Picture

#: The thresholds that the page's slider stops at.
IOU_STEP = 0.05
IOU_STEPS = tuple(round(IOU_STEP * step, 2) for step in range(round(1 / IOU_STEP) + 1))
MEDIA_TYPES = {"json": "application/json", "yolo": "application/zip", "coco": "application/json"}
_ENDINGS = {"json": "json", "yolo": "zip", "coco": "coco.json"}


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
        InputError: the detector is unknown or not at hand, or a value does not suit.
    """
    raw = raw_boxes(picture, detector, wait_s)
    if isinstance(raw, Progress):
        return raw
    found = _thinned(picture, detector, iou, raw)
    jobs().ask(("every IoU", picture.ref, detector), lambda: _ahead(picture, detector, raw), 0)
    return found


def _ahead(picture: "Picture", detector: str, raw: RawBoxes) -> Iterator[Progress[bool]]:
    for done, iou in enumerate(IOU_STEPS, start=1):
        _thinned(picture, detector, iou, raw)
        yield Progress(done, len(IOU_STEPS), True if done == len(IOU_STEPS) else None)


def _thinned(picture: "Picture", detector: str, iou: float, raw: RawBoxes) -> Thinned:
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
_kept: Kept[Thinned] = Kept(1024, 2**23, lambda found: found.kept.nbytes)


@dataclass(frozen=True, eq=False)
class Found:
    """What a detector found on a picture, and in which time from the decoded picture on."""

    found: "Detections"
    ms: float


def detect_picture(pixels: np.ndarray, detector: str, score: float, iou: float) -> Found:
    """A detector on a picture of its own, uint8 ``(H, W, 3)``: nothing of it is kept.

    Raises:
        InputError: as :func:`thinned_boxes`.
    """
    from engine.detection.detectors import thin

    begun = perf_counter()
    found = thin(look_now(pixels, detector).found, score, iou)
    return Found(found, (perf_counter() - begun) * 1000)


def scale_boxes(
    found: "Detections", size: tuple[int, int], original: tuple[int, int]
) -> "Detections":
    """Boxes on a picture that was scaled, on the original: both sizes ``(H, W)``."""
    down, across = (to / of for of, to in zip(size, original, strict=True))
    if (down, across) == (1, 1):
        return found
    factors = found.boxes.new_tensor([across, down, across, down])
    return replace(found, boxes=found.boxes * factors)


def result_file(
    picture: "Picture", detector: str, score: float, iou: float, form: "Form"
) -> tuple[str, bytes]:
    """The name and the content of a file with what a detector found.

    Raises:
        InputError: as :func:`thinned_boxes`.
    """
    from engine.detection import exports

    raw = raw_boxes_now(picture, detector)
    found = _thinned(picture, detector, iou, raw).at_least(score)
    # an uploaded picture has no name that could stand in a file name, and its token is a secret
    stem = picture.ref if picture.ref == picture.name else "picture"
    if form == "json":
        asked = {"picture": stem, "detector": detector, "score": score, "iou": iou}
        content = exports.as_json(found, raw.size, asked)
    elif form == "yolo":
        content = exports.as_yolo(found, raw.size, stem)
    else:
        content = exports.as_coco(found, raw.size, f"{stem}.png")
    return f"{stem}_{detector}.{_ENDINGS[form]}", content

"""Detectors judged on a set of pictures: what they found, what is there, how good that is.

- ``detectnet``, ``windows``: on the held-out drawn scenes, whose truth is known exactly.
- all others: on the learner's photos, whose truth the learner draws; whatever they find counts as
  one class.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.cache import Cache
from engine.errors import InputError
from engine.pictures import Picture, resolve
from engine.progress import Progress
from engine.serving.average_precision.contract import (
    MOST_PHOTOS,
    NOTHING,
    PHOTO_DETECTORS,
    SCENE_DETECTORS,
    Question,
)
from engine.serving.jobs import jobs
from engine.serving.raw_boxes import raw_boxes

if TYPE_CHECKING:
    from engine.data.scenes import Scenes
    from engine.detection.average_precision import MeanAveragePrecision, PrecisionRecall, Truths
    from engine.detection.detections import Detections

SHAPES = ("circle", "square", "triangle")
LEAST_SCORE = 0.05
NMS_IOU = 0.5  # over all classes: on photos they count as one


@dataclass(frozen=True, eq=False)
class Judged:
    """Detections and truths of every picture of a set, and what comes of them.

    Attributes:
        detector: the judged one, as the page calls it.
        pictures: one pair a picture.
        precisions: of every class and IoU.
        sizes: ``(H, W)`` of each picture.
    """

    detector: str
    pictures: "tuple[tuple[Detections, Truths], ...]"
    precisions: "MeanAveragePrecision"
    sizes: tuple[tuple[int, int], ...]


@dataclass(frozen=True, eq=False)
class Photo:
    """A photo of the learner's with the boxes drawn on it."""

    picture: Picture
    truths: "Truths"


def scenes() -> "Scenes":
    """The held-out scenes."""
    from engine.detection.detectnet.scenes import HELD_OUT, HELD_OUT_SEED, draw_scenes

    return draw_scenes(HELD_OUT, HELD_OUT_SEED)


def judge_both(asked: Question) -> "tuple[Judged, Judged | None] | Progress[Any]":
    """The detector and its rival on the same pictures, or how far they are.

    A rival that looks at other pictures than the detector is left out.

    Raises:
        InputError: no such picture or detector, one that is not available, or boxes that are none.
    """
    detectors = [asked.detector]
    same = (asked.rival in SCENE_DETECTORS) == asked.on_scenes()
    if same and asked.rival not in (NOTHING, asked.detector):
        detectors.append(asked.rival)
    photos = [] if asked.on_scenes() else photos_of(asked)
    # all are asked before any is waited for
    found = [_on_photos(photos, each) if photos else _on_scenes(each) for each in detectors]
    waiting = [each for each in found if isinstance(each, Progress)]
    if waiting:
        return waiting[0]
    judged = [each for each in found if isinstance(each, Judged)]
    return judged[0], judged[1] if len(judged) > 1 else None


def photos_of(asked: Question) -> list[Photo]:
    """The photos that boxes were drawn on, and the one on screen, which comes first.

    Raises:
        InputError: a photo is gone, or a box is none.
    """
    from engine.detection.average_precision import Truths
    from engine.detection.drawn_boxes import read_drawn_boxes

    drawn = {asked.picture: ""}
    for part in asked.truth.split("|"):
        ref, _, boxes = part.rpartition(":")
        drawn[ref or asked.picture] = boxes
    if len(drawn) > MOST_PHOTOS:
        raise InputError("drawn_too_many_photos", most=MOST_PHOTOS)
    photos = []
    for ref, text in drawn.items():
        picture = resolve(ref)
        height, width = picture.pixels.shape[:2]
        boxes = read_drawn_boxes(text, (height, width))
        photos.append(Photo(picture, Truths(boxes, boxes.new_zeros(len(boxes)).long())))
    return photos


def _on_scenes(detector: str) -> "Judged | Progress[Judged]":
    def work() -> "Iterator[Progress[Judged]]":
        import torch

        from engine.detection.average_precision import Truths
        from engine.serving.one_core import on_one_core

        find, pictures = _finder(detector), []
        drawn = scenes()
        for index, scene in enumerate(drawn):
            truths = Truths(torch.tensor(scene.boxes), torch.tensor(scene.labels))
            pictures.append((on_one_core(find, scene.pixels), truths))
            last = index + 1 == len(drawn)
            sizes = (scene.pixels.shape[:2],) * len(pictures)
            judged = _judge(detector, tuple(pictures), sizes, len(SHAPES)) if last else None
            yield Progress(index + 1, len(drawn), judged)

    return jobs().ask(("judged", detector), work)


@cache
def _finder(detector: str) -> "Callable[[np.ndarray], Detections]":
    import torch

    if detector == "detectnet":
        from engine.detection.detectnet.finding import find_objects
        from engine.detection.detectnet.weights import load_detectnet

        net = load_detectnet(torch.device("cpu"))
        return lambda pixels: find_objects(net, pixels, LEAST_SCORE)
    from engine.detection.dense_to_conv import to_convolutional
    from engine.detection.shape_windows import find_shapes
    from engine.detection.window_classifiers import find_window_classifier

    seen = find_window_classifier("shapes")
    fully = to_convolutional(seen.net, (3, seen.input_px, seen.input_px))
    return lambda pixels: find_shapes(seen, fully, pixels, least=LEAST_SCORE)


def _on_photos(photos: list[Photo], detector: str) -> "Judged | Progress[Any]":
    name = PHOTO_DETECTORS.get(detector, detector)
    pictures = []
    for photo in photos:
        raw = raw_boxes(photo.picture, name)
        if isinstance(raw, Progress):
            return raw
        bare = raw.found
        found = _found.get((photo.picture.ref, name), lambda bare=bare: _thin(bare))
        pictures.append((found, photo.truths))
    sizes = tuple((p.picture.pixels.shape[0], p.picture.pixels.shape[1]) for p in photos)
    return _judge(detector, tuple(pictures), sizes, 1)


_found: "Cache[Detections]" = Cache(64)


def _thin(raw: "Detections") -> "Detections":
    """What agnostic NMS leaves, all of one class."""
    import torch

    from engine.detection.detections import Detections
    from engine.detection.thinning import Thinning, thin_out

    left = thin_out(raw, Thinning("agnostic", iou=NMS_IOU, score=LEAST_SCORE))
    labels = torch.zeros(len(left.boxes), dtype=torch.int64)
    return Detections.ranked(left.boxes, left.scores, labels, ("thing",))


def _judge(
    detector: str,
    pictures: "tuple[tuple[Detections, Truths], ...]",
    sizes: tuple[tuple[int, int], ...],
    classes: int,
) -> Judged:
    from engine.detection.average_precision import mean_average_precision

    return Judged(detector, pictures, mean_average_precision(pictures, classes), sizes)


def curve_of(judged: Judged, label: int, iou: float) -> "PrecisionRecall":
    """Precision and recall of one class over the whole set; those of the scenes are kept."""
    from engine.detection.average_precision import class_curve

    if judged.detector not in SCENE_DETECTORS:
        return class_curve(judged.pictures, label, iou)
    key = (judged.detector, label, iou)
    return _curves.get(key, lambda: class_curve(judged.pictures, label, iou))


# every detector, class and IoU threshold of the page
_curves: "Cache[PrecisionRecall]" = Cache(64)

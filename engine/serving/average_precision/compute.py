"""Detectors judged: what they found, what is there, and how good that is, for the page on AP.

- ``detectnet``, ``windows``: on the held-out drawn scenes, whose truth is known exactly.
- ``photo``, ``faces``: on the learner's picture, whose truth the learner draws; one class.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.cache import Cache
from engine.pictures import Picture, resize_longest, resolve
from engine.progress import Progress
from engine.serving.average_precision.contract import (
    SCENE_DETECTORS,
    Detector,
    Question,
    TwoBoxes,
)
from engine.serving.jobs import jobs
from engine.serving.raw_boxes import RawBoxes, raw_boxes

if TYPE_CHECKING:
    from torch import Tensor

    from engine.data.scenes import Scenes
    from engine.detection.average_precision import (
        MeanAveragePrecision,
        PrecisionRecall,
        Truths,
    )
    from engine.detection.detections import Detections
    from engine.detection.matching import Matches

Answer = tuple[dict[str, np.ndarray], dict[str, Any]]
SHAPES = ("circle", "square", "triangle")
LEAST_SCORE = 0.05
SHOWN_PX = 560  # longest side of the picture that is sent along
_RAW = {"photo": "sliding_window", "faces": "pnet"}
_NMS_IOU = {"photo": 0.5, "faces": 0.3}


@dataclass(frozen=True, eq=False)
class Judged:
    """Detections and truths of every picture of a set, and what comes of them.

    Attributes:
        pictures: one pair a picture.
        precisions: of every class and IoU.
        sizes: ``(H, W)`` of each picture.
    """

    pictures: "tuple[tuple[Detections, Truths], ...]"
    precisions: "MeanAveragePrecision"
    sizes: tuple[tuple[int, int], ...]


def scenes() -> "Scenes":
    """The held-out scenes."""
    from engine.detection.detectnet.scenes import HELD_OUT, HELD_OUT_SEED, draw_scenes

    return draw_scenes(HELD_OUT, HELD_OUT_SEED)


def judge_scenes(detector: Detector) -> "Judged | Progress[Judged]":
    """A detector on all held-out scenes, or how far it is.

    Raises:
        InputError: its weights are not at hand.
    """

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
            size = scene.pixels.shape[:2]
            judged = _judge(tuple(pictures), len(SHAPES), size) if last else None
            yield Progress(index + 1, len(drawn), judged)

    return jobs().ask(("judged", detector), work)


@cache
def _finder(detector: Detector) -> "Callable[[np.ndarray], Detections]":
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


def judge_picture(
    picture: Picture, detector: Detector, drawn: str
) -> "Judged | Progress[RawBoxes]":
    """A detector on the learner's picture against the boxes drawn there, or how far it is.

    Args:
        picture: the learner's.
        detector: ``photo`` or ``faces``; all that it finds counts as one class.
        drawn: as :mod:`engine.detection.drawn_boxes` reads it.

    Raises:
        InputError: weights not at hand, or drawn boxes that are none.
    """
    from engine.detection.average_precision import Truths
    from engine.detection.drawn_boxes import read_drawn_boxes

    height, width = picture.pixels.shape[:2]
    boxes = read_drawn_boxes(drawn, (height, width))
    raw = raw_boxes(picture, _RAW[detector])
    if isinstance(raw, Progress):
        return raw
    found = _found.get((picture.ref, detector), lambda: _thin(raw.found, _NMS_IOU[detector]))
    truths = Truths(boxes, boxes.new_zeros(len(boxes)).long())
    return _judge(((found, truths),), 1, (height, width))


_found: "Cache[Detections]" = Cache(32)


def _thin(raw: "Detections", iou: float) -> "Detections":
    """What agnostic NMS leaves, all of one class."""
    import torch

    from engine.detection.detections import Detections
    from engine.detection.thinning import Thinning, thin_out

    left = thin_out(raw, Thinning("agnostic", iou=iou, score=LEAST_SCORE))
    labels = torch.zeros(len(left.boxes), dtype=torch.int64)
    return Detections.ranked(left.boxes, left.scores, labels, ("thing",))


def _judge(
    pictures: "tuple[tuple[Detections, Truths], ...]", classes: int, size: tuple[int, int]
) -> Judged:
    from engine.detection.average_precision import mean_average_precision

    precisions = mean_average_precision(pictures, classes)
    return Judged(pictures, precisions, (size,) * len(pictures))


def curve_of(judged: Judged, detector: Detector, label: int, iou: float) -> "PrecisionRecall":
    """Precision and recall of one class over the whole set; those of the scenes are kept."""
    from engine.detection.average_precision import class_curve

    if detector not in SCENE_DETECTORS:
        return class_curve(judged.pictures, label, iou)
    return _curves.get((detector, label, iou), lambda: class_curve(judged.pictures, label, iou))


# every detector, class and IoU threshold of the page
_curves: "Cache[PrecisionRecall]" = Cache(64)


def matches_of(
    judged: Judged, index: int, label: int, iou: float
) -> "tuple[Detections, Tensor, Matches]":
    """Detections and true boxes ``(M, 4)`` of one class on one picture, and who found whom."""
    from engine.detection.average_precision import COCO_MOST_DETECTIONS
    from engine.detection.matching import match

    found, truths = judged.pictures[index]
    of_class = found.take((found.labels == label).nonzero()[:COCO_MOST_DETECTIONS, 0])
    there = truths.boxes[truths.labels == label]
    return of_class, there, match(of_class.boxes, there, iou)


def judge(asked: Question) -> Answer | Progress[Any]:
    """One picture's boxes with their matches, and the curve over the whole set.

    Raises:
        InputError: no such picture, weights not at hand, or drawn boxes that are none.
    """
    from engine.detection.average_precision import (
        COCO_IOUS,
        COCO_RECALLS,
        coco_average_precision,
    )

    judged, index, label = _judged(asked)
    if isinstance(judged, Progress):
        return judged
    found, truths, matches = matches_of(judged, index, label, asked.iou)
    curve = curve_of(judged, asked.detector, label, asked.iou)
    best = matches.iou.amax(dim=1) if len(truths) else matches.iou.new_zeros(len(found))
    arrays = {
        "boxes": found.boxes.numpy(),
        "scores": found.scores.numpy(),
        "truth_of": matches.truth_of.numpy().astype(np.int32),
        "best": best.numpy(),
        "truths": truths.numpy(),
        "found_by": matches.prediction_of.numpy().astype(np.int32),
        "samples": curve.precision_at(COCO_RECALLS).numpy(),
        **_curve_arrays(curve),
    }
    table = judged.precisions.table[:, label].tolist()
    about = {
        "size": list(judged.sizes[index]),
        "pictures": len(judged.pictures),
        "objects": curve.truths,
        "ap": coco_average_precision(curve),
        "aps": [None if np.isnan(value) else value for value in table],
        "ious": list(COCO_IOUS),
        "mean": _mean(table),
        "all_classes": judged.precisions.mean if asked.on_scenes() else None,
        "limits": _limits(asked),
    }
    return arrays, about


def picture_of(asked: Question) -> Answer:
    """The scene, or the learner's picture at 560 px at most."""
    if asked.on_scenes():
        return {"picture": scenes()[asked.scene - 1].pixels}, {}
    return {"picture": resize_longest(resolve(asked.picture).pixels, SHOWN_PX)}, {}


def measure(asked: TwoBoxes) -> Answer:
    """How much two drawn boxes overlap.

    Raises:
        InputError: no such picture, or a box that is none.
    """
    from engine.detection.drawn_boxes import read_one_box
    from engine.detection.overlap import measure_overlap

    height, width = resolve(asked.picture).pixels.shape[:2]
    boxes = [read_one_box(text, (height, width)) for text in (asked.truth_box, asked.found_box)]
    about = vars(measure_overlap(*boxes)) | {"size": [height, width]}
    return {"boxes": np.stack([box.numpy() for box in boxes])}, about


def _judged(asked: Question) -> tuple["Judged | Progress[Any]", int, int]:
    """What was judged, and which picture and class of it are shown."""
    if asked.on_scenes():
        judged = judge_scenes(asked.detector)
        return judged, asked.scene - 1, SHAPES.index(asked.label)
    return judge_picture(resolve(asked.picture), asked.detector, asked.truth), 0, 0


def _curve_arrays(curve: "PrecisionRecall") -> dict[str, np.ndarray]:
    return {
        "all_scores": curve.scores.numpy(),
        "hits": curve.hits.numpy().astype(np.uint8),
        "recall": curve.recall.numpy(),
        "precision": curve.precision.numpy(),
        "envelope": curve.envelope.numpy(),
    }


def _mean(values: list[float]) -> float | None:
    defined = [value for value in values if not np.isnan(value)]
    return float(np.mean(defined)) if defined else None


def _limits(asked: Question) -> dict[str, dict[str, bool]]:
    """The learner's picture is one picture with one class."""
    own = {"disabled": not asked.on_scenes()}
    return {"scene": own, "label": own}

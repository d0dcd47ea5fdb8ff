"""Found against true boxes: what the page on IoU and average precision asks."""

from typing import TYPE_CHECKING, Annotated, Any, Literal

import numpy as np
from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from engine.explain.progress import Progress
from engine.pictures import resize_longest, resolve
from engine.serving.average_precision import compute as judging
from engine.serving.average_precision.compute import SCENE_DETECTORS, SHAPES, Detector, Judged
from engine.serving.binary import pack, pending

if TYPE_CHECKING:
    from engine.detection.average_precision import PrecisionRecall

SCENES = 60  # the held-out ones; a test holds it against the engine's number
SHOWN_PX = 560  # longest side of the picture that is sent along
TEXT = 420  # characters that 20 drawn boxes can take, and a few more

Drawn = Annotated[str, Query(max_length=TEXT)]

router = APIRouter(prefix="/average-precision", tags=["pages"])


class Asked(BaseModel):
    """What the controls of the page say."""

    picture: str = Field("chelsea", max_length=80)
    detector: Detector = "windows"
    label: Literal["circle", "square", "triangle"] = "square"
    iou: float = Field(0.5, ge=0.5, le=0.95, allow_inf_nan=False)
    scene: int = Field(1, ge=1, le=SCENES)
    truth: str = Field("", max_length=TEXT)

    def on_scenes(self) -> bool:
        """Whether drawn scenes are looked at, and not the learner's picture."""
        return self.detector in SCENE_DETECTORS


@router.get("", response_class=Response)
def judged_boxes(asked: Annotated[Asked, Query()]) -> Response:
    """One picture's boxes with their matches, and the curve over the whole set.

    Of the picture's n found boxes: ``boxes`` float32 (n, 4) xyxy in pixels, ``scores``,
    ``truth_of`` int32 (the true box found, -1 for none), ``best`` float32 (largest IoU with any
    true box). Of its m true boxes: ``truths`` (m, 4), ``found_by`` int32. Of the set's N found
    boxes: ``all_scores`` falling, ``hits`` uint8, ``recall``, ``precision``, ``envelope`` float64;
    ``samples`` float64 (101,), the precisions whose mean is AP. 202 while a detector is looking.
    """
    from engine.detection.average_precision import (
        COCO_IOUS,
        COCO_RECALLS,
        coco_average_precision,
    )

    judged, index, label = _judged(asked)
    if isinstance(judged, Progress):
        return pending(judged)
    found, truths, matches = judging.matches_of(judged, index, label, asked.iou)
    curve = judging.curve_of(judged, asked.detector, label, asked.iou)
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
    return pack(arrays, about)


@router.get("/picture", response_class=Response)
def picture(asked: Annotated[Asked, Query()]) -> Response:
    """``picture`` uint8 (h, w, 3): the scene, or the learner's picture at 560 px at most."""
    if asked.on_scenes():
        return pack({"picture": judging.scenes()[asked.scene - 1].pixels}, {})
    return pack({"picture": resize_longest(resolve(asked.picture).pixels, SHOWN_PX)}, {})


@router.get("/iou", response_class=Response)
def overlap(picture: str, truth_box: Drawn, found_box: Drawn) -> Response:
    """How much two drawn boxes overlap: ``boxes`` float32 (2, 4) xyxy in whole pixels.

    ``about``: ``intersection``, ``union`` and ``hull`` in square pixels, ``distance`` of the
    centres and ``diagonal`` of the hull in pixels, ``iou``, ``giou``, ``diou``.
    """
    from engine.detection.drawn_boxes import read_one_box
    from engine.detection.overlap import measure_overlap

    pixels = resolve(picture).pixels
    size = (pixels.shape[0], pixels.shape[1])
    boxes = [read_one_box(text, size) for text in (truth_box, found_box)]
    measured = measure_overlap(*boxes)
    about = vars(measured) | {"size": list(size)}
    return pack({"boxes": np.stack([box.numpy() for box in boxes])}, about)


def _judged(asked: Asked) -> tuple["Judged | Progress[Any]", int, int]:
    """What was judged, and which picture and class of it are shown."""
    if asked.on_scenes():
        judged = judging.judge_scenes(asked.detector)
        return judged, asked.scene - 1, SHAPES.index(asked.label)
    return judging.judge_picture(resolve(asked.picture), asked.detector, asked.truth), 0, 0


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


def _limits(asked: Asked) -> dict[str, dict[str, bool]]:
    """The learner's picture is one picture with one class."""
    own = {"disabled": not asked.on_scenes()}
    return {"scene": own, "label": own}

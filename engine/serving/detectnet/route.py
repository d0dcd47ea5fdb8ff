"""A coverage map and boxes on a grid: the shipped net, and nets while they learn."""

from time import perf_counter
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Query, Response

from engine.serving.binary import pack
from engine.serving.detectnet.contract import (
    EpochQuestion,
    PrecisionQuestion,
    Question,
    RetrainingQuestion,
    TrainingQuestion,
)
from engine.serving.training import seen_run
from engine.serving.visitors import Asker

if TYPE_CHECKING:
    import numpy as np

router = APIRouter(prefix="/detectnet", tags=["pages"])


@router.get("", response_class=Response)
def see_scene(asked: Annotated[Question, Query()]) -> Response:
    """A held-out scene through the net that ships.

    Arrays: ``pixels`` uint8 (H, W, 3); ``coverage`` float32 (classes, h, w) and ``cells`` float32
    (h, w, 4), the box of each cell; ``boxes`` (N, 4), ``scores``, ``labels`` and ``right`` of what
    is found; ``truth_boxes`` (M, 4), ``truth_labels`` and ``found_by`` (-1: missed) of what is
    there.

    Bound: 0.5 s of a core, 50 MiB.
    """
    from engine.detection.detectnet.targets import DISTANCE_UNIT_PX
    from engine.serving.detectnet.compute import shipped, view_scene
    from engine.trainable.detect_net import STRIDE_PX

    began = perf_counter()
    view, net = view_scene(asked.scene - 1, asked.threshold, asked.merge), shipped()
    arrays = {
        "pixels": view.pixels,
        "coverage": view.coverage.numpy(),
        "cells": view.cells.numpy(),
        "boxes": view.found.boxes.numpy(),
        "scores": view.found.scores.numpy(),
        "labels": view.found.labels.int().numpy(),
        "right": view.is_right.byte().numpy(),
        "truth_boxes": view.truths.boxes.numpy(),
        "truth_labels": view.truths.labels.int().numpy(),
        "found_by": view.found_by.int().numpy(),
    }
    about = {
        "classes": net.class_names,
        "raw": view.raw,
        "stride_px": STRIDE_PX,
        "unit_px": DISTANCE_UNIT_PX,
        "ms": (perf_counter() - began) * 1000,
    }
    return pack(arrays, about)


@router.get("/precision", response_class=Response)
def see_precision(asked: Annotated[PrecisionQuestion, Query()]) -> Response:
    """AP50 on the held-out scenes, ``about.ap50`` at the threshold asked for: within a second.

    ``ap50`` float64 (n,) at the ``thresholds`` of the slider, NaN where it is still to come:
    whoever asks again sees ``about.done`` grow to n.

    Bound: 1 s of a core, 50 MiB.
    """
    import numpy as np

    from engine.detection.detectnet.scenes import HELD_OUT
    from engine.serving.detectnet.precision import THRESHOLDS, ap50_at, curve_so_far

    ap50 = ap50_at(asked.threshold, asked.merge)
    found = curve_so_far(asked.merge)
    arrays = {"thresholds": np.array(THRESHOLDS), "ap50": np.array(found, np.float64)}
    done = sum(each is not None for each in found)
    return pack(arrays, {"ap50": ap50, "scenes": HELD_OUT, "done": done})


@router.get("/training", response_class=Response)
def plan_training(asked: Annotated[TrainingQuestion, Query()]) -> Response:
    """A training from the beginning, and the scenes that show it; see :func:`_watched`.

    Bound: 0.5 s of a core, 50 MiB.
    """
    from engine.serving.comparisons.compute import plan
    from engine.serving.detectnet.compute import own_training

    settings = own_training(
        asked.box_weight, asked.coverage_loss, asked.learning_rate, asked.epochs
    )
    arrays, about = _watched()
    limits = {"epoch": {"low": 0, "high": asked.epochs}}
    return pack(arrays, about | {"runs": plan({"own": settings}), "limits": limits})


@router.get("/retraining", response_class=Response)
def plan_retraining(asked: Annotated[RetrainingQuestion, Query()]) -> Response:
    """The shipped net trained further at two learning rates; one only where they are the same.

    Bound: 0.5 s of a core, 50 MiB.
    """
    from engine.detection.detectnet.scenes import HELD_OUT
    from engine.serving.comparisons.compute import plan
    from engine.serving.detectnet.compute import retraining, shipped

    rates = {"low": asked.low}
    if asked.high != asked.low:
        rates["high"] = asked.high
    arrays, about = _watched()
    runs = plan({name: retraining(rate) for name, rate in rates.items()})
    return pack(arrays, about | {"runs": runs, "before": shipped().ap50[HELD_OUT]})


def _watched() -> "tuple[dict[str, np.ndarray], dict[str, object]]":
    """``pictures`` uint8 (n, H, W, 3), ``truths`` float32 (M, 6): scene, label, ``xyxy``."""
    from engine.serving.detectnet.compute import shipped, watched_scenes

    pictures, truths = watched_scenes()
    return {"pictures": pictures, "truths": truths}, {"classes": shipped().class_names}


@router.get("/epoch", response_class=Response)
def see_epoch(asked: Annotated[EpochQuestion, Query()], who: Asker) -> Response:
    """The watched scenes through a run's net at the end of an epoch (0: before the first).

    Arrays: ``coverage`` float32 (scenes, classes, h, w); ``boxes`` (N, 4) with ``scores``,
    ``labels``, ``scene`` and ``right``, after NMS, down to a coverage of 0.05: a higher threshold
    leaves the same boxes out of these.

    Bound: 3 s of a core, 200 MiB.
    """
    from engine.serving.detectnet.compute import view_epoch

    view = view_epoch(seen_run(asked.name, who), asked.epoch)
    arrays = {
        "coverage": view.coverage.numpy(),
        "boxes": view.boxes.numpy(),
        "scores": view.scores.numpy(),
        "labels": view.labels.int().numpy(),
        "scene": view.scene.int().numpy(),
        "right": view.is_right.byte().numpy(),
    }
    return pack(arrays, {"epoch": asked.epoch})

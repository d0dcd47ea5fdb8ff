"""MTCNN taken apart: what the Face cascade page asks while its controls move."""

from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Query, Response

from engine.pictures import resize_longest
from engine.progress import Progress
from engine.serving.binary import pack, pending
from engine.serving.face_cascade import compute as cascading
from engine.serving.face_cascade.compute import Net, Traced
from engine.serving.face_cascade.contract import (
    CascadeQuestion,
    PyramidQuestion,
    Question,
    WindowQuestion,
)

if TYPE_CHECKING:
    import numpy as np
    from torch import Tensor

    from engine.detection.mtcnn.cascade import Look
    from engine.detection.mtcnn.opened import OpenedCascade

SHOWN_PX = 560  # longest side of a level's picture that is sent
MOST_CROPS: dict[Net, int] = {"r": 64, "o": 24}  # sent along, best first

router = APIRouter(prefix="/face-cascade", tags=["pages"])


@router.get("", response_class=Response)
def cascade(asked: Annotated[Question, Query()]) -> Response:
    """Every window above P-Net's threshold, what became of it, and what R-Net and O-Net saw.

    Arrays: of the N windows ``cells`` (N, 3), ``boxes`` (N, 4), ``scores``, ``fell``, ``by`` and
    ``overlap``, see ``engine.detection.mtcnn.journeys.Journeys``; for ``r`` and ``o``
    ``r_windows``, ``r_squares`` (R, 4), ``r_scores`` and the best ``r_crops`` uint8
    (K, 24, 24, 3) with ``r_shown`` (K,), which of the squares they are; ``faces``, ``face_boxes``
    (F, 4), ``points`` (F, 5, 2). 202 with ``done`` and ``total`` while nets are at work.

    Bound: a job of 4 s of a core, 150 MiB.
    """
    traced = cascading.traced(asked)
    if isinstance(traced, Progress):
        return pending(traced)
    return pack(_arrays(traced), _facts(asked, traced))


@router.get("/levels", response_class=Response)
def levels(asked: Annotated[PyramidQuestion, Query()]) -> Response:
    """``picture_0``, … uint8 (h, w, 3) and ``map_0``, … float32: the pyramid as P-Net sees it.

    Bound: a job of 4 s of a core, 150 MiB.
    """
    opened = cascading.open_cascade(*cascading.levels_of(asked))
    if isinstance(opened, Progress):
        return pending(opened)
    arrays = {}
    for index, level in enumerate(opened.levels):
        arrays[f"picture_{index}"] = resize_longest(opened.level_picture(index), SHOWN_PX)
        arrays[f"map_{index}"] = level.map.numpy()
    return pack(arrays, {"levels": _levels(opened)})


@router.get("/window", response_class=Response)
def window(asked: Annotated[WindowQuestion, Query()]) -> Response:
    """One window's ``p_crop`` (12, 12, 3) and, where they saw it, ``r_crop`` and ``o_crop``.

    ``about.score`` is P-Net's, also below its threshold; ``about.found`` the window's index.

    Bound: a job of 4 s of a core, 150 MiB.
    """
    from engine.errors import InputError

    traced = cascading.traced(asked)
    if isinstance(traced, Progress):
        return pending(traced)
    place = asked.level, asked.row, asked.column
    score = traced.opened.score_at(*place)
    if score is None:
        raise InputError("face_window_outside", level=place[0], row=place[1], column=place[2])
    arrays = {"p_crop": traced.opened.p_crop(*place)}
    found = traced.journeys.find(*place)
    if found is not None:
        arrays |= {f"{net}_crop": crop for net, crop in traced.crops_of(found).items()}
    return pack(arrays, {"score": score, "found": found})


def _arrays(traced: Traced) -> dict[str, "np.ndarray"]:
    trace, journeys = traced.trace, traced.journeys
    arrays = {
        "cells": journeys.cells.numpy(),
        "boxes": journeys.boxes.numpy(),
        "scores": journeys.scores.numpy(),
        "fell": journeys.fell.numpy(),
        "by": journeys.suppressed_by.numpy(),
        "overlap": journeys.overlap.numpy(),
        "faces": journeys.faces.numpy(),
        "face_boxes": trace.output.boxes.numpy(),
        "points": trace.output.points.numpy(),
    }
    parts: list[tuple[Net, Look, Tensor]] = [
        ("r", trace.refined, journeys.r_windows),
        ("o", trace.output, journeys.o_windows),
    ]
    for net, look, windows in parts:
        shown, crops = traced.best_crops(net, MOST_CROPS[net])
        arrays[f"{net}_windows"] = windows.numpy()
        arrays[f"{net}_squares"] = look.candidates.numpy()
        arrays[f"{net}_scores"] = look.scores.numpy()
        arrays[f"{net}_shown"] = shown.int().numpy()
        arrays[f"{net}_crops"] = crops
    return arrays


def _facts(asked: CascadeQuestion, traced: Traced) -> dict[str, Any]:
    size, opened = traced.opened.size, traced.opened
    return {
        "size": list(size),
        "min_face": cascading.levels_of(asked)[1].min_face_px,
        "levels": _levels(opened),
        "counts": traced.journeys.counts,
        "furthest": traced.journeys.furthest,
        "median_us": {net: pace.median_us for net, pace in opened.pace.items()},
        "limits": {
            "min_face": {
                "low": cascading.smallest_face(size),
                "high": cascading.largest_face(size),
            }
        },
    }


def _levels(opened: "OpenedCascade") -> list[dict[str, Any]]:
    return [
        {"scale": level.scale, "size": level.size, "cells": list(level.map.shape)}
        for level in opened.levels
    ]

"""A template trained on the learner's own boxes: the third part of the Haar and HOG page."""

from typing import TYPE_CHECKING, Annotated, Any

import numpy as np
from fastapi import APIRouter, Query, Response

from engine.serving.binary import pack
from engine.serving.haar_hog import svm as hog_training
from engine.serving.haar_hog.contract import SvmQuestion
from engine.serving.haar_hog.svm import Learnt, Lesson

if TYPE_CHECKING:
    from engine.detection.hog_svm import Round, Task

router = APIRouter(prefix="/haar-hog", tags=["pages"])


@router.get("/svm", response_class=Response)
def svm(asked: Annotated[SvmQuestion, Query()]) -> Response:
    """Train on boxes of ``taught`` (``x1,y1,x2,y2;...``) and look at ``picture``.

    ``c`` is the SVM's C as a power of ten. Boxes are float32 (N, 4), in pixels of the pictures that
    were looked at: ``objects``, ``sampled`` and ``hard`` (background of the training), and
    ``found`` in ``picture``, the best 20 above 0 after NMS, with ``responses``. ``template``
    float32 (rows, columns, 9), weights by cell; ``map`` float32 (n, m), the largest response of the
    windows centred in each cell of ``picture``, NaN where there is none. ``object_values`` and
    ``background_values`` float32: decision values of all examples, background drawn by hand first,
    then sampled, then hard. By round, ``wrong`` int32 (rounds + 1,) background windows above 0, and
    ``added`` int32 (rounds,), how many of them the next round took.

    Bound: a job of 10 s of a core, 300 MiB.
    """
    lesson = Lesson(
        asked.taught,
        asked.boxes,
        asked.background,
        10.0**asked.c,
        asked.samples,
        asked.seed,
        asked.rounds,
    )
    learnt = hog_training.learn(lesson)
    shown = hog_training.look_at(asked.picture)
    arrays, facts = _look(learnt, shown, asked.picture == asked.taught)
    task, last = learnt.task, learnt.last
    arrays |= {
        "objects": task.objects.numpy(),
        "sampled": task.windows.boxes[last.background[: learnt.first]].numpy(),
        "hard": task.windows.boxes[last.background[learnt.first :]].numpy(),
        "template": last.trained.template.by_cell().numpy(),
        "object_values": last.trained.objects.numpy(),
        "background_values": last.trained.background.numpy(),
        "wrong": np.array(learnt.false, np.int32),
        "added": np.array(learnt.added, np.int32),
    }
    return pack(arrays, facts | _training_facts(learnt, task, last))


def _look(
    learnt: Learnt, shown: hog_training.Seen, is_taught: bool
) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
    from time import perf_counter

    from engine.detection.hog_pyramid import strongest_map
    from engine.serving.one_core import on_one_core

    task, trained = learnt.task, learnt.last.trained
    begun = perf_counter()
    if is_taught:
        windows, response = task.windows, learnt.last.response
    else:
        shape = trained.template.weights.shape
        windows = shown.pyramid.windows((shape[1], shape[2]))
        response = on_one_core(shown.pyramid.respond, trained.template)
    found = hog_training.find_objects(windows, response)
    arrays = {
        "found": windows.boxes[found].numpy(),
        "responses": response[found].numpy(),
        "map": strongest_map(windows.boxes, response, shown.pyramid.size).numpy(),
    }
    facts = {
        "size": list(shown.pyramid.size),
        "windows": len(windows),
        "above": int((response > 0).sum()),
        "best": float(response.max()) if len(response) else None,
        "look_ms": None if is_taught else (perf_counter() - begun) * 1000,
    }
    return arrays, facts


def _training_facts(learnt: Learnt, task: "Task", last: "Round") -> dict[str, Any]:
    from engine.detection.hog import CELL_PX

    objects, background = last.trained.on_margin()
    rows, columns = last.trained.template.weights.shape[1:]
    return {
        "cell_px": CELL_PX,
        "cells": [rows + 1, columns + 1],
        "bias": last.trained.template.bias,
        "drawn": len(task.examples.background),
        "margin": [objects, background],
        "converged": last.trained.converged,
        "ms": learnt.ms,
    }

"""What the NMS page asks for: raw boxes, and which result suppressed each."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from engine.progress import Progress
from engine.serving.binary import pack, pending
from engine.serving.nms.contract import Question
from engine.wire.hosts import language_of

router = APIRouter(tags=["pages"])


@router.get("/nms", response_class=Response)
def thin_boxes(request: Request, asked: Annotated[Question, Query()]) -> Response:
    """Every raw box, every result, and which result each box was given up for.

    Arrays of the N raw boxes, best first: ``boxes (N, 4)`` xyxy in pixels, ``scores``, ``labels``,
    ``given_up_for``, ``iou``, ``left_with``; of the K results: ``result_boxes (K, 4)``,
    ``result_scores``, ``result_labels``, ``source``. See ``engine.detection.thinning.Thinned``.
    ``about.counts``: boxes of the detector, ``among`` those that are looked at, ``above`` the
    score, and ``left``. 202 with ``done`` and ``total`` while the detector is looking.

    Bound: a job of 30 s of a core, 1000 MiB.
    """
    from engine.serving.nms.compute import look

    found = look(asked, language_of(request.headers))
    return pending(found) if isinstance(found, Progress) else pack(*found)

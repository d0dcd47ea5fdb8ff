"""What the NMS page is told: raw boxes, and which result each was given up for."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from engine.progress import Progress
from engine.serving.binary import pack, pending
from engine.serving.class_words import named_labels
from engine.serving.nms.contract import Question
from engine.wire.hosts import language_of

router = APIRouter(tags=["pages"])


@router.get("/nms", response_class=Response)
def thin_boxes(request: Request, asked: Annotated[Question, Query()]) -> Response:
    """Every raw box, every result, and which result each box was given up for.

    Arrays of the N raw boxes, best first: ``boxes (N, 4)`` xyxy in pixels, ``scores``, ``labels``,
    ``given_up_for``, ``iou``, ``left_with``; of the K results: ``result_boxes (K, 4)``,
    ``result_scores``, ``result_labels``, ``source``. See ``engine.detection.thinning.Thinned``.
    202 with ``done`` and ``total`` while the detector is looking.
    """
    import numpy as np

    from engine.serving.nms.compute import thinned

    found = thinned(asked)
    if isinstance(found, Progress):
        return pending(found)
    raw, (left, ms) = found
    arrays = {
        "boxes": raw.found.boxes.numpy(),
        "scores": raw.found.scores.numpy(),
        "labels": raw.found.labels.numpy().astype(np.int32),
        "given_up_for": left.given_up_for.numpy().astype(np.int32),
        "iou": left.iou.numpy(),
        "left_with": left.left_with.numpy(),
        "result_boxes": left.boxes.numpy(),
        "result_scores": left.scores.numpy(),
        "result_labels": left.labels.numpy().astype(np.int32),
        "source": left.source.numpy().astype(np.int32),
    }
    lang = language_of(request.headers)
    about = {
        "size": raw.size,
        "names": named_labels(raw.found.labels.tolist(), raw.found.class_names, lang),
        "ms": ms,
        "detector_ms": raw.ms,
        "counts": {
            "raw": len(raw.found),
            "above": int((left.given_up_for != -1).sum()),
            "left": len(left.boxes),
        },
        "limits": {
            "iou": {"disabled": asked.kind in ("soft_gaussian", "cluster")},
            "sigma": {"disabled": asked.kind != "soft_gaussian"},
            "neighbours": {"disabled": asked.kind != "cluster"},
        },
    }
    return pack(arrays, about)

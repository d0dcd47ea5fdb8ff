"""Selective Search: regions merged one pair after another, their boxes, and what those find."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from engine.progress import Progress
from engine.serving.binary import pack, pending
from engine.serving.selective_search.contract import Question, RecallQuestion

router = APIRouter(prefix="/selective-search", tags=["pages"])


@router.get("", response_class=Response)
def merges(asked: Annotated[Question, Query()]) -> Response:
    """The first regions of the picture and every merge of them.

    ``labels`` uint16 (h, w) of the picture at 320 px at most; R first regions, 0 to R - 1, and
    R + m is what merge m made: ``merges`` int32 (R - 1, 2), their ``similarities`` float32
    (R - 1, 4) (colour, texture, size, fill) and weighted ``sums``; ``boxes`` int32 (2 R - 1, 4)
    xyxy in those pixels, ``sizes`` int32 in pixels, ``colours`` uint8 (2 R - 1, 3) their means.
    Of the T drawn boxes: ``truths`` float32 (T, 4), and of ``best`` the proposal and of
    ``best_window`` the window of an even grid of as many that overlaps each most, their
    ``best_iou`` and ``best_window_iou``. ``about.proposals`` counts boxes without doubles. 202
    while eight strategies are at work.

    Bound: a job of 4 s of a core, 150 MiB.
    """
    from engine.serving.selective_search.compute import look

    found = look(asked)
    return pending(found) if isinstance(found, Progress) else pack(*found)


@router.get("/recall", response_class=Response)
def recall(asked: Annotated[RecallQuestion, Query()]) -> Response:
    """The share of objects in drawn scenes that so many boxes a scene find.

    ``counts`` and ``recall`` float64 (n,) of Selective Search, ``window_counts`` and
    ``window_recall`` of windows on a grid; where eight strategies are asked for, ``one_counts`` and
    ``one_recall`` of the one among them that the paper recommends by itself. ``about`` holds the
    boxes needed for nine of ten objects (None: never). 202 while scenes are searched.

    Bound: a job of 12 s of a core, 150 MiB.
    """
    from engine.serving.selective_search.recalls import measure

    found = measure(asked)
    return pending(found) if isinstance(found, Progress) else pack(*found)

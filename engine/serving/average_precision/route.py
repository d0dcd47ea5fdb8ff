"""Found against true boxes: what the page on IoU and average precision asks."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from engine.progress import Progress
from engine.serving.average_precision.contract import Errors, Question, TwoBoxes
from engine.serving.binary import pack, pending

router = APIRouter(prefix="/average-precision", tags=["pages"])


@router.get("", response_class=Response)
def judged_boxes(asked: Annotated[Question, Query()]) -> Response:
    """One picture's boxes with their matches, and the curve over the whole set.

    Of the picture's n found boxes: ``boxes`` float32 (n, 4) xyxy in pixels, ``scores``,
    ``truth_of`` int32 (the true box found, -1 for none), ``best`` float32 (largest IoU with any
    true box). Of its m true boxes: ``truths`` (m, 4), ``found_by`` int32. Of the set's N found
    boxes: ``all_scores`` falling, ``hits`` uint8, ``recall``, ``precision``, ``envelope`` float64;
    ``samples`` float64 (101,), the precisions whose mean is AP; the same of the rival as
    ``rival_…``. ``about.map`` is mAP, the mean over classes at this IoU, ``all_classes`` that over
    ten IoUs. 202 while a detector is looking.

    Bound: a job of 5 s of a core, 150 MiB.
    """
    from engine.serving.average_precision.compute import judge

    found = judge(asked)
    return pending(found) if isinstance(found, Progress) else pack(*found)


@router.get("/picture", response_class=Response)
def picture(asked: Annotated[Question, Query()]) -> Response:
    """``picture`` uint8 (h, w, 3): the scene, or the learner's picture at 560 px at most.

    Bound: 0.5 s of a core, 50 MiB.
    """
    from engine.serving.average_precision.compute import picture_of

    return pack(*picture_of(asked))


@router.get("/errors", response_class=Response)
def errors(asked: Annotated[Errors, Query()]) -> Response:
    """Every wrong box of the set, surest first, and every object.

    Of E wrong boxes: ``boxes`` float32 (E, 4), ``scores``, ``kinds`` int32 (into ``about.kinds``),
    ``best`` (largest IoU with any object), ``pictures`` int32. Of M objects: ``truths`` (M, 4),
    ``truth_pictures``, ``seen_at`` (score of the box that found it, 0 where none did). 202 while a
    detector is looking.

    Bound: a job of 5 s of a core, 150 MiB.
    """
    from engine.serving.average_precision.compute import find_errors

    found = find_errors(asked)
    return pending(found) if isinstance(found, Progress) else pack(*found)


@router.get("/scenes", response_class=Response)
def held_out_scenes() -> Response:
    """``pictures`` uint8 (n, h, w, 3): the scenes that detectors of drawn scenes are judged on.

    Bound: 0.5 s of a core, 50 MiB.
    """
    from engine.serving.average_precision.compute import all_scenes

    return pack(*all_scenes())


@router.get("/iou", response_class=Response)
def overlap(asked: Annotated[TwoBoxes, Query()]) -> Response:
    """How much two drawn boxes overlap: ``boxes`` float32 (2, 4) xyxy in whole pixels.

    ``about``: ``intersection``, ``union`` and ``hull`` in square pixels, ``distance`` of the
    centres and ``diagonal`` of the hull in pixels, ``iou``, ``giou``, ``diou``.

    Bound: 0.5 s of a core, 50 MiB.
    """
    from engine.serving.average_precision.compute import measure

    return pack(*measure(asked))

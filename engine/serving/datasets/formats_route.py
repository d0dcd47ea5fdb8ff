"""The same labelled picture as VOC, COCO, YOLO and KITTI have it."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from engine.pictures import resolve
from engine.progress import Progress
from engine.serving.binary import pack, pending
from engine.serving.datasets.contract import FormatsQuestion
from engine.wire.hosts import language_of

router = APIRouter(prefix="/datasets", tags=["pages"])


@router.get("/formats", response_class=Response)
def see_formats(request: Request, asked: Annotated[FormatsQuestion, Query()]) -> Response:
    """``pixels`` uint8 (H, W, 3), and its labels as each format's file has them.

    Labels are those of the edited file ``text`` of ``form``, else what NanoDet finds, else a box
    in the middle: ``about.source`` says which ("edited", "detector", "middle").
    ``about.boxes`` are xyxy pixels of ``pixels``, half-open, with ``about.labels``; ``about.files``
    has each format's file by its name, ``about.lost`` what it does not hold; ``about.misread``, by
    mistake, where each box would stand, null where nothing is left, and its ``iou`` with the truth.

    Bound: a job of 5 s of a core, 300 MiB.
    """
    from engine.serving.datasets.formats import look

    found = look(asked, resolve(asked.picture), language_of(request.headers))
    return pending(found) if isinstance(found, Progress) else pack(*found)

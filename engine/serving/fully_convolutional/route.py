"""Crops against one pass over the picture: what the Fully convolutional page asks."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from engine.progress import Progress
from engine.serving.binary import pack, pending
from engine.serving.fully_convolutional.contract import Asked, Paced, Question, Weights, Window

router = APIRouter(prefix="/fully-convolutional", tags=["pages"])


@router.get("", response_class=Response)
def heatmaps(asked: Annotated[Question, Query()]) -> Response:
    """Both heatmaps at a stride, and the one of the whole picture enlarged.

    ``crops`` and ``whole`` float32 (rows, columns) in [0, 1];
    ``enlarged`` float32 (rows * factor, columns * factor), the factor being the stride in the net's
    pixels. 202 with ``done`` and ``total`` while crops are being classified.

    Bound: a job of 10 s of a core, 200 MiB.
    """
    from engine.serving.fully_convolutional.compute import look

    found = look(asked)
    return pending(found) if isinstance(found, Progress) else pack(*found)


@router.get("/picture", response_class=Response)
def picture(asked: Annotated[Asked, Query()]) -> Response:
    """``picture`` uint8 (h, w, 3): what is looked at, the longest side at most 560 px.

    Bound: 0.5 s of a core, 50 MiB.
    """
    from engine.serving.fully_convolutional.compute import picture_of

    return pack(*picture_of(asked))


@router.get("/cost", response_class=Response)
def cost(asked: Annotated[Paced, Query()]) -> Response:
    """``about.single``, ``.batched`` and ``.whole``: windows, and the ms that they took.

    Bound: a job of 10 s of a core, 200 MiB.
    """
    from engine.serving.fully_convolutional.compute import pace, subject_of

    found = pace(subject_of(asked), asked.stride)
    if isinstance(found, Progress):
        return pending(found)
    return pack({}, {way: vars(paced) for way, paced in found.items()})


@router.get("/window", response_class=Response)
def window(asked: Annotated[Window, Query()]) -> Response:
    """The maps of one window of the finest grid: how far apart the two ways are, cell by cell.

    ``apart`` float32 (h, w), the mean absolute difference over channels; ``about.size`` the mean
    absolute value of those of the crop.

    Bound: 0.5 s of a core, 150 MiB.
    """
    from engine.serving.fully_convolutional.compute import look_into

    return pack(*look_into(asked))


@router.get("/weights", response_class=Response)
def weights(asked: Annotated[Weights, Query()]) -> Response:
    """One row of the dense matrix and the kernel that it became, each read from its own layer.

    ``dense`` float32 (n,); ``kernel`` float32 (channels, height, width).

    Bound: 0.5 s of a core, 50 MiB.
    """
    from engine.serving.fully_convolutional.compute import look_at_weights

    return pack(*look_at_weights(asked))

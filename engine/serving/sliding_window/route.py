"""Windows over a picture: what the Sliding window page asks while its controls move."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from engine.progress import Progress
from engine.serving.binary import pack, pending
from engine.serving.sliding_window.contract import Crop, Question, Swept

router = APIRouter(prefix="/sliding-window", tags=["pages"])


@router.get("", response_class=Response)
def windows(asked: Annotated[Question, Query()]) -> Response:
    """``picture`` uint8 (h, w, 3), ``heat`` and ``dense`` float32 (rows, columns), ``boxes``.

    ``class_index`` counts where ``target`` is ``class``: one of :func:`classes`.
    ``dense`` is the finest grid, ``heat`` what the stride leaves of it; ``boxes`` float32 (K, 4) in
    pixels and ``scores`` (K,) come from the windows of all sizes at ``threshold`` percent or more.
    A window that would give too many is enlarged to the smallest that ``about.limits`` offers. 202
    with ``done`` and ``total`` while the windows are being classified.

    Bound: a job of 60 s of a core, 300 MiB.
    """
    from engine.serving.sliding_window.compute import look

    found = look(asked)
    return pending(found) if isinstance(found, Progress) else pack(*found)


@router.get("/classes", response_class=Response)
def classes() -> Response:
    """``about.classes``: names of ImageNet's 1000 classes, in the order of their indices.

    Bound: 0.5 s of a core, 50 MiB.
    """
    from engine.detection.window_classifiers import IMAGENET_NET
    from engine.nets.catalog import find_classifier

    return pack({}, {"classes": list(find_classifier(IMAGENET_NET).categories)})


@router.get("/cost", response_class=Response)
def cost(asked: Annotated[Swept, Query()]) -> Response:
    """``about.single`` and ``about.batched``: windows classified, and the ms that they took.

    Bound: a job of 10 s of a core, 200 MiB.
    """
    from engine.serving.sliding_window.compute import pace

    found = pace(asked)
    if isinstance(found, Progress):
        return pending(found)
    return pack({}, {way: vars(paced) for way, paced in found.items()})


@router.get("/crop", response_class=Response)
def crop(asked: Annotated[Crop, Query()]) -> Response:
    """``crop`` uint8 (n, n, 3), what the net was shown, and its ``about.top`` classes.

    ``row`` and ``column`` count windows of the finest grid.

    Bound: a job of 60 s of a core, 300 MiB.
    """
    from engine.serving.sliding_window.compute import look_into

    found = look_into(asked)
    return pending(found) if isinstance(found, Progress) else pack(*found)

"""Curves over the qualities; they need the networks, so that they wait until torch is there."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from engine.serving.binary import pack
from engine.serving.png_jpeg.contract import CurvesQuestion
from engine.wire.hosts import language_of

router = APIRouter(prefix="/png-jpeg", tags=["pages"])


@router.get("/curves", response_class=Response)
def get_curves(request: Request, asked: Annotated[CurvesQuestion, Query()]) -> Response:
    """Each lossy encoder over its qualities, each point a real file, all float64 (n,).

    By form (jpeg, webp, avif): ``<form>_quality``, ``<form>_bytes``, ``<form>_psnr`` in dB (99
    where nothing was lost), ``<form>_ssim``; ``<form>_prob``, what MobileNetV2 gives to the class
    that it finds in the original; ``<form>_score``, NanoDet's highest for the thing that it is
    surest of there. ``about.class_changes`` and ``thing_changes``: the highest quality at which the
    answer is another one, null where it never is. Until all are there, ``about.unfinished``.

    Bound: a job of 90 s of a core, 250 MiB.
    """
    from engine.serving.png_jpeg.curves import curves

    return pack(*curves(asked, language_of(request.headers)))

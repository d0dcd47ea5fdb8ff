"""Inception module: its branches, a pixel through a 1×1, what widths cost, GoogLeNet's nine."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from engine.pictures import resolve
from engine.serving.binary import pack
from engine.serving.inception.contract import CostQuestion, NineQuestion, PixelQuestion, Question

router = APIRouter(prefix="/inception", tags=["pages"])


@router.get("", response_class=Response)
def see_module(asked: Annotated[Question, Query()]) -> Response:
    """A module on a picture: ``view`` uint8 (H, W, 3), and the maps of each branch.

    ``<branch>_out`` and, of all but ``one``, ``<branch>_between`` uint8 (n, h, w): the strongest
    maps, up to twelve, from ``low`` to ``high`` of ``about.branches[…].steps``. There too what each
    costs as it ran (``kept``) and ``without`` its bottleneck: ``params``, ``macs``, ``ms``.

    Bound: 1.5 s of a core, 200 MiB.
    """
    from engine.serving.inception.compute import look
    from engine.serving.one_core import on_one_core

    return pack(*on_one_core(look, resolve(asked.picture), asked))


@router.get("/pixel", response_class=Response)
def see_pixel(asked: Annotated[PixelQuestion, Query()]) -> Response:
    """A pixel through one filter of a 1×1 convolution.

    ``inputs``, ``weights`` and ``products`` float32 (C,); ``came`` float32 (h, w), the channel with
    the largest product, ``out`` float32 (h, w), what comes out; ``view`` uint8 (H, W, 3).

    Bound: 1.5 s of a core, 200 MiB.
    """
    from engine.serving.inception.compute import look_at_pixel
    from engine.serving.one_core import on_one_core

    return pack(*on_one_core(look_at_pixel, resolve(asked.picture), asked))


@router.get("/cost", response_class=Response)
def see_cost(asked: Annotated[CostQuestion, Query()]) -> Response:
    """``widths`` float64 (n,), and for each of :data:`engine.inception.cost.WAYS` its cost.

    ``about.ways`` has parameters, multiply-adds and measured milliseconds at the width asked for;
    ``about.breaks_even`` the broadest bottleneck that saves anything.

    Bound: 3 s of a core, 200 MiB.
    """
    from engine.serving.inception.ways import look
    from engine.serving.one_core import on_one_core

    return pack(*on_one_core(look, asked))


@router.get("/nine", response_class=Response)
def see_nine(asked: Annotated[NineQuestion, Query()]) -> Response:
    """``kept`` and ``without`` float64 (9,), with the 1×1 bottlenecks and without.

    Bound: 4 s of a core, 200 MiB.
    """
    from engine.serving.inception.ways import look_at_nine
    from engine.serving.one_core import on_one_core

    return pack(*on_one_core(look_at_nine, asked))

"""One stage: what cells answer, one thing at all sizes, anchors, and the focal loss."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from engine.progress import Progress
from engine.serving.binary import pack, pending
from engine.serving.one_stage.contract import (
    AnchorsQuestion,
    FocalQuestion,
    Question,
    RaceQuestion,
    ZoomsQuestion,
)
from engine.wire.hosts import language_of

router = APIRouter(prefix="/one-stage", tags=["pages"])


@router.get("", response_class=Response)
def see_cells(request: Request, asked: Annotated[Question, Query()]) -> Response:
    """NanoDet's three grids on the picture at a size, all in pixels of the network's input.

    ``scores_0``, ``scores_1``, ``scores_2`` float32 (rows, columns), what each cell of a grid says
    of the class that is followed, the finest grid first; ``boxes`` float32 (3549, 4) of all cells;
    ``counts`` int32 (4, 3): cells of each grid, those that propose, those at the score, those that
    NMS leaves; ``left`` int32 (K,), the last, among all cells, with ``left_scores``; ``sides``
    float32 (4, 11) of the cell that is opened (``about.cell``), probabilities of 0 to 10 strides
    to the left, top, right and bottom edge. ``about.best`` says which cell of each grid has the
    thing, ``about.winner`` the grid with the highest score.

    Bound: 0.5 s of a core, 100 MiB.
    """
    from engine.serving.one_stage.compute import look

    return pack(*look(asked, language_of(request.headers)))


@router.get("/zooms", response_class=Response)
def see_zooms(request: Request, asked: Annotated[ZoomsQuestion, Query()]) -> Response:
    """The same thing at all sizes.

    ``zooms`` int32 (n,) in percent, ``sizes_px`` float64 (n,), ``scores`` float32 (n, 3) of the
    cell of each grid that has it, ``winners`` int32 (n,), -1 where none has; verdicts in
    ``about``. 202 while it is being looked at.

    Bound: a job of 3 s of a core, 150 MiB.
    """
    from engine.serving.one_stage.compute import pass_over

    found = pass_over(asked, language_of(request.headers))
    return pending(found) if isinstance(found, Progress) else pack(*found)


@router.get("/anchors", response_class=Response)
def see_anchors(asked: Annotated[AnchorsQuestion, Query()]) -> Response:
    """RetinaNet's anchors for one true box, all in pixels of the picture.

    ``drawn`` and ``best`` float32 (4,): the box, and the anchor that overlaps it most;
    ``positives`` (P, 4), the anchors that are to find it, the best 400; ``shapes`` (9, 4) at the
    best place of the level that is shown, with ``shape_iou``, ``shape_told`` int32 (0: to find it,
    -1: negative, -2: ignored) and ``shape_rescued`` (to find it although they overlap too little).
    ``curves`` float32 (5, n): the best IoU on each level if the same box were ``sizes_px`` (n,)
    large in the pixels that the network sees.

    Bound: 0.5 s of a core, 100 MiB.
    """
    from engine.serving.one_stage.anchored import look

    return pack(*look(asked))


@router.get("/focal", response_class=Response)
def see_shares(asked: Annotated[FocalQuestion, Query()]) -> Response:
    """Who carries the focal loss of a small RetinaNet on sixteen held-out scenes.

    Answers in bins of p, the probability given to the truth, between ``edges`` float64 (11,):
    ``answers`` float64 (10,), their share of all; ``plain`` and ``focal`` (10,), their share of the
    loss at γ = 0 and at the γ asked for. ``yes`` (2, n): before and after learning, the share of
    the loss at ``gammas`` (n,) that answers carry whose truth is "yes".

    Bound: 1 s of a core, 150 MiB.
    """
    from engine.serving.one_stage.focal import look

    return pack(*look(asked))


@router.get("/race", response_class=Response)
def plan_race(asked: Annotated[RaceQuestion, Query()]) -> Response:
    """Two trainings that differ in γ alone; one only where it is the same.

    Bound: 0.5 s of a core, 50 MiB.
    """
    from engine.serving.comparisons.compute import plan
    from engine.serving.one_stage.race import settings_of

    return pack({}, {"runs": plan(settings_of(asked))})

"""Architectures: two side by side, all as points, and one net with and without skips."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from engine.progress import Progress
from engine.serving.architectures.contract import ChartQuestion, Question, SkipsQuestion
from engine.serving.binary import pack, pending

router = APIRouter(prefix="/architectures", tags=["pages"])


@router.get("", response_class=Response)
def see_strips(asked: Annotated[Question, Query()]) -> Response:
    """Two architectures as strips of blocks.

    ``first`` and ``second`` float64 (blocks,), what each block has of the measure, in percent.
    ``about.nets``: of each what is published, its ``totals`` as counted, its ``blocks``
    (:class:`engine.nets.blocks.Block`), which is ``opened``, and its ``steps``
    (:class:`engine.nets.opened.Step`). 202 while they are being traced.

    Bound: a job of 12 s of a core, 300 MiB.
    """
    from engine.serving.architectures.compute import look

    found = look(asked)
    return pending(found) if isinstance(found, Progress) else pack(*found)


@router.get("/chart", response_class=Response)
def see_all(asked: Annotated[ChartQuestion, Query()]) -> Response:
    """All architectures: ``x`` and ``y`` float64 (n,), in millions, thousand millions, % or ms.

    ``about.nets`` names them; ``about.front``, those that no other beats; ``about.picks``, the
    cheapest that are accurate enough. Activations are counted and milliseconds measured while
    somebody asks: until all are there, ``about.unfinished``.

    Bound: a job of 400 s of a core, 1500 MiB.
    """
    from engine.serving.architectures.charted import look

    return pack(*look(asked))


@router.get("/skips", response_class=Response)
def see_gradients(asked: Annotated[SkipsQuestion, Query()]) -> Response:
    """``plain`` and ``skipping`` float64 (layers,): ‖∂L/∂W‖ of each layer, of one batch.

    Bound: 2 s of a core, 200 MiB.
    """
    from engine.serving.architectures.skips import look

    return pack(*look(asked))

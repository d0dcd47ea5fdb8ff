"""ImageNet's error by year as published, and what networks cost by year as counted."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from engine.serving.binary import pack
from engine.serving.history.contract import CostQuestion

router = APIRouter(prefix="/history", tags=["pages"])


@router.get("/cost", response_class=Response)
def see_cost(asked: Annotated[CostQuestion, Query()]) -> Response:
    """Networks by the year of their paper: ``years``, ``params`` and ``macs`` float64 (n,).

    ``about.nets`` names them; ``about.winners`` has the challenge's winners with their published
    top-5 error in percent and its source; ``about.winner`` the last one up to the year, with what
    its network costs; ``about.extremes`` the lightest and the heaviest network up to the year.
    Networks are counted while somebody asks: until all are there, ``about.unfinished``.

    Bound: a job of 60 s of a core, 500 MiB.
    """
    from engine.serving.history.cost import look

    return pack(*look(asked))

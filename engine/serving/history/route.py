"""The stations of the history, and which of them each thread has."""

from dataclasses import asdict
from typing import Annotated

import numpy as np
from fastapi import APIRouter, Query, Response

from engine.serving.binary import pack
from engine.serving.history.contract import Question
from engine.serving.history.stations import THREADS, list_stations

LIGHT = True
router = APIRouter(prefix="/history", tags=["pages"])


@router.get("", response_class=Response)
def see_stations(asked: Annotated[Question, Query()]) -> Response:
    """All stations by year; ``years`` float64 (n,).

    ``about.stations``: of each its ``key``, ``year``, ``thread``, citation (``authors``, ``title``,
    ``venue``, ``url``), ``page`` and the ``state`` of its link, a value by name. ``about.past``:
    how many there are up to the year, of ``about.all``; ``about.by_thread``, thread by thread.

    Bound: 0.1 s of a core, 20 MiB.
    """
    stations = list_stations()
    shown = [each for each in stations if asked.thread in ("all", each.thread)]
    past = [each for each in shown if each.year <= asked.year]
    about = {
        "threads": list(THREADS),
        "year": asked.year,
        "stations": [asdict(each) for each in stations],
        "all": len(shown),
        "past": len(past),
        "by_thread": {
            thread: sum(each.thread == thread for each in past)
            for thread in THREADS
            if asked.thread in ("all", thread)
        },
        "newest": past[-1].key if past else "",
    }
    return pack({"years": np.array([each.year for each in stations], np.float64)}, about)

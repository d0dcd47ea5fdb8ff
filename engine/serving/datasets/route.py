"""Public data sets and the results on them, as published."""

from dataclasses import asdict
from typing import Annotated, Any

import numpy as np
from fastapi import APIRouter, Query, Response

from engine.serving.binary import pack
from engine.serving.datasets.contract import SetsQuestion
from engine.serving.datasets.published import (
    LOWER_IS_BETTER,
    PublicSet,
    list_sets,
    list_sources,
    results_of,
)

LIGHT = True
router = APIRouter(prefix="/datasets", tags=["pages"])


@router.get("", response_class=Response)
def see_sets(asked: Annotated[SetsQuestion, Query()]) -> Response:
    """All sets by year; ``pictures`` and ``classes`` float64 (n,), 0 for a platform.

    ``about.sets`` has the figures of each and, by figure, the key of its source in
    ``about.sources``; ``about.results``, by set, its ``measure`` and ``rows`` by year, in percent;
    ``lower`` where less is better. ``about.best`` and ``about.first`` are the best and the first
    result on the chosen set up to the year, null where there is none yet.

    Bound: 0.1 s of a core, 20 MiB.
    """
    sets = list_sets()
    arrays = {
        "pictures": np.array([each.pictures for each in sets], np.float64),
        "classes": np.array([each.classes for each in sets], np.float64),
    }
    results = {each.key: found for each in sets if (found := _results(each))}
    listed = results_of(asked.chosen)
    rows = listed.until(asked.year) if listed else ()
    best = listed.best(asked.year) if listed else None
    about: dict[str, Any] = {
        "sets": [asdict(each) | {"pictures": each.pictures} for each in sets],
        "results": results,
        "sources": {key: asdict(source) for key, source in list_sources().items()},
        "chosen": asked.chosen,
        "first": asdict(rows[0]) if rows else None,
        "best": asdict(best) if best else None,
        "count": len(rows),
    }
    return pack(arrays, about)


def _results(of: PublicSet) -> dict[str, Any] | None:
    listed = results_of(of.key)
    if listed is None:
        return None
    return asdict(listed) | {"lower": listed.measure in LOWER_IS_BETTER}

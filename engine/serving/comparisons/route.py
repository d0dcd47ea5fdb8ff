"""Trainings that differ in one thing: begun and stopped here, watched like every run."""

from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, Field

from engine.serving.comparisons.compute import MOST_AT_ONCE
from engine.serving.training import own_run, workers
from engine.serving.visitors import Asker

router = APIRouter(prefix="/comparisons", tags=["runs"])


class AskedComparison(BaseModel):
    """The settings of each training, in the shape of ``run.json``."""

    settings: list[dict[str, Any]] = Field(min_length=1, max_length=MOST_AT_ONCE)


class Names(BaseModel):
    """Runs by name."""

    names: list[str] = Field(min_length=1, max_length=MOST_AT_ONCE)


@router.post("")
def begin_comparison(asked: AskedComparison, who: Asker) -> Names:
    """Queue those trainings that nobody has had done yet; all of them can be watched.

    Bound: 0.5 s of a core, 50 MiB.
    """
    from engine.serving.comparisons.compute import begin
    from engine.train.settings import settings_from_dict

    wanted = [settings_from_dict(values) for values in asked.settings]
    return Names(names=begin(wanted, who))


@router.post("/stop")
def stop_comparison(asked: Names, who: Asker) -> Names:
    """Stop those of the trainings that are queued or under way; they can be taken up again.

    Bound: 0.5 s of a core, 50 MiB.
    """
    from engine.runs.state import read_state

    runs = [own_run(name, who) for name in asked.names]
    for run in runs:
        if read_state(run.folder).status in ("queued", "starting", "running"):
            workers().cancel(run)
    return asked

"""Learners' own data sets: a zip comes in, is read while the page says how far, and is kept."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from engine.pictures import note_sentence
from engine.progress import Progress
from engine.serving.binary import pending
from engine.serving.jobs import jobs
from engine.serving.own_sets import own_sets
from engine.serving.runs.uploads import uploads
from engine.wire.hosts import language_of

if TYPE_CHECKING:
    from engine.data.own_pictures import Report

router = APIRouter(prefix="/own-sets", tags=["runs"])


SizePx = Annotated[int, Query(ge=8, le=256)]


class Reading(BaseModel):
    """A zip that is being read: ask for it by this name and with this size until it has been."""

    reading: str
    size_px: int


class OwnSet(BaseModel):
    """What became of a zip: ``token`` stands for the data set when a run is begun.

    ``kept`` and ``left_out`` hold (class, pictures); ``refused`` the first files that were left
    out and why, of ``refused_count``. ``notes`` say in words how the archive divides itself, and of
    copies and of what tools left behind. All names are a stranger's: text, no markup.
    """

    token: str
    kept: list[tuple[str, int]]
    refused_count: int
    refused: list[tuple[str, str]]
    left_out: list[tuple[str, int]]
    notes: list[str]


@router.post("", status_code=202)
async def add_own_set(request: Request, size_px: SizePx = 32) -> Reading:
    """Read the body, a zip with one folder for each class; its pictures become squares.

    The answer comes at once; ``GET /own-sets/readings/{reading}`` tells how far it is.

    Bound: a job of 60 s of a core, 500 MiB.
    """
    name = uploads().put(await request.body())
    jobs().ask(_key(name), _work(name, size_px), wait_s=0)
    return Reading(reading=name, size_px=size_px)


@router.get("/readings/{reading}", response_model=None)
def watch_reading(request: Request, reading: str, size_px: SizePx = 32) -> Response | OwnSet:
    """What became of a zip; 202 with ``done`` of ``total`` files while it is read.

    Raises:
        InputError: it is no zip that can be used, or nobody asked for it for some seconds (404).

    Bound: a job of 60 s of a core, 500 MiB.
    """
    found = jobs().ask(_key(reading), _work(reading, size_px))
    if isinstance(found, Progress):
        return pending(found)
    token, report = found
    return JSONResponse(_told(token, report, language_of(request.headers)).model_dump())


@router.get("/{token}", status_code=204)
def check_own_set(token: str) -> None:
    """Whether a data set is still kept (404 where it is not).

    Bound: 0.5 s of a core, 50 MiB.
    """
    own_sets().get(token)


def _key(reading: str) -> tuple[str, str]:
    return ("own set", reading)


def _work(reading: str, size_px: int) -> "Callable[[], Iterator[Progress]]":
    """The zip is taken out of the uploads: what has been read, or given up, is not kept."""

    def steps() -> "Iterator[Progress[tuple[str, Report]]]":
        from engine.data.own_pictures import reading_own_pictures

        parts = reading_own_pictures(uploads().take(reading), (size_px, size_px))
        while True:
            try:
                step = next(parts)
            except StopIteration as end:
                found = end.value
                yield Progress(1, 1, (own_sets().put(found.data), found.report))
                return
            yield Progress(step.done, step.total or step.done)

    return steps


def _told(token: str, report: "Report", lang: str) -> OwnSet:
    return OwnSet(
        token=token,
        kept=list(report.kept),
        refused_count=report.refused_count,
        refused=[(each.path, each.reason.sentence(lang)) for each in report.refused],
        left_out=list(report.left_out),
        notes=[note_sentence(note, lang) for note in report.notes],
    )

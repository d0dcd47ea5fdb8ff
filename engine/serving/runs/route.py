"""Runs: begun, watched, stopped, taken up, forked, deleted. Anyone can look, owners can change."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from engine.serving.binary import pack
from engine.serving.training import own_run, seen_run, workers
from engine.serving.visitors import Asker
from engine.trainable.net_settings import SEGMENTERS

router = APIRouter(prefix="/runs", tags=["runs"])

_NAME = r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}"
Names = Annotated[str, Query(pattern=rf"^{_NAME}(,{_NAME}){{0,7}}$")]


class AskedRun(BaseModel):
    """A run to begin: its settings in the shape of ``run.json``, what is left out by default."""

    settings: dict[str, Any] = Field(default_factory=dict)
    own_data: str | None = Field(None, max_length=80)


class AskedFork(BaseModel):
    """A fork: the end of which epoch it begins at (by default the last), and what differs."""

    epoch: int | None = Field(None, ge=0, le=100_000)
    changes: dict[str, Any]


class Named(BaseModel):
    """A run's name."""

    name: str


class Key(BaseModel):
    """What opens a run to be looked at: one more secret for ``X-Owner``."""

    key: str


class Outline(BaseModel):
    """A run's network, how many epochs it trains, when it was made (ms since 1970).

    ``is_ready`` once there is a checkpoint to look at.
    """

    name: str
    net: str
    is_segmenter: bool
    epochs: int
    created_ms: int
    is_ready: bool


@router.get("")
def list_every_run(who: Asker) -> dict[str, Any]:
    """The last 100 runs, the newest first; comparisons of other pages are left out.

    Bound: 3 s of a core, 100 MiB.
    """
    from engine.serving.runs.views import list_runs

    return {"runs": list_runs(workers(), who)}


@router.post("")
def begin_run(asked: AskedRun, who: Asker) -> Named:
    """Make a run and queue it.

    Bound: 3 s of a core, 100 MiB.
    """
    from engine.serving.runs.views import make_run
    from engine.train.settings import settings_from_dict

    settings = settings_from_dict(asked.settings)
    run = make_run(settings, who, asked.own_data)
    workers().submit(run, who.address)
    return Named(name=run.name)


@router.post("/expect", status_code=204)
def expect_run() -> None:
    """Someone may begin a run soon: keep a worker ready, with everything imported.

    Bound: 0.5 s of a core, 50 MiB.
    """
    workers().expect()


@router.get("/curves", response_class=Response)
def watch_curves(names: Names, who: Asker) -> Response:
    """Of run k: ``steps_k`` float32 (n, 4) and ``epochs_k`` float32 (m, 5).

    Columns: step, loss, accuracy, learning rate; epoch, loss and accuracy in training, loss and
    accuracy in validation. A run that there is not (yet) has the status "none" and no rows. Where
    the loss is made of parts, ``about.runs[k].parts`` names them, and ``step_parts_k`` (n, parts)
    and ``epoch_parts_k`` (m, parts) of validation come along.

    Bound: 10 s of a core, 200 MiB.
    """
    from engine.serving.runs.views import watch_run

    arrays, runs = {}, []
    for k, name in enumerate(names.split(",")):
        found, about = watch_run(workers(), name, who)
        arrays |= {f"{array}_{k}": rows for array, rows in found.items()}
        runs.append(about)
    return pack(arrays, {"runs": runs})


@router.get("/differences")
def tell_runs_apart(names: Names, who: Asker) -> dict[str, Any]:
    """Settings (by flat name) in which runs differ, and what each fork among them changed.

    Bound: 10 s of a core, 200 MiB.
    """
    from engine.serving.runs.differences import tell_differences

    return tell_differences([seen_run(name, who) for name in names.split(",")], who)


@router.get("/{name}/outline")
def outline_run(name: str, who: Asker) -> Outline:
    """What a page must know of a run to lay itself out.

    Bound: 2 s of a core, 100 MiB.
    """
    from engine.serving.runs.views import has_checkpoint

    run = seen_run(name, who)
    kind = run.settings.net.name
    return Outline(
        name=run.name,
        net=kind,
        is_segmenter=kind in SEGMENTERS,
        epochs=run.settings.train.epochs,
        created_ms=round(run.created * 1000),
        is_ready=has_checkpoint(run),
    )


@router.get("/{name}")
def show_run(name: str, who: Asker) -> dict[str, Any]:
    """All settings of a run, where it stands, its checkpoints, and whether it is yours.

    Bound: 3 s of a core, 100 MiB.
    """
    from engine.serving.runs.views import describe_run

    return describe_run(seen_run(name, who), who)


@router.post("/{name}/stop")
def stop_run(name: str, who: Asker) -> Named:
    """Take a run out of the queue, or stop it after the step that it is at.

    Bound: 0.5 s of a core, 50 MiB.
    """
    run = own_run(name, who)
    workers().cancel(run)
    return Named(name=run.name)


@router.post("/{name}/resume")
def resume_run(name: str, who: Asker) -> Named:
    """Queue a run that stopped: it goes on as if it never had.

    Bound: 0.5 s of a core, 50 MiB.
    """
    run = own_run(name, who)
    workers().submit(run, who.address)
    return Named(name=run.name)


@router.post("/{name}/fork")
def fork_existing_run(name: str, asked: AskedFork, who: Asker) -> Named:
    """Another run from one of this one's checkpoints, with something changed, and queue it.

    Bound: 0.5 s of a core, 50 MiB.
    """
    from engine.runs.forking import fork_run
    from engine.runs.limits import Applicant

    run = own_run(name, who)
    workers().check_room(Applicant(run.owner, run.visitor, who.address))
    fork = fork_run(run.folder, asked.changes, asked.epoch, owner=run.owner, visitor=run.visitor)
    workers().submit(fork, who.address)
    return Named(name=fork.name)


@router.post("/{name}/test")
def test_run(name: str, who: Asker) -> Response:
    """Its best epoch on the test pictures, once it is over: measured once; 202 meanwhile.

    Bound: 3 s of a core, 300 MiB.
    """
    from engine.serving.runs.testing import look_at_test

    found = look_at_test(own_run(name, who))
    if found is None:
        return JSONResponse({"done": 0, "total": 1}, status_code=202)
    return JSONResponse(found)


@router.post("/{name}/share")
def share_existing_run(name: str, who: Asker) -> Key:
    """A key with which others may look at a run on own pictures; an older one no longer opens.

    Bound: 0.5 s of a core, 50 MiB.
    """
    from engine.runs.ownership import share_run

    return Key(key=share_run(own_run(name, who)))


@router.delete("/{name}/share", status_code=204)
def unshare_existing_run(name: str, who: Asker) -> None:
    """Nobody but its owner may look at a run on own pictures any more.

    Bound: 0.5 s of a core, 50 MiB.
    """
    from engine.runs.ownership import unshare_run

    unshare_run(own_run(name, who))


@router.delete("/{name}", status_code=204)
def delete_existing_run(name: str, who: Asker) -> None:
    """Delete a run and everything that it gave, readable or not.

    Bound: 3 s of a core, 100 MiB.
    """
    from engine.runs.folder import delete_run
    from engine.serving.runs.views import own_folder

    delete_run(own_folder(workers(), name, who))

"""Runs: begun, watched, stopped, taken up, forked, deleted. Anyone can look, owners can change."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from engine.serving.binary import pack
from engine.serving.training import OwnerToken, own_run, owner_of, readers, workers

router = APIRouter(prefix="/runs", tags=["runs"])

Names = Annotated[str, Query(pattern=r"^[A-Za-z0-9._-]{1,100}(,[A-Za-z0-9._-]{1,100}){0,7}$")]


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


@router.get("")
def list_every_run(owner: OwnerToken = None) -> dict[str, Any]:
    """The last 100 runs, the newest first; comparisons of other pages are left out."""
    from engine.serving.runs.views import list_runs

    return {"runs": list_runs(workers(), owner)}


@router.post("")
def begin_run(asked: AskedRun, owner: OwnerToken = None) -> Named:
    """Make a run and queue it."""
    from engine.serving.runs.views import make_run
    from engine.train.settings import settings_from_dict

    settings = settings_from_dict(asked.settings)
    run = make_run(settings, owner_of(owner), asked.own_data)
    workers().submit(run)
    return Named(name=run.name)


@router.post("/expect", status_code=204)
def expect_run() -> None:
    """Someone may begin a run soon: keep a worker ready, with everything imported."""
    workers().expect()


@router.get("/curves", response_class=Response)
def watch_curves(names: Names) -> Response:
    """Of run k: ``steps_k`` float32 (n, 4) and ``epochs_k`` float32 (m, 5).

    Columns: step, loss, accuracy, learning rate; epoch, loss and accuracy in training, loss and
    accuracy in validation. A run that there is not (yet) has the status "none" and no rows. Where
    the loss is made of parts, ``about.runs[k].parts`` names them, and ``step_parts_k`` (n, parts)
    and ``epoch_parts_k`` (m, parts) of validation come along.
    """
    from engine.serving.runs.views import describe_progress

    arrays, runs = {}, []
    for k, name in enumerate(names.split(",")):
        curves = readers().curves(workers().root / name)
        arrays |= {f"steps_{k}": curves.steps, f"epochs_{k}": curves.epochs}
        about = describe_progress(workers(), name, curves)
        if curves.part_names:
            arrays |= {f"step_parts_{k}": curves.step_parts, f"epoch_parts_{k}": curves.epoch_parts}
            about["parts"] = curves.part_names
        runs.append(about)
    return pack(arrays, {"runs": runs})


@router.get("/{name}")
def show_run(name: str, owner: OwnerToken = None) -> dict[str, Any]:
    """All settings of a run, where it stands, its checkpoints, and whether it is yours."""
    from engine.serving.runs.views import describe_run

    return describe_run(workers(), name, owner)


@router.post("/{name}/stop")
def stop_run(name: str, owner: OwnerToken = None) -> Named:
    """Take a run out of the queue, or stop it after the step that it is at."""
    run = own_run(name, owner)
    workers().cancel(run)
    return Named(name=run.name)


@router.post("/{name}/resume")
def resume_run(name: str, owner: OwnerToken = None) -> Named:
    """Queue a run that stopped: it goes on as if it never had."""
    run = own_run(name, owner)
    workers().submit(run)
    return Named(name=run.name)


@router.post("/{name}/fork")
def fork_existing_run(name: str, asked: AskedFork, owner: OwnerToken = None) -> Named:
    """Another run from one of this one's checkpoints, with something changed, and queue it."""
    from engine.runs.forking import fork_run
    from engine.runs.ownership import check_disk

    run = own_run(name, owner)
    check_disk(workers().root, workers().limits)
    fork = fork_run(run.folder, asked.changes, asked.epoch, owner=run.owner)
    workers().submit(fork)
    return Named(name=fork.name)


@router.delete("/{name}", status_code=204)
def delete_existing_run(name: str, owner: OwnerToken = None) -> None:
    """Delete a run and everything that it gave."""
    from engine.runs.folder import delete_run

    delete_run(own_run(name, owner).folder)

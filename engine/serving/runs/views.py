"""What pages and the API say of runs. Imports no torch."""

import math
from pathlib import Path
from typing import Any

from engine.errors import InputError
from engine.runs.checkpoints import list_checkpoints
from engine.runs.curves import Curves
from engine.runs.folder import RUN_FILE, Run, create_run, delete_run, find_run, list_folders
from engine.runs.ownership import check_disk, check_waiting, is_owner
from engine.runs.state import RunState, read_state
from engine.runs.workers import Workers
from engine.serving.comparisons.compute import PREFIX
from engine.serving.own_sets import own_sets
from engine.serving.training import check_fits, readers, workers
from engine.train.settings import RunSettings, TrainSettings

MOST_LISTED = 100


def list_runs(on: Workers, token: str | None) -> list[dict[str, Any]]:
    """The newest runs: name, status, place, settings in short, best accuracy, whose."""
    folders = [each for each in list_folders(on.root) if not each.name.startswith(PREFIX)]
    newest = sorted(folders, key=_made_at, reverse=True)[:MOST_LISTED]
    return [_list_entry(on, folder, token) for folder in newest]


def _made_at(folder: Path) -> float:
    try:
        return (folder / RUN_FILE).stat().st_mtime
    except FileNotFoundError:  # deleted just now
        return 0.0


def _list_entry(on: Workers, folder: Path, token: str | None) -> dict[str, Any]:
    name, found = folder.name, read_state(folder)
    try:
        run = find_run(name, folder.parent)
    except InputError as error:  # edited by hand, or of another version: shown with the reason
        return {"name": name, "status": "damaged", "sentence": _both(error), "mine": False}
    held = readers().curves(folder).epochs
    return {
        "name": name,
        "status": found.status,
        "sentence": found.sentence,
        "mine": is_owner(run, token),
        "step": found.step,
        "epoch": found.epoch,
        "epochs": run.settings.train.epochs,
        "ahead": _ahead(on, folder, found),
        "net": run.settings.net.name,
        "data": run.settings.data.name,
        "accuracy": float(held[-1, 4]) if len(held) else None,
        "parent": run.parent,
    }


def _both(error: InputError) -> dict[str, str]:
    return {lang: error.sentence(lang) for lang in ("en", "ko")}


def describe_progress(on: Workers, name: str, curves: Curves) -> dict[str, Any]:
    """Where a run stands, as the curves' stage needs it."""
    folder = on.root / name
    if not (folder / RUN_FILE).is_file():
        return {"name": name, "status": "none", "step": 0, "epoch": 0, "epochs": 0}
    found = read_state(folder)
    about = {
        "name": name,
        "status": found.status,
        "sentence": found.sentence,
        "step": found.step,
        "epoch": found.epoch,
        "images_per_s": curves.images_per_s if math.isfinite(curves.images_per_s) else 0.0,
        "steps_per_point": curves.steps_per_point,
        "beginning": curves.beginning,
        "ahead": _ahead(on, folder, found),
    }
    try:
        training = find_run(name, on.root).settings.train
    except InputError as error:
        return {**about, "status": "damaged", "sentence": _both(error), "epochs": 0}
    seconds = _seconds_left(curves, training) if found.status == "running" else None
    return {**about, "epochs": training.epochs, "seconds_left": seconds}


def _ahead(on: Workers, folder: Path, found: RunState) -> int:
    """How many runs come first, of a run that waits."""
    if found.status != "queued":
        return 0
    queue = on.queued()
    return len(on.running()) + (queue.index(folder) if folder in queue else 0)


def _seconds_left(curves: Curves, training: TrainSettings) -> float | None:
    """At the pace of the last step; None before the end of an epoch says how long one is."""
    if curves.steps_per_epoch is None or not curves.images_per_s > 0 or not len(curves.steps):
        return None
    steps_left = training.epochs * curves.steps_per_epoch - float(curves.steps[-1, 0])
    return max(0.0, steps_left * training.batch_size / curves.images_per_s)


def describe_run(on: Workers, name: str, token: str | None) -> dict[str, Any]:
    """A run's settings, state, checkpoints and owner.

    Raises:
        InputError: there is none, or its run.json cannot be used.
    """
    run = find_run(name, on.root)
    found = read_state(run.folder)
    return {
        "name": run.name,
        "settings": run.settings.to_dict(),
        "status": found.status,
        "step": found.step,
        "epoch": found.epoch,
        "sentence": found.sentence,
        "parent": run.parent,
        "versions": run.versions,
        "epochs_kept": sorted({each.epoch for each in list_checkpoints(run.folder)}),
        "mine": is_owner(run, token),
    }


def make_run(settings: RunSettings, owner: str, own_data: str | None) -> Run:
    """A new run's folder; with a learner's own pictures in it where they are named.

    Args:
        settings: of the run.
        owner: hash of the owner's token.
        own_data: token of :func:`engine.serving.own_sets.own_sets`, with ``data.name`` "own".

    Raises:
        InputError: too many runs waiting, the disk refuses, the pictures are gone, or there is too
            little memory.
    """
    on = workers()
    check_waiting(on.root, owner, on.limits)
    check_disk(on.root, on.limits)
    is_own = settings.data.name == "own"
    data = own_sets().get(own_data or "") if is_own else None
    check_fits(settings, data)
    run = create_run(settings, on.root, owner=owner)
    if data is not None:
        from engine.runs.own_data import store_data_set

        try:
            store_data_set(run.folder, data)
        except InputError:
            delete_run(run.folder)
            raise
    return run

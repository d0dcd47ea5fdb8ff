"""What pages and the API say of runs. Imports no torch."""

import math
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.errors import InputError
from engine.runs.checkpoints import list_checkpoints
from engine.runs.curves import Curves
from engine.runs.folder import RUN_FILE, Run, create_run, delete_run, find_run, list_folders
from engine.runs.limits import Applicant
from engine.runs.ownership import (
    OWN_DATA,
    check_may_look,
    check_owner,
    check_owns_folder,
    is_owner,
    is_private,
    is_shared,
    may_look,
    owns_folder,
)
from engine.runs.state import RunState, read_state
from engine.runs.test_result import read_test
from engine.runs.workers import Workers
from engine.serving.comparisons.compute import PREFIX
from engine.serving.own_sets import own_sets
from engine.serving.training import check_fits, readers, workers
from engine.serving.visitors import Visitor
from engine.train.settings import RunSettings, TrainSettings
from engine.trainable.net_settings import DETECTORS

if TYPE_CHECKING:
    from engine.data.data_set import DataSet
    from engine.data.labelled_pictures import LabelledPictures

MOST_LISTED = 100


def list_runs(on: Workers, who: Visitor) -> list[dict[str, Any]]:
    """The newest runs that may be looked at: name, status, place, settings in short, best
    accuracy, whose.
    """
    folders = [each for each in list_folders(on.root) if not each.name.startswith(PREFIX)]
    newest = sorted(folders, key=_made_at, reverse=True)
    entries = (_list_entry(on, folder, who) for folder in newest)
    return list(islice((entry for entry in entries if entry is not None), MOST_LISTED))


def _made_at(folder: Path) -> float:
    try:
        return (folder / RUN_FILE).stat().st_mtime
    except FileNotFoundError:  # deleted just now
        return 0.0


def _list_entry(on: Workers, folder: Path, who: Visitor) -> dict[str, Any] | None:
    name = folder.name
    try:
        run = find_run(name, folder.parent)
    except InputError as error:  # edited by hand, or of another version: shown with the reason
        mine = owns_folder(folder, who.proofs)
        return {"name": name, "status": "damaged", "sentence": _both(error), "mine": mine}
    if not may_look(run, who.proofs):
        return None
    found = read_state(folder)
    held = readers().curves(folder).epochs
    return {
        "name": name,
        "status": found.status,
        "sentence": found.sentence,
        **_whose(run, who),
        "step": found.step,
        "epoch": found.epoch,
        "epochs": run.settings.train.epochs,
        "ahead": _ahead(on, folder, found),
        "net": run.settings.net.name,
        "data": run.settings.data.name,
        "accuracy": float(held[-1, 4]) if len(held) else None,
        "parent": run.parent,
        "test": None if (test := read_test(folder)) is None else asdict(test),
    }


def has_checkpoint(run: Run) -> bool:
    """Whether a run has a network that can be opened; it is written before the first step."""
    return bool(list_checkpoints(run.folder))


def _both(error: InputError) -> dict[str, str]:
    return {lang: error.sentence(lang) for lang in ("en", "ko")}


def watch_run(on: Workers, name: str, who: Visitor) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
    """A run's curves and where it stands, as the curves' stage needs them.

    Returns:
        ``steps`` and ``epochs``, of a run with several losses ``step_parts`` and ``epoch_parts``
        too; and the facts. There are no rows where there is no such run, or none to be seen.
    """
    nothing = {"steps": np.zeros((0, 4), np.float32), "epochs": np.zeros((0, 5), np.float32)}
    try:
        run = find_run(name, on.root)
        check_may_look(run, who.proofs)
    except InputError as error:
        about = {"name": name, "status": "none", "step": 0, "epoch": 0, "epochs": 0}
        if error.key == "run_unknown":
            return nothing, about
        return nothing, {**about, "status": "damaged", "sentence": _both(error)}
    curves = readers().curves(run.folder)
    arrays, about = {"steps": curves.steps, "epochs": curves.epochs}, _progress(on, run, curves)
    if curves.part_names:
        arrays |= {"step_parts": curves.step_parts, "epoch_parts": curves.epoch_parts}
        about["parts"] = curves.part_names
    return arrays, about


def _progress(on: Workers, run: Run, curves: Curves) -> dict[str, Any]:
    found, training = read_state(run.folder), run.settings.train
    seconds = _seconds_left(curves, training) if found.status == "running" else None
    return {
        "name": run.name,
        "net": run.settings.net.name,
        "status": found.status,
        "sentence": found.sentence,
        "step": found.step,
        "epoch": found.epoch,
        "best_epoch": curves.best_epoch,
        "images_per_s": curves.images_per_s if math.isfinite(curves.images_per_s) else 0.0,
        "steps_per_point": curves.steps_per_point,
        "beginning": curves.beginning,
        "ahead": _ahead(on, run.folder, found),
        "epochs": training.epochs,
        "seconds_left": seconds,
    }


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


def own_folder(on: Workers, name: str, who: Visitor) -> Path:
    """The folder of a run that belongs to whoever asks, whether its run.json can be used or not.

    Raises:
        InputError: there is none to be seen (404), or it is another's (403).
    """
    try:
        run = find_run(name, on.root)
    except InputError as error:
        if error.key in ("run_unknown", "run_name_bad"):
            raise
        check_owns_folder(on.root / name, who.proofs)
        return on.root / name
    check_may_look(run, who.proofs)
    check_owner(run, who.proofs)
    return run.folder


def describe_run(run: Run, who: Visitor) -> dict[str, Any]:
    """A run's settings, state, checkpoints, and whose it is."""
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
        **_whose(run, who),
    }


def _whose(run: Run, who: Visitor) -> dict[str, bool]:
    """Whether it is the applicant's, whether only its owner may look, and whether it is shared."""
    return {
        "mine": is_owner(run, who.proofs),
        "private": is_private(run),
        "shared": is_shared(run),
    }


def make_run(settings: RunSettings, who: Visitor, own_data: str | None) -> Run:
    """A new run's folder; with a learner's own pictures in it where they are named.

    Args:
        settings: of the run.
        who: asks, and will be its owner.
        own_data: token of :func:`engine.serving.own_sets.own_sets`, with ``data.name`` "own".

    Raises:
        InputError: too many runs waiting, the disk refuses, the pictures are gone, or there is too
            little memory.
    """
    on, owner = workers(), who.need_owner()
    on.check_room(Applicant(owner, who.visitor, who.address))
    is_own = settings.data.name == OWN_DATA
    data = _own_set(settings, own_data or "") if is_own else None
    check_fits(settings, data)
    run = create_run(settings, on.root, owner=owner, visitor=who.visitor)
    if data is not None:
        from engine.runs.own_data import store_data_set

        try:
            store_data_set(run.folder, data)
        except InputError:
            delete_run(run.folder)
            raise
    return run


def _own_set(settings: RunSettings, token: str) -> "DataSet | LabelledPictures":
    """Photos with boxes for a detector, a class for each picture for any other network."""
    if settings.net.name in DETECTORS:
        return own_sets().get_labelled(token)
    return own_sets().get(token)

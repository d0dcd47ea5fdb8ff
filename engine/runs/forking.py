"""A fork: the same weights, one change, another future."""

import os
import shutil
from pathlib import Path
from typing import Any

from engine.device import choose_device
from engine.errors import InputError
from engine.runs.checkpoints import find_checkpoint, load_checkpoint
from engine.runs.folder import Run, create_run, delete_run, read_run
from engine.runs.own_data import DATA_FILE
from engine.runs.recording import START_FILE
from engine.runs.writing import report_disk
from engine.train.memory import check_memory
from engine.train.settings import RunSettings, settings_from_dict

_FREE_NET_FIELDS = {"activation", "dropout", "frozen_blocks", "input_px", "init"}


def fork_run(
    folder: Path,
    changes: dict[str, Any],
    epoch: int | None = None,
    name: str | None = None,
    owner: str | None = None,
    visitor: str | None = None,
) -> Run:
    """A new run beside the old one that begins at one of its checkpoints.

    Args:
        folder: of the run to fork.
        changes: settings that differ, {"train": {"learning_rate": 0.01}}.
        epoch: epochs done at the checkpoint; by default the last one.
        name, owner, visitor: of the new run, see :func:`engine.runs.folder.create_run`.

    Raises:
        InputError: no such checkpoint, settings that are not accepted or that make another
            network, nothing left to train, or too little memory.
    """
    old = read_run(folder)
    checkpoint = find_checkpoint(folder, epoch)
    facts = load_checkpoint(checkpoint.path).facts
    position = facts["position"]
    settings = change_settings(old.settings, changes)
    _check_same_net(old.settings, settings)
    if position["epoch"] >= settings.train.epochs:
        raise InputError("fork_nothing_left", done=position["epoch"], epochs=settings.train.epochs)
    channels, height, width = facts["input_shape"]
    size = ((channels, height, width), len(facts["classes"]), settings.train.batch_size)
    check_memory(settings, *size, choose_device())
    parent = {"run": old.name, "epoch": checkpoint.epoch, "step": checkpoint.step}
    new = create_run(settings, folder.parent, name, owner, parent, visitor)
    try:
        with report_disk(new.folder):
            _share(checkpoint.path, new.folder / START_FILE)
            if (folder / DATA_FILE).exists():
                _share(folder / DATA_FILE, new.folder / DATA_FILE)
    except InputError:
        delete_run(new.folder)
        raise
    return new


def change_settings(settings: RunSettings, changes: dict[str, Any]) -> RunSettings:
    """Settings with some of them changed, in the shape of run.json.

    Raises:
        InputError: a setting that there is none of, or a value not accepted.
    """
    merged = settings.to_dict()
    for group, values in changes.items():
        inside = merged.get(group)
        if isinstance(inside, dict) and isinstance(values, dict):
            values = {**inside, **values}
        merged[group] = values
    return settings_from_dict(merged)


def _check_same_net(old: RunSettings, new: RunSettings) -> None:
    """Raises InputError where the weights would not fit the new network."""
    before, after = old.to_dict()["net"], new.to_dict()["net"]
    for name, value in before.items():
        if name not in _FREE_NET_FIELDS and after[name] != value:
            raise InputError("fork_changes_net", setting=name)
    if old.data.name != new.data.name:
        raise InputError("fork_changes_net", setting="data.name")


def _share(source: Path, target: Path) -> None:
    """The same file under a second name where the disk can, since checkpoints never change."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)

"""Comparisons: trainings that differ in one thing, known by what they are.

The same settings and seed give the same curve, so a comparison's run is named after its settings:
whoever asks for it again is shown what has been measured, and two learners who ask at once watch
one training. Imports no torch.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from engine.errors import InputError
from engine.runs.folder import (
    Run,
    create_run,
    delete_run,
    find_run,
    folder_bytes,
    list_folders,
)
from engine.runs.limits import Applicant
from engine.runs.ownership import OWN_DATA
from engine.runs.state import read_state
from engine.serving.training import check_fits, workers
from engine.serving.visitors import Visitor
from engine.train.settings import RunSettings

PREFIX = "compare-"
MOST_AT_ONCE = 8
_DONE = ("finished", "early_stopped", "diverged")
_UNDER_WAY = ("queued", "starting", "running", "stopping")


def name_comparison(settings: RunSettings) -> str:
    """The name of the run that these settings, and no others, give."""
    text = json.dumps(_as_floats(settings.to_dict()), sort_keys=True)
    return PREFIX + hashlib.sha256(text.encode()).hexdigest()[:20]


def _as_floats(values: Any) -> Any:
    """The same with every number as a float: a browser sends 1.0 back as 1."""
    if isinstance(values, dict):
        return {name: _as_floats(each) for name, each in values.items()}
    return float(values) if isinstance(values, int) and not isinstance(values, bool) else values


def plan(settings: Mapping[str, RunSettings]) -> list[dict[str, object]]:
    """What a page's stage needs to have these trainings shown and begun.

    Args:
        settings: by label, in the order of the legend.

    Returns:
        One ``{"label", "name", "settings"}`` each.
    """
    return [
        {"label": label, "name": name_comparison(each), "settings": each.to_dict()}
        for label, each in settings.items()
    ]


def begin(settings: Sequence[RunSettings], who: Visitor) -> list[str]:
    """Queues those that have not been trained to their end yet; returns all names.

    Args:
        settings: at most ``MOST_AT_ONCE``.
        who: asks.

    Raises:
        InputError: too many at once or waiting, somebody's own pictures, the disk refuses, or
            there is too little memory.
    """
    if len(settings) > MOST_AT_ONCE:
        raise InputError("comparison_too_many", limit=MOST_AT_ONCE)
    if any(each.data.name == OWN_DATA for each in settings):
        raise InputError("comparison_own")
    for each in settings:
        check_fits(each)
    owner = who.need_owner()
    on = workers()
    _make_room(on.root, on.limits.disk_mib * 2**20 // 2)
    names = [name_comparison(each) for each in settings]
    status = {name: read_state(on.root / name).status for name in names}
    missing = [name for name in status if status[name] not in (*_DONE, *_UNDER_WAY)]
    if missing:  # asked before any folder is made: what is refused leaves none
        on.check_room(Applicant(owner, who.visitor, who.address), len(missing))
    for each, name in zip(settings, names, strict=True):
        run = _find_or_create(each, owner, who.visitor)
        if name in missing:
            missing.remove(name)
            on.submit(run, who.address)
    return names


def _find_or_create(settings: RunSettings, owner: str, visitor: str | None) -> Run:
    name = name_comparison(settings)
    root = workers().root
    try:
        return create_run(settings, root, name=name, owner=owner, visitor=visitor)
    except InputError as error:
        if error.key != "run_name_taken":
            raise
        return find_run(name, root)


def _make_room(root: Path, most_bytes: int) -> None:
    """Deletes the oldest comparisons that are over: they can always be measured again."""
    old = [f for f in list_folders(root) if f.name.startswith(PREFIX)]
    sizes = {folder: folder_bytes(folder) for folder in old}
    used = sum(sizes.values())
    for folder in sorted(old, key=lambda each: each.stat().st_mtime):
        if used <= most_bytes:
            return
        if read_state(folder).status in _UNDER_WAY:
            continue
        delete_run(folder)
        used -= sizes[folder]

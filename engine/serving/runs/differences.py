"""What runs were told otherwise, and what each fork changed. Imports no torch."""

from collections.abc import Sequence
from typing import Any

from engine.errors import InputError
from engine.runs.folder import Run, find_run
from engine.runs.ownership import may_look
from engine.serving.visitors import Visitor
from engine.train.flat import flat_fields
from engine.train.settings import RunSettings
from engine.trainable.net_settings import DETECTORS, NET_OPTIONS, SEGMENTERS

_OF_EVERY_NET = ("name", "init")
_OF_DETECTNET = ("coverage_loss", "box_weight")
_OF_CLASSES = ("per_class", "imbalance", "label_noise", "validation_share", "test_share")


def tell_differences(runs: Sequence[Run], who: Visitor) -> dict[str, Any]:
    """Settings that are not the same in all runs, and each fork's changes.

    Returns:
        ``rows``: ``setting`` (by its flat name) and ``values``, one a run, None where a run does
        not read it. ``forks``: ``name``, ``parent``, ``epoch``, and ``changes`` with ``setting``,
        ``before`` and ``after``, where the parent is still there to be seen.
    """
    every = [read_settings(run.settings) for run in runs]
    names = list(dict.fromkeys(name for settings in every for name in settings))
    rows = [
        {"setting": name, "values": [settings.get(name) for settings in every]} for name in names
    ]
    forks = [_fork(run, who) for run in runs if run.parent]
    return {"rows": [row for row in rows if not _all_same(row["values"])], "forks": forks}


def _all_same(values: list[Any]) -> bool:
    return all(value == values[0] for value in values)


def _fork(run: Run, who: Visitor) -> dict[str, Any]:
    assert run.parent is not None
    told = {"name": run.name, "parent": run.parent["run"], "epoch": run.parent["epoch"]}
    try:
        parent = find_run(run.parent["run"], run.folder.parent)
    except InputError:
        return {**told, "changes": []}
    if not may_look(parent, who.proofs):
        return {**told, "changes": []}
    before, after = read_settings(parent.settings), read_settings(run.settings)
    changes = [
        {"setting": name, "before": before.get(name), "after": value}
        for name, value in after.items()
        if before.get(name) != value
    ]
    return {**told, "changes": changes}


def read_settings(settings: RunSettings) -> dict[str, Any]:
    """The settings that a run reads, by flat name: others' networks' are left out."""
    groups = settings.to_dict()
    found = {
        name: groups[group][field.name]
        for name, (group, field) in flat_fields().items()
        if _is_read(settings.net.name, group, field.name)
    }
    return {**found, "seed": settings.seed}


def _is_read(net: str, group: str, field: str) -> bool:
    if group == "net":
        return field in (*_OF_EVERY_NET, *NET_OPTIONS[net])
    if group == "detector":
        return net == "detectnet" or (net in DETECTORS and field not in _OF_DETECTNET)
    if group == "segmenter":
        return net in SEGMENTERS
    if group == "data" and field in _OF_CLASSES:
        return net not in (*DETECTORS, *SEGMENTERS)
    return True

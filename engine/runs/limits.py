"""How much of a shared server one visitor may take. Imports no torch."""

import os
from dataclasses import dataclass
from pathlib import Path

from engine.errors import InputError
from engine.runs.folder import folder_bytes, list_folders, read_run
from engine.runs.state import read_state

_WAITING = ("queued", "starting", "running", "stopping")


@dataclass(frozen=True)
class Limits:
    """What a shared server allows; each can be set by an environment variable.

    Attributes:
        waiting_per_visitor: runs queued or under way (``FOVEA_RUNS_PER_VISITOR``).
        disk_mib: all runs together, in MiB (``FOVEA_RUNS_DISK_MIB``).
    """

    waiting_per_visitor: int = 8
    disk_mib: int = 4096


def read_limits() -> Limits:
    """The limits, from the environment where it has them.

    Raises:
        InputError: a variable is not a whole number above zero.
    """
    standard = Limits()
    return Limits(
        waiting_per_visitor=_read("FOVEA_RUNS_PER_VISITOR", standard.waiting_per_visitor),
        disk_mib=_read("FOVEA_RUNS_DISK_MIB", standard.disk_mib),
    )


def _read(name: str, standard: int) -> int:
    text = os.environ.get(name, "").strip()
    if not text:
        return standard
    if not text.isdecimal() or int(text) < 1:
        raise InputError("limit_not_whole", name=name, value=text[:20])
    return int(text)


def check_disk(root: Path, limits: Limits) -> None:
    """Raises InputError (507) where the runs take as much of the disk as they may."""
    used = sum(folder_bytes(folder) for folder in list_folders(root))
    if used >= limits.disk_mib * 2**20:
        raise InputError("runs_disk_limit", 507, used=used // 2**20, limit=limits.disk_mib)


def check_waiting(root: Path, owner: str | None, limits: Limits) -> None:
    """Raises InputError (429) where the owner (a hash) has as many runs waiting as allowed."""
    if owner is None:
        return
    waiting = 0
    for folder in list_folders(root):
        if read_state(folder).status in _WAITING:
            try:
                waiting += read_run(folder).owner == owner
            except InputError:
                continue  # a damaged run.json belongs to nobody
    if waiting >= limits.waiting_per_visitor:
        raise InputError("runs_waiting_limit", 429, limit=limits.waiting_per_visitor)

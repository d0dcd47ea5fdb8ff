"""How much of a shared server one visitor may take. Imports no torch.

A visitor is whom a trusted screen knows by its cookie. Where nobody vouches for one, all who come
from an address count as one, since a browser's own secret is made up anew at will.
"""

import os
from collections.abc import Mapping
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
        waiting_per_address: of all visitors behind one network address; a class shares one
            (``FOVEA_RUNS_PER_ADDRESS``).
        waiting: of everybody (``FOVEA_RUNS_WAITING``).
        disk_mib: all runs together, in MiB (``FOVEA_RUNS_DISK_MIB``).
    """

    waiting_per_visitor: int = 8
    waiting_per_address: int = 120
    waiting: int = 240
    disk_mib: int = 4096


@dataclass(frozen=True)
class Applicant:
    """Who wants a run to be queued.

    Attributes:
        owner, visitor: hashes, as in :class:`engine.runs.folder.Run`; both None on the command
            line, which no limit holds.
        address: of the network; "" where there is none.
    """

    owner: str | None = None
    visitor: str | None = None
    address: str = ""


def read_limits() -> Limits:
    """The limits, from the environment where it has them.

    Raises:
        InputError: a variable is not a whole number above zero.
    """
    standard = Limits()
    return Limits(
        waiting_per_visitor=_read("FOVEA_RUNS_PER_VISITOR", standard.waiting_per_visitor),
        waiting_per_address=_read("FOVEA_RUNS_PER_ADDRESS", standard.waiting_per_address),
        waiting=_read("FOVEA_RUNS_WAITING", standard.waiting),
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


def check_waiting(
    root: Path,
    applicant: Applicant,
    limits: Limits,
    addresses: Mapping[Path, str] | None = None,
    more: int = 1,
) -> None:
    """Whether there is room for more runs.

    Args:
        root: where the runs are.
        applicant: who wants them.
        limits: of this server.
        addresses: from where a run was queued, by its folder, as far as this server knows.
        more: how many.

    Raises:
        InputError: (429) as many of this visitor or address wait or are under way as allowed;
            (503) or of everybody.
    """
    if applicant.owner is None and applicant.visitor is None:
        return
    waiting = [each for each in list_folders(root) if read_state(each).status in _WAITING]
    if len(waiting) + more > limits.waiting:
        raise InputError("runs_waiting_full", 503, limit=limits.waiting)
    known, address = addresses or {}, applicant.address
    near = {each for each in waiting if address and known.get(each) == address}
    if len(near) + more > limits.waiting_per_address:
        raise InputError("runs_waiting_address", 429, limit=limits.waiting_per_address)
    own = [each for each in waiting if _is_of(each, applicant, each in near)]
    if len(own) + more > limits.waiting_per_visitor:
        raise InputError("runs_waiting_limit", 429, limit=limits.waiting_per_visitor)


def _is_of(folder: Path, applicant: Applicant, is_near: bool) -> bool:
    """Whether a run counts for whoever asks: one without a visitor for its whole address."""
    try:
        run = read_run(folder)
    except InputError:
        return False  # a damaged run.json belongs to nobody
    if applicant.visitor is not None:
        return run.visitor == applicant.visitor or run.owner == applicant.owner
    return run.owner == applicant.owner or (is_near and run.visitor is None)

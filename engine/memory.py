"""How much memory there is: the machine's, or what a container leaves of it. Imports no torch."""

import ctypes
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from engine.errors import InputError

if TYPE_CHECKING:
    import torch

MIB = 2**20


def _find_glibc() -> ctypes.CDLL | None:
    if not sys.platform.startswith("linux"):
        return None
    library = ctypes.CDLL(None)
    return library if hasattr(library, "malloc_trim") and hasattr(library, "mallopt") else None


_glibc = _find_glibc()
_GROUPS = Path("/sys/fs/cgroup")
#: Linux's control groups, version 2 and 1: what may be used, what is, and the part given back.
_LIMITS = (
    ("memory.max", "memory.current", "memory.stat", "inactive_file"),
    (
        "memory/memory.limit_in_bytes",
        "memory/memory.usage_in_bytes",
        "memory/memory.stat",
        "total_inactive_file",
    ),
)
_TRAINING_SHARE = 0.5  # of the memory, for one training: the rest is for pages and the system
_DEVICE_SHARE = 0.9  # of a GPU's
_TRAINING_VARIABLE, _CEILING_VARIABLE = "FOVEA_TRAIN_MIB", "FOVEA_ENGINE_MIB"
#: glibc's mallopt: M_ARENA_MAX, M_MMAP_THRESHOLD (fixed, it would grow), M_TRIM_THRESHOLD.
_FRUGAL = {-8: 4, -3: 4 * MIB, -1: 16 * MIB}


def total_bytes() -> int:
    """Memory of this machine, or of the container that this process is in."""
    return min([psutil.virtual_memory().total, *(limit for limit, _ in _group_limits())])


def free_bytes() -> int:
    """Memory that can still be had without anything being swapped or killed."""
    free = psutil.virtual_memory().available
    return max(0, min([free, *(limit - used for limit, used in _group_limits())]))


def _group_limits() -> list[tuple[int, int]]:
    """(limit, used) of the control group, where it states a limit."""
    found = []
    for limit, used, facts, cache in _LIMITS:
        allowed = _read_number(_GROUPS / limit)
        taken = _read_number(_GROUPS / used)
        if allowed is not None and taken is not None:
            found.append((allowed, taken - _read_fact(_GROUPS / facts, cache)))
    return found


def _read_number(path: Path) -> int | None:
    """The whole number in a file; None where there is no such file, or it says "max"."""
    try:
        return int(path.read_text())
    except (OSError, ValueError):
        return None


def _read_fact(path: Path, name: str) -> int:
    try:
        lines = path.read_text().splitlines()
    except OSError:
        return 0
    values = (line.split() for line in lines)
    return next((int(each[1]) for each in values if each[:1] == [name]), 0)


def training_bytes(device: "torch.device") -> int:
    """What one training may take: ``FOVEA_TRAIN_MIB``, else half the memory, or 9/10 of a GPU's.

    Raises:
        InputError: the variable is not a whole number above zero.
    """
    told = _read_mib(_TRAINING_VARIABLE)
    if told:
        return told
    if device.type == "cuda":
        import torch

        total = torch.cuda.get_device_properties(device).total_memory
        return int(total * _DEVICE_SHARE)
    return int(total_bytes() * _TRAINING_SHARE)


def _read_mib(variable: str) -> int | None:
    """Bytes that a variable states in MiB; None where it is not set."""
    text = os.environ.get(variable, "").strip()
    if not text:
        return None
    if not text.isdecimal() or int(text) < 1:
        raise InputError("limit_not_whole", name=variable, value=text[:20])
    return int(text) * MIB


def ceiling_bytes() -> int:
    """What the engine may take in all: ``FOVEA_ENGINE_MIB``, else 4 GiB, or half of less than 8.

    Raises:
        InputError: the variable is not a whole number above zero.
    """
    return _read_mib(_CEILING_VARIABLE) or min(4 * 1024 * MIB, total_bytes() // 2)


def cache_bytes() -> int:
    """What all caches of the engine may hold together: three eighths of the ceiling.

    Raises:
        InputError: as :func:`ceiling_bytes`.
    """
    return ceiling_bytes() * 3 // 8


def taken_bytes() -> int:
    """What this process takes now, of the machine's memory."""
    return psutil.Process().memory_info().rss


def give_back() -> None:
    """Returns freed memory to the system, where the C library keeps it for itself (glibc)."""
    if _glibc is not None:
        _glibc.malloc_trim(0)


def keep_little() -> None:
    """Has the C library keep less freed memory: few arenas, and large blocks given back at once.

    For the start of a process with many threads (glibc; elsewhere nothing happens).
    """
    if _glibc is not None:
        for option, value in _FRUGAL.items():
            _glibc.mallopt(option, value)

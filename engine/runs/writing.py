"""Files that are whole or not there, and a disk's refusals as sentences."""

import errno
import json
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from io import FileIO
from pathlib import Path
from typing import Any

from engine.errors import InputError

PART = ".part"
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


@contextmanager
def report_disk(folder: Path) -> Iterator[None]:
    """Turns an operating system's refusal to write into a sentence.

    Raises:
        InputError: the disk is full, or the folder cannot be written.
    """
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise InputError("disk_full", 507, folder=folder.name) from error
        reason = error.strerror or type(error).__name__
        raise InputError("folder_unwritable", folder=folder.name, reason=reason) from error


def write_atomically(path: Path, content: bytes) -> None:
    """Writes a file so that a reader, or a crash, meets the old one or the new one, whole.

    Raises:
        InputError: the disk is full or does not let us write.
    """
    with report_disk(path.parent):
        part = path.with_name(f"{path.name}.{uuid.uuid4().hex[:8]}{PART}")
        try:
            with part.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
        _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    """Makes the new name itself last; the folder is what holds it."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def append_whole(file: FileIO, content: bytes) -> None:
    """Hands all of ``content`` to the system: a disk may take a part, and then says why not more.

    Raises:
        OSError: it was refused.
    """
    rest = memoryview(content)
    while rest:
        rest = rest[file.write(rest) :]


def write_json(path: Path, value: Any) -> None:
    """Writes JSON for people to read, atomically."""
    text = json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False)
    write_atomically(path, f"{text}\n".encode())


def read_json(path: Path) -> dict[str, Any] | None:
    """The mapping in a file; None where there is no such file, or it does not hold one."""
    try:
        value = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def sweep_parts(folder: Path) -> None:
    """Removes what a killed process was in the middle of writing."""
    for part in folder.glob(f"*{PART}"):
        part.unlink(missing_ok=True)

"""events.jsonl: what happened in a run, one JSON object a line, written as it happens.

A line that was cut short by a crash, or broken by hand, is passed over; the others count.
"""

import dataclasses
import json
import math
import shutil
from pathlib import Path
from typing import Any

from engine.runs.step_lines import parse_line
from engine.runs.writing import append_whole, report_disk, write_atomically

EVENTS_FILE = "events.jsonl"
_KEPT_COPY = "events.before-resume.jsonl"


class EventLog:
    """Appends to a run's events.jsonl; each line is handed to the system at once.

    Raises:
        InputError: when a line cannot be written.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        with report_disk(folder):
            self._file = (folder / EVENTS_FILE).open("ab", buffering=0)
            if self._file.tell() and not _ends_with_newline(folder / EVENTS_FILE):
                self._file.write(b"\n")  # what a crash cut short must not spoil the next line

    def append(self, event: dict[str, Any]) -> None:
        """Writes one event; numbers that are not finite become null."""
        try:
            text = json.dumps(event, allow_nan=False)
        except ValueError:
            text = json.dumps(_finite(event), allow_nan=False)
        line = f"{text}\n".encode()
        with report_disk(self._folder):
            append_whole(self._file, line)

    def close(self) -> None:
        """Closes the file."""
        self._file.close()


def _ends_with_newline(path: Path) -> bool:
    with path.open("rb") as file:
        file.seek(-1, 2)
        return file.read(1) == b"\n"


def _finite(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, dict):
        return {key: _finite(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(each) for each in value]
    return value


def describe(event: Any) -> dict[str, Any]:
    """A Step or an EpochEnd as a line: its fields, and "event" ("step" or "epoch")."""
    if hasattr(event, "validation"):
        return {"event": "epoch", **dataclasses.asdict(event)}
    fields = {name: value for name, value in vars(event).items() if name != "parts" or value}
    return {"event": "step", **fields}


def read_events(folder: Path, offset: int = 0) -> tuple[list[dict[str, Any]], int]:
    """The events after a place in the file, and the place to go on from.

    Args:
        folder: the run's.
        offset: 0, or what an earlier call returned. If the file is shorter by now (the run was
            taken up from an earlier point), reading begins anew.

    Returns:
        The events, and the offset in bytes after the last whole line.
    """
    try:
        with (folder / EVENTS_FILE).open("rb") as file:
            size = file.seek(0, 2)
            file.seek(offset if offset <= size else 0)
            start = file.tell()
            text = file.read()
    except OSError:  # there is none, or none that can be read
        return [], 0
    whole = text[: text.rfind(b"\n") + 1]
    return [e for e in map(parse_line, whole.splitlines()) if e is not None], start + len(whole)


def cut_after(folder: Path, step: int, epoch: int) -> list[dict[str, Any]]:
    """Drops what will be done again: steps after ``step``, ends of epochs after ``epoch``.

    A file with lines that cannot be read is copied first, so that nothing is lost.

    Returns:
        The events that stay.
    """
    path = folder / EVENTS_FILE
    if not path.is_file():
        return []
    lines = path.read_bytes().splitlines()
    events = [parse_line(line) for line in lines]
    if any(event is None for event in events):
        with report_disk(folder):
            shutil.copyfile(path, folder / _KEPT_COPY)
    kept = [event for event in events if event is not None and _is_before(event, step, epoch)]
    if len(kept) < len(lines):
        text = "".join(f"{json.dumps(event)}\n" for event in kept)
        write_atomically(path, text.encode())
    return kept


def _is_before(event: dict[str, Any], step: int, epoch: int) -> bool:
    if event["event"] == "epoch":
        found, limit = event.get("epoch"), epoch
    else:
        found, limit = event.get("step"), step
    return isinstance(found, int) and found <= limit

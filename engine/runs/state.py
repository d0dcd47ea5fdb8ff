"""Where a run stands, read from its folder alone. Imports no torch.

A process is known by its number and the moment it started: numbers are given again, moments not.
"""

import math
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import psutil
from filelock import FileLock, Timeout

from engine.errors import InputError
from engine.runs.events import EVENTS_FILE
from engine.runs.step_lines import as_number, parse_line
from engine.runs.writing import read_json, report_disk, write_json

WORKER_FILE, QUEUE_FILE, STOP_FILE, END_FILE = "worker.json", "queued.json", "stop", "end.json"
_LOCK_FILE = "worker.lock"
_TAIL_BYTES = 400_000
_SAME_MOMENT_S = 2.0  # a corrected clock moves what is past a little
Status = Literal[
    "new", "queued", "starting", "running", "stopping", "interrupted",
    "finished", "early_stopped", "stopped", "diverged", "failed",
]  # fmt: skip
_ENDS = ("finished", "early_stopped", "stopped", "diverged", "failed")


@dataclass(frozen=True)
class RunState:
    """Where a run stands.

    Attributes:
        status: "new" was never asked for; "queued" waits; "starting" has a worker but no step yet;
            "interrupted" lost its worker without a word; the last five are how it ended.
        step, epoch: of the last event, 0 where there is none.
        sentence: why it failed or diverged, "en" and "ko"; else None.
        queued_at: seconds since 1970, of a queued run; else None.
    """

    status: Status
    step: int
    epoch: int
    sentence: dict[str, str] | None = None
    queued_at: float | None = None


def read_state(folder: Path) -> RunState:
    """Where the run in a folder stands now."""
    step, epoch = _last_place(folder)
    if worker_alive(folder):
        if (folder / STOP_FILE).exists():
            return RunState("stopping", step, epoch)
        worker = read_json(folder / WORKER_FILE) or {}
        status = "running" if worker.get("training") else "starting"
        return RunState(status, step, epoch)
    queued = read_json(folder / QUEUE_FILE)
    if queued is not None:
        return RunState("queued", step, epoch, queued_at=_number(queued.get("time")))
    end = read_json(folder / END_FILE) or {}
    if end.get("reason") in _ENDS:
        sentence = end.get("sentence")
        return RunState(
            end["reason"], step, epoch, sentence if isinstance(sentence, dict) else None
        )
    begun = bool(step) or (folder / WORKER_FILE).exists()
    return RunState("interrupted" if begun else "new", step, epoch)


def _number(value: Any) -> float:
    number = as_number(value)
    return number if math.isfinite(number) else 0.0


def _last_place(folder: Path) -> tuple[int, int]:
    """Step and epoch of the last whole line; only the file's end is read."""
    try:
        with (folder / EVENTS_FILE).open("rb") as file:
            size = file.seek(0, 2)
            file.seek(max(0, size - _TAIL_BYTES))
            lines = file.read().split(b"\n")
    except OSError:  # there is none yet, or what bears its name is no file
        return 0, 0
    for line in reversed(lines):
        event = parse_line(line) or {}
        if isinstance(event.get("step"), int):
            return event["step"], int(_number(event.get("epoch")))
    return 0, 0


def start_moment(pid: int) -> float | None:
    """When a process started, in seconds; None where it does not run (any more).

    On Linux since the machine started, which a clock that is set does not move; elsewhere since
    1970, which those systems write down once.
    """
    try:
        process = psutil.Process(pid)
        if process.status() in (psutil.STATUS_ZOMBIE, psutil.STATUS_DEAD):
            return None
        return _since_boot(pid) if sys.platform == "linux" else process.create_time()
    except (psutil.NoSuchProcess, FileNotFoundError, ProcessLookupError):
        return None


def _since_boot(pid: int) -> float:
    """The 22nd field of /proc/<pid>/stat (proc(5)); the second may hold spaces and brackets."""
    line = Path(f"/proc/{pid}/stat").read_text(errors="replace")
    return int(line.rpartition(")")[2].split()[19]) / os.sysconf("SC_CLK_TCK")


def forget_worker(folder: Path, pid: int) -> None:
    """Takes back that this process trains the run, unless another has taken it over meanwhile."""
    if (read_json(folder / WORKER_FILE) or {}).get("pid") == pid:
        (folder / WORKER_FILE).unlink(missing_ok=True)


def write_worker(folder: Path, pid: int, device: str, training: bool = False) -> None:
    """Says in the folder which process trains the run, and whether it has begun to."""
    moment = start_moment(pid)
    values = {"pid": pid, "started": moment, "device": device, "training": training}
    write_json(folder / WORKER_FILE, values)


def worker_pid(folder: Path) -> int | None:
    """The number of the process that trains the run now; None where none does."""
    worker = read_json(folder / WORKER_FILE) or {}
    pid, started = worker.get("pid"), worker.get("started")
    if not isinstance(pid, int) or pid < 1 or not isinstance(started, int | float):
        return None
    moment = start_moment(pid)
    return pid if moment is not None and abs(moment - started) < _SAME_MOMENT_S else None


def worker_alive(folder: Path) -> bool:
    """Whether a process trains the run now."""
    return worker_pid(folder) is not None


def worker_device(folder: Path) -> str:
    """The device that worker.json names, "" where it names none."""
    device = (read_json(folder / WORKER_FILE) or {}).get("device")
    return device if isinstance(device, str) else ""


@contextmanager
def hold_run(folder: Path) -> Iterator[None]:
    """Only one process at a time is inside, for one run; the system lets go when it dies.

    Raises:
        InputError: another process trains the run, or the folder cannot be written.
    """
    lock = FileLock(folder / _LOCK_FILE, timeout=0)
    with report_disk(folder):
        try:
            lock.acquire()
        except Timeout:
            raise InputError("run_busy", 409, name=folder.name) from None
    try:
        yield
    finally:
        lock.release()


def ask_to_stop(folder: Path) -> None:
    """Asks whoever trains the run to stop after the step it is at; takes it out of the queue."""
    with report_disk(folder):
        (folder / QUEUE_FILE).unlink(missing_ok=True)
        if worker_alive(folder):
            (folder / STOP_FILE).touch()


def write_end(folder: Path, reason: str, error: InputError | None = None) -> None:
    """Says in the folder how a run ended, and in words if it did so because of ``error``."""
    sentence = {lang: error.sentence(lang) for lang in ("en", "ko")} if error else None
    write_json(folder / END_FILE, {"reason": reason, "time": time.time(), "sentence": sentence})

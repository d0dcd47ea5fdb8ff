"""Trains from the command line: ``python -m engine.train RUN``, or ``--new`` to make a run first.

RUN is a run's name or the path of its folder; a run that was stopped goes on from there. With
``--warm`` the process prepares itself and waits on its standard input for the paths of runs.
"""

import argparse
import dataclasses
import os
import signal
import sys
import traceback
from pathlib import Path
from typing import Any

from engine.errors import InputError
from engine.runs import state
from engine.runs.folder import Run, create_run, find_run, read_run
from engine.train import settings as known

_NICENESS = 10
_GROUPS = {
    "data": known.DataSettings,
    "net": known.NetSettings,
    "train": known.TrainSettings,
    "detector": known.DetectorSettings,
    "segmenter": known.SegmenterSettings,
}
LOG_FILE = "worker.log"


def make_parser() -> argparse.ArgumentParser:
    """All options; those of the settings come from the settings' own fields."""
    parser = argparse.ArgumentParser(
        prog="python -m engine.train", description=__doc__, allow_abbrev=False
    )
    parser.add_argument("run", nargs="?", help="name or folder of a run")
    parser.add_argument("--new", action="store_true", help="make a run, then train it")
    parser.add_argument("--warm", action="store_true", help="wait on standard input for runs")
    parser.add_argument("--only-make", action="store_true", help="with --new: do not train it yet")
    parser.add_argument("--seed", type=int, help="seed of everything random")
    for group, kind in _GROUPS.items():
        section = parser.add_argument_group(group)
        for field in dataclasses.fields(kind):
            option = group if field.name == "name" else field.name
            _add_option(section, f"--{option.replace('_', '-')}", f"{group}.{field.name}", field)
    return parser


def _add_option(section: Any, option: str, place: str, field: dataclasses.Field) -> None:
    accepts = field.metadata
    details: dict[str, Any] = {"dest": place, "default": argparse.SUPPRESS}
    words = accepts["words"].replace("%", "%%")
    if "low" in accepts:
        details |= {"type": type(field.default), "metavar": "N"}
        words += f" ({accepts['low']} to {accepts['high']})"
    elif "several" in accepts:
        details |= {"nargs": "*", "metavar": "NAME"}
        words += f" ({', '.join(accepts['several'])})"
    elif "switch" in accepts:
        details |= {"action": argparse.BooleanOptionalAction}
    else:
        details |= {"metavar": "NAME"}
        words += f" ({', '.join(accepts['choices'])})" if "choices" in accepts else ""
    section.add_argument(option, help=words, **details)


def read_settings(asked: argparse.Namespace) -> known.RunSettings:
    """The settings that the options name; the others take their defaults.

    Raises:
        InputError: a value that is not accepted.
    """
    groups: dict[str, dict[str, Any]] = {group: {} for group in _GROUPS}
    for place, value in vars(asked).items():
        group, _, name = place.partition(".")
        if name:
            groups[group][name] = value
    seed = {} if asked.seed is None else {"seed": asked.seed}
    return known.settings_from_dict({**groups, **seed})


def main(arguments: list[str] | None = None) -> int:
    """Returns 0, or 1 after a sentence that says what was wrong."""
    parser = make_parser()
    asked = parser.parse_args(arguments)
    if asked.warm:
        return _serve()
    if bool(asked.run) == asked.new:
        parser.error("name a run, or --new with the settings of one")
    try:
        if asked.new:
            run = create_run(read_settings(asked))
        else:
            run = read_run(Path(asked.run)) if os.sep in asked.run else find_run(asked.run)
        print(run.folder)
        if not asked.only_make:
            print(_train(run))
    except InputError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _train(run: Run) -> str:
    """Trains a run until it ends, or until this process is asked to (SIGTERM, SIGINT)."""
    from engine.device import choose_device
    from engine.runs.recording import record

    asked: list[int] = []
    before = {
        each: signal.signal(each, lambda number, frame: asked.append(number))
        for each in (signal.SIGTERM, signal.SIGINT)
    }
    try:
        return record(run.folder, choose_device(), should_stop=lambda: bool(asked))
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def _serve() -> int:
    """Imports what training needs, then trains each run whose path comes on standard input.

    A fault of ours ends the process: the next run gets a fresh one.
    """
    import psutil

    import engine.runs.recording  # noqa: F401 - slow to import: done before it is needed

    process = psutil.Process()
    process.nice(psutil.BELOW_NORMAL_PRIORITY_CLASS if os.name == "nt" else _NICENESS)
    for line in iter(sys.stdin.readline, ""):
        if not _train_folder(Path(line.strip())):
            return 1
    return 0


def _train_folder(folder: Path) -> bool:
    """Trains a run, its words going to a file beside it; returns whether it may train more."""
    try:
        log = os.open(folder / LOG_FILE, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        os.dup2(log, 1)
        os.dup2(log, 2)
        os.close(log)
        print(_train(read_run(folder)), flush=True)
    except InputError as error:
        print(error, flush=True)
        _say_failed(folder, error)
    except Exception:  # a fault of ours: told in the folder, with the traceback beside it
        os.close(0)  # no other run is handed to a process that is about to end
        traceback.print_exc()
        _say_failed(folder, InputError("worker_fault", 500, log=LOG_FILE))
        return False
    finally:
        # A run that was refused before it began would else be taken for one that is starting.
        state.forget_worker(folder, os.getpid())
    return True


def _say_failed(folder: Path, error: InputError) -> None:
    """Says in the folder why the run failed, unless that has been said, or cannot be."""
    if (folder / state.END_FILE).exists():
        return
    try:
        state.write_end(folder, "failed", error)
    except InputError as refusal:
        print(refusal, flush=True)


if __name__ == "__main__":
    sys.exit(main())

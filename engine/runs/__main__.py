"""Runs from the command line: ``python -m engine.runs list``, ``show RUN``, ``export RUN``."""

import argparse
import json
import os
import sys
from pathlib import Path

from engine.errors import InputError
from engine.runs.events import read_events
from engine.runs.folder import Run, find_run, folder_bytes, list_folders, read_run
from engine.runs.state import read_state


def make_parser() -> argparse.ArgumentParser:
    """The three commands."""
    parser = argparse.ArgumentParser(prog="python -m engine.runs", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("list", help="every run and where it stands")
    show = commands.add_parser("show", help="settings and epochs of a run")
    export = commands.add_parser("export", help="write a run's network for elsewhere")
    for command in (show, export):
        command.add_argument("run", help="the run's name or folder")
    export.add_argument("--epoch", type=int, help="epochs done (the last checkpoint)")
    export.add_argument("--format", choices=("onnx", "torch"), default="onnx")
    return parser


def main(arguments: list[str] | None = None) -> int:
    """Returns 0, or 1 after a sentence that says what was wrong."""
    asked = make_parser().parse_args(arguments)
    try:
        if asked.command == "list":
            for folder in list_folders():
                print(describe_folder(folder))
        elif asked.command == "show":
            print(describe_run(_find(asked.run).folder))
        else:
            print(_export(_find(asked.run).folder, asked.format, asked.epoch))
    except InputError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _find(run: str) -> Run:
    """A run by its name, or by its folder's path."""
    return read_run(Path(run)) if os.sep in run else find_run(run)


def describe_folder(folder: Path) -> str:
    """One line: name, where it stands, epochs, last validation accuracy, size; or what is wrong."""
    try:
        run = read_run(folder)
    except InputError as error:
        return f"{folder.name}  {error}"
    found = read_state(folder)
    ends = [event for event in read_events(folder)[0] if event["event"] == "epoch"]
    accuracy = f"{_accuracy(ends[-1]):.1%}" if ends else "–"
    mib = folder_bytes(folder) / 2**20
    epochs = f"{found.epoch}/{run.settings.train.epochs} epochs"
    return f"{run.name}  {found.status}  {epochs}  {accuracy}  {mib:.1f} MiB"


def _accuracy(end: dict) -> float:
    validation = end.get("validation")
    value = validation.get("accuracy") if isinstance(validation, dict) else None
    return float(value) if isinstance(value, int | float) else float("nan")


def describe_run(folder: Path) -> str:
    """The line of :func:`describe_folder`, the settings, and one line an epoch."""
    from engine.runs.checkpoints import list_checkpoints  # imports torch, which "list" need not

    run = read_run(folder)
    lines = [describe_folder(folder), json.dumps(run.settings.to_dict(), indent=2)]
    lines.append(f"checkpoints: {len(list_checkpoints(folder))}")
    for event in read_events(folder)[0]:
        if event["event"] == "epoch":
            epoch, loss = event.get("epoch"), event.get("loss")
            lines.append(f"epoch {epoch}: loss {loss}, validation accuracy {_accuracy(event):.4f}")
    return "\n".join(lines)


def _export(folder: Path, kind: str, epoch: int | None) -> Path:
    from engine.runs.exporting import export_onnx, export_program

    return export_onnx(folder, epoch) if kind == "onnx" else export_program(folder, epoch)


if __name__ == "__main__":
    sys.exit(main())

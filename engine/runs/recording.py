"""A run trained from its folder into its folder: what a worker process does."""

import math
import os
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import torch

from engine.errors import InputError
from engine.runs import state
from engine.runs.checkpoints import FOLDER as CHECKPOINTS
from engine.runs.checkpoints import load_checkpoint, load_latest, saving
from engine.runs.events import EventLog, cut_after, describe
from engine.runs.folder import Run, read_run
from engine.runs.limits import check_disk, read_limits
from engine.runs.own_data import load_for_run
from engine.runs.tensorboard import TensorBoardLog
from engine.runs.writing import report_disk, sweep_parts
from engine.train.learning_data import LearningData
from engine.train.loop import Step, Training, train
from engine.train.snapshot import capture, restore

START_FILE = "start.safetensors"  # of a fork: where it begins
DISK_EVERY_S = 30.0  # between two looks at how much all runs take
_RESERVE_FILE = "reserve"
_RESERVE_BYTES = 4096  # given back when the disk is full, so that the reason can be written


def record(
    folder: Path,
    device: torch.device,
    should_stop: Callable[[], bool] = lambda: False,
) -> str:
    """Trains the run in a folder until it ends, from its last checkpoint on.

    Args:
        folder: the run's.
        device: where to compute.
        should_stop: asked after each step, besides the folder's stop file.

    Returns:
        How it ended: "finished", "early_stopped" or "stopped".

    Raises:
        InputError: it could not be trained; the folder says so too, where it can be written.
    """
    run = read_run(folder)
    with state.hold_run(folder):
        try:
            _prepare(folder)
            training = _take_up(run, load_for_run(folder, run.settings), device)
            reason = _train_into(folder, training, should_stop, _room(run))
            state.write_end(folder, reason)
        except InputError as error:
            _record_failure(folder, error)
            raise
        finally:
            (folder / state.WORKER_FILE).unlink(missing_ok=True)
        return reason


def _prepare(folder: Path) -> None:
    with report_disk(folder):
        for name in (state.STOP_FILE, state.END_FILE, state.QUEUE_FILE):
            (folder / name).unlink(missing_ok=True)
        (folder / CHECKPOINTS).mkdir(exist_ok=True)
        sweep_parts(folder)
        sweep_parts(folder / CHECKPOINTS)
        (folder / _RESERVE_FILE).write_bytes(bytes(_RESERVE_BYTES))
    state.write_worker(folder, os.getpid(), wanted_device())


def wanted_device() -> str:
    """What this process was told to compute on, as in worker.json; "" for the best there is."""
    return os.environ.get("FOVEA_DEVICE", "").strip()


def _record_failure(folder: Path, error: InputError) -> None:
    """Writes the reason; where even that is refused, whoever called has the error itself."""
    reason = "diverged" if error.key == "run_diverged" else "failed"
    try:
        (folder / _RESERVE_FILE).unlink(missing_ok=True)
        state.write_end(folder, reason, error)
    except (InputError, OSError) as refusal:
        error.add_note(f"The folder could not be told: {refusal}")


def _take_up(run: Run, data: LearningData, device: torch.device) -> Training:
    """The run's training where its last checkpoint left it, or at its start."""
    snapshot = load_latest(run.folder)
    if snapshot is None and (run.folder / START_FILE).exists():
        snapshot = load_checkpoint(run.folder / START_FILE)
    training = Training(run.settings, data, device, pretrained=snapshot is None)
    if snapshot is not None:
        restore(training, snapshot)
    return training


def _room(run: Run) -> Callable[[], None]:
    """Refuses, asked after an epoch, once the runs of a shared server have filled their share.

    A run that somebody made on the command line is held by no limit.
    """
    if run.owner is None and run.visitor is None:
        return lambda: None
    limits, next_look = read_limits(), time.monotonic() + DISK_EVERY_S

    def look() -> None:
        nonlocal next_look
        if time.monotonic() >= next_look:
            check_disk(run.folder.parent, limits)
            next_look = time.monotonic() + DISK_EVERY_S

    return look


def _train_into(
    folder: Path,
    training: Training,
    should_stop: Callable[[], bool],
    check_room: Callable[[], None],
) -> str:
    at = training.position
    with _logs(folder, training) as write, saving(folder) as save:
        if not at.step:
            save(capture(training))
        state.write_worker(folder, os.getpid(), wanted_device(), training=True)
        for event in train(training):
            write({**describe(event), "time": time.time()})
            if not isinstance(event, Step):
                save(capture(training))
                check_room()
            elif not math.isfinite(event.loss):
                raise InputError("run_diverged", step=event.step, rate=f"{event.lr:.3g}")
            current = event.step == at.step  # later ones have been read, but not yet written
            if current and (should_stop() or (folder / state.STOP_FILE).exists()):
                if isinstance(event, Step):
                    save(capture(training))
                break
    if training.finished:
        return "early_stopped" if training.stopped_early else "finished"
    return "stopped"


def _beginning(training: Training) -> dict[str, Any]:
    """The first event: what is about to be learnt from."""
    return {
        "event": "begin",
        "step": 0,
        "steps_per_epoch": training.steps_per_epoch,
        "train_images": len(training.data.train_targets),
        "validation_images": len(training.data.validation_targets),
        "params": sum(each.numel() for each in training.net.parameters()),
    }


@contextmanager
def _logs(folder: Path, training: Training) -> Iterator[Callable[[dict], None]]:
    """Both logs, cut back to where the training stands; gives what writes an event to both."""
    events = cut_after(folder, training.position.step, training.position.epoch)
    try:
        with closing(EventLog(folder)) as log, closing(TensorBoardLog(folder, events)) as board:

            def write(event: dict) -> None:
                log.append(event)
                board.append(event)

            if not any(event["event"] == "begin" for event in events):
                write(_beginning(training))
            yield write
    finally:
        (folder / _RESERVE_FILE).unlink(missing_ok=True)

"""Checkpoints: one safetensors file each, whole or not there.

Tensors are the network's and the optimiser's; everything else is JSON in the file's own metadata,
so that one rename makes the checkpoint. Files can hold numbers, not code.
"""

import json
import re
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from safetensors import SafetensorError, safe_open
from safetensors.torch import save

from engine.errors import InputError
from engine.runs.writing import write_atomically
from engine.train.snapshot import Snapshot, read_position

FOLDER = "checkpoints"
_NAME = re.compile(r"epoch-(\d{4,})-step-(\d{6,})\.safetensors")
_FACTS = "fovea"
_WANTED = ("position", "settings", "classes", "input_shape", "mean", "std")


@dataclass(frozen=True)
class Checkpoint:
    """A checkpoint's file, and how many epochs and updates had been done."""

    path: Path
    epoch: int
    step: int


def save_checkpoint(folder: Path, snapshot: Snapshot) -> Checkpoint:
    """Writes a snapshot to the run's checkpoints.

    Raises:
        InputError: the disk is full or refuses; no earlier checkpoint is touched.
    """
    position = snapshot.facts["position"]
    epoch, step = position["epoch"], position["step"]
    path = folder / FOLDER / f"epoch-{epoch:04d}-step-{step:06d}.safetensors"
    facts = json.dumps(snapshot.facts)
    write_atomically(path, save(snapshot.tensors, metadata={_FACTS: facts}))
    return Checkpoint(path, epoch, step)


@contextmanager
def saving(folder: Path) -> Iterator[Callable[[Snapshot], None]]:
    """Gives what writes checkpoints beside the training: waiting for a disk is no work.

    One is written at a time, and all of them are when the block is left.

    Raises:
        InputError: a checkpoint could not be written; raised at the next one, or at the end.
    """
    waiting: Future[Checkpoint] | None = None
    with ThreadPoolExecutor(1, "checkpoints") as writer:

        def save_beside(snapshot: Snapshot) -> None:
            nonlocal waiting
            if waiting is not None:
                waiting.result()
            waiting = writer.submit(save_checkpoint, folder, snapshot)

        yield save_beside
        if waiting is not None:
            waiting.result()


def list_checkpoints(folder: Path) -> list[Checkpoint]:
    """The run's checkpoints, by updates done."""
    found = []
    for path in (folder / FOLDER).glob("*.safetensors"):
        match = _NAME.fullmatch(path.name)
        if match:
            found.append(Checkpoint(path, int(match[1]), int(match[2])))
    return sorted(found, key=lambda each: (each.step, each.epoch))


def find_checkpoint(folder: Path, epoch: int | None = None) -> Checkpoint:
    """The last checkpoint, or the last with ``epoch`` epochs done.

    Raises:
        InputError: there is none.
    """
    every = list_checkpoints(folder)
    fitting = [each for each in every if epoch is None or each.epoch == epoch]
    if not fitting:
        there = ", ".join(str(each) for each in sorted({each.epoch for each in every})) or "–"
        shown = "–" if epoch is None else epoch
        raise InputError("checkpoint_missing", 404, name=folder.name, epoch=shown, there=there)
    return fitting[-1]


def load_checkpoint(path: Path) -> Snapshot:
    """The snapshot in a file.

    Raises:
        InputError: the file is missing, cut short, or not a checkpoint of ours.
    """
    try:
        with safe_open(path, framework="pt") as file:
            facts = json.loads((file.metadata() or {})[_FACTS])
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    except (OSError, SafetensorError, KeyError, ValueError, RecursionError):
        raise InputError("checkpoint_damaged", name=path.name) from None
    if not isinstance(facts, dict) or any(name not in facts for name in _WANTED):
        raise InputError("checkpoint_damaged", name=path.name)
    read_position(facts)
    return Snapshot(tensors, facts)


def load_latest(folder: Path) -> Snapshot | None:
    """The last checkpoint that can be read; None where there is none."""
    for checkpoint in reversed(list_checkpoints(folder)):
        try:
            return load_checkpoint(checkpoint.path)
        except InputError:
            continue  # damaged: the one before it loses no more than an epoch
    return None

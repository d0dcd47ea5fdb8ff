"""A learner's own pictures, kept inside the run: copying the folder copies them too."""

from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor

import engine.runs.subjects  # noqa: F401  a run may be of any subject
from engine.data.data_set import DataSet
from engine.errors import InputError
from engine.runs.ownership import OWN_DATA
from engine.runs.writing import write_atomically
from engine.train.feeding import load_learning_data, load_test_data
from engine.train.learning_data import LearningData
from engine.train.settings import RunSettings
from engine.train.tasks import subject_of

DATA_FILE = "data.safetensors"


def store_data_set(folder: Path, data: DataSet) -> None:
    """Writes a data set into a run's folder, as that run's own.

    Raises:
        InputError: the disk is full or refuses.
    """
    tensors = {"images": data.images.cpu().contiguous(), "targets": data.targets.cpu()}
    marks = {"parts": data.parts, "originals": data.originals}
    tensors |= {name: each.cpu() for name, each in marks.items() if each is not None}
    words = {"classes": "\n".join(data.classes), "origin": data.origin}
    write_atomically(folder / DATA_FILE, save(tensors, metadata=words))


def read_data_set(folder: Path) -> DataSet:
    """The data set in a run's folder.

    Raises:
        InputError: there is none, or it is damaged.
    """
    path = folder / DATA_FILE
    try:
        with safe_open(path, framework="pt") as file:
            words = file.metadata() or {}
            images, targets = file.get_tensor("images"), file.get_tensor("targets")
            there = set(file.keys())
            parts, originals = (
                file.get_tensor(name) if name in there else None for name in ("parts", "originals")
            )
        return DataSet(
            name=OWN_DATA,
            images=images,
            targets=targets.to(torch.int64),
            classes=tuple(words["classes"].split("\n")),
            origin=words.get("origin", ""),
            parts=parts,
            originals=originals,
        )
    except (OSError, SafetensorError, KeyError, ValueError):
        raise InputError("run_data_damaged", name=folder.name) from None


def load_for_run(folder: Path, settings: RunSettings) -> LearningData:
    """The pictures that a run learns from: its own, or the data set that its settings name.

    Raises:
        InputError: they cannot be had.
    """
    return load_learning_data(settings, _own(folder, settings))


def load_test_pictures(folder: Path, settings: RunSettings) -> tuple[Tensor, Tensor]:
    """The pictures that a run keeps for the test at its end: of other networks than classifiers
    none. As :func:`engine.train.feeding.load_test_data`.

    Raises:
        InputError: they cannot be had.
    """
    if subject_of(settings.net.name) is not None:
        return torch.zeros((0, 1, 1, 1), dtype=torch.uint8), torch.zeros(0, dtype=torch.int64)
    return load_test_data(settings, _own(folder, settings))


def _own(folder: Path, settings: RunSettings) -> DataSet | None:
    return read_data_set(folder) if settings.data.name == OWN_DATA else None

"""A learner's own pictures, kept inside the run: copying the folder copies them too."""

from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save

import engine.runs.subjects  # noqa: F401  a run may be of any subject
from engine.data.data_set import DataSet
from engine.errors import InputError
from engine.runs.ownership import OWN_DATA
from engine.runs.writing import write_atomically
from engine.train.feeding import load_learning_data
from engine.train.learning_data import LearningData
from engine.train.settings import RunSettings

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
    own = read_data_set(folder) if settings.data.name == OWN_DATA else None
    return load_learning_data(settings, own)

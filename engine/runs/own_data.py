"""A learner's own pictures, kept inside the run: copying the folder copies them too."""

from collections.abc import Mapping
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor

import engine.runs.subjects  # noqa: F401  a run may be of any subject
from engine.data.data_set import DataSet
from engine.data.labelled_pictures import LabelledPictures
from engine.errors import InputError
from engine.runs.ownership import OWN_DATA
from engine.runs.writing import write_atomically
from engine.train.feeding import load_learning_data, load_test_data
from engine.train.learning_data import LearningData
from engine.train.settings import RunSettings
from engine.train.tasks import OwnData, subject_of
from engine.trainable.net_settings import DETECTORS

DATA_FILE = "data.safetensors"


def store_data_set(folder: Path, data: DataSet | LabelledPictures) -> None:
    """Writes a data set, or labelled photos, into a run's folder, as that run's own.

    Raises:
        InputError: the disk is full or refuses.
    """
    words = {"classes": "\n".join(data.classes)}
    if isinstance(data, LabelledPictures):
        tensors = {"images": data.images, "truths": data.truths}
        tensors |= {"frames": data.frames, "held_out": data.held_out}
    else:
        tensors = {"images": data.images, "targets": data.targets}
        marks = {"parts": data.parts, "originals": data.originals}
        tensors |= {name: each for name, each in marks.items() if each is not None}
        words["origin"] = data.origin
    plain = {name: each.cpu().contiguous() for name, each in tensors.items()}
    write_atomically(folder / DATA_FILE, save(plain, metadata=words))


def read_data_set(folder: Path) -> DataSet:
    """The data set in a run's folder.

    Raises:
        InputError: there is none, or it is damaged.
    """
    try:
        tensors, words = _read(folder)
        return DataSet(
            name=OWN_DATA,
            images=tensors["images"],
            targets=tensors["targets"].to(torch.int64),
            classes=tuple(words["classes"].split("\n")),
            origin=words.get("origin", ""),
            parts=tensors.get("parts"),
            originals=tensors.get("originals"),
        )
    except (KeyError, ValueError):
        raise InputError("run_data_damaged", name=folder.name) from None


def read_labelled(folder: Path) -> LabelledPictures:
    """The labelled photos in a run's folder.

    Raises:
        InputError: there are none, or they are damaged.
    """
    try:
        tensors, words = _read(folder)
        parts = (tensors[name] for name in ("images", "truths", "frames", "held_out"))
        return LabelledPictures(*parts, classes=tuple(words["classes"].split("\n")))
    except (KeyError, ValueError):
        raise InputError("run_data_damaged", name=folder.name) from None


def _read(folder: Path) -> tuple[dict[str, Tensor], Mapping[str, str]]:
    try:
        with safe_open(folder / DATA_FILE, framework="pt") as file:
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
            return tensors, file.metadata() or {}
    except (OSError, SafetensorError):
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
    data = read_data_set(folder) if settings.data.name == OWN_DATA else None
    return load_test_data(settings, data)


def _own(folder: Path, settings: RunSettings) -> OwnData:
    if settings.data.name != OWN_DATA:
        return None
    has_boxes = settings.net.name in DETECTORS
    return read_labelled(folder) if has_boxes else read_data_set(folder)

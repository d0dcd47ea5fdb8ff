"""A learner's own pictures: a zip or a folder with one folder for each class, made a data set.

What is wrong with the whole raises one sentence; what is wrong with single files is reported, and
the others are kept. Every picture is decoded by :mod:`engine.pictures`, which fears nothing.
"""

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

import numpy as np
import torch
from PIL import Image

from engine.data.data_set import DataSet
from engine.data.own_files import (
    Limits,
    OwnFile,
    OwnFiles,
    TooMuchError,
    is_system_file,
    show_name,
)
from engine.data.progress import Progress
from engine.errors import InputError
from engine.pictures.decode import decode

Fit = Literal["crop", "squash"]

MIN_CLASSES, MAX_CLASSES = 2, 100
MIN_PER_CLASS = 2  # one to learn from, one to be judged by
MIN_SIDE_PX, MAX_SIDE_PX = 8, 256
MAX_SET_BYTES = 1_500_000_000
NAMED_REFUSALS = 20


@dataclass(frozen=True, eq=False)
class Refused:
    """A file that was left out: its path, fit to be shown, and why."""

    path: str
    reason: InputError


@dataclass(frozen=True, eq=False)
class Report:
    """What became of the files.

    Attributes:
        kept: (class, pictures), in the order of the data set's classes.
        refused_count: files that were left out.
        refused: the first ``NAMED_REFUSALS`` of them.
        left_out: (class, pictures) of folders with fewer than ``MIN_PER_CLASS`` pictures.
        smallest: (H, W) of the kept picture with the fewest pixels, before resizing.
        largest: (H, W) of the one with the most.
        fit: "crop" (the middle square, or the wanted shape) or "squash" (sides scaled apart).
    """

    kept: tuple[tuple[str, int], ...]
    refused_count: int
    refused: tuple[Refused, ...]
    left_out: tuple[tuple[str, int], ...]
    smallest: tuple[int, int]
    largest: tuple[int, int]
    fit: Fit


@dataclass(frozen=True, eq=False)
class OwnPictures:
    """The data set, uint8 (N, H, W, 3), and what became of the files."""

    data: DataSet
    report: Report


def read_own_pictures(
    source: Path | bytes,
    size: tuple[int, int] = (32, 32),
    fit: Fit = "crop",
    limits: Limits | None = None,
) -> OwnPictures:
    """Reads a zip or a folder; see :func:`reading_own_pictures`, which also tells how far it is."""
    steps = reading_own_pictures(source, size, fit, limits)
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value


def reading_own_pictures(
    source: Path | bytes,
    size: tuple[int, int] = (32, 32),
    fit: Fit = "crop",
    limits: Limits | None = None,
) -> Generator[Progress, None, OwnPictures]:
    """Reads a zip or a folder, one folder for each class; stop asking, and it stops.

    Folders around all others are looked through; folders inside a class belong to it.

    Args:
        source: a folder, a zip's path, or a zip's bytes.
        size: (H, W) of the pictures in the data set, each ``MIN_SIDE_PX`` to ``MAX_SIDE_PX``.
        fit: "crop" cuts the largest middle part of the wanted shape out; "squash" keeps all.
        limits: by default ``Limits()``.

    Yields:
        Files looked at, after each.

    Raises:
        InputError: not a zip, a zip bomb, too many files or classes, or fewer than two classes with
            pictures that can be read.
    """
    _check_settings(size, fit)
    with OwnFiles(source, limits or Limits()) as opened:
        files = [each for each in opened.files if each.parts and not is_system_file(each.parts)]
        depth = _find_class_depth(files)
        taken = _Taken(len(files), size, fit)
        for done, file in enumerate(files):
            taken.take(file, depth)
            yield Progress(done + 1, len(files))
    return taken.finish()


def fit_picture(pixels: np.ndarray, size: tuple[int, int], fit: Fit) -> np.ndarray:
    """uint8 (h, w, 3) to uint8 (H, W, 3), smoothed on the way down (Lanczos).

    Args:
        size: (H, W).
        fit: "crop" or "squash".
    """
    height, width = pixels.shape[:2]
    part_height, part_width = float(height), float(width)
    if fit == "crop":
        scale = min(height / size[0], width / size[1])
        part_height, part_width = size[0] * scale, size[1] * scale
    left, top = (width - part_width) / 2, (height - part_height) / 2
    box = (left, top, min(width, left + part_width), min(height, top + part_height))
    wanted = (size[1], size[0])
    return np.asarray(Image.fromarray(pixels).resize(wanted, Image.Resampling.LANCZOS, box))


def _check_settings(size: tuple[int, int], fit: str) -> None:
    for name, side in zip(("H", "W"), size, strict=True):
        if not MIN_SIDE_PX <= side <= MAX_SIDE_PX:
            raise InputError(
                "value_out_of_range", name=name, low=MIN_SIDE_PX, high=MAX_SIDE_PX, value=side
            )
    if fit not in get_args(Fit):
        choices = ", ".join(get_args(Fit))
        raise InputError("value_not_a_choice", name="fit", choices=choices, value=str(fit)[:80])


def _find_class_depth(files: list[OwnFile]) -> int:
    """Which part of a path names the class: 0, or more where one folder lies around them all."""
    paths = [file.parts for file in files if not file.refusal and len(file.parts) > 1]
    depth = 0
    while len({path[depth] for path in paths}) == 1 and any(len(p) > depth + 2 for p in paths):
        depth += 1
        paths = [path for path in paths if len(path) > depth + 1]
    return depth


class _Taken:
    """The pictures taken so far, and the files that were not."""

    def __init__(self, most: int, size: tuple[int, int], fit: Fit) -> None:
        self._size = size
        self._fit: Fit = fit
        height, width = size
        if most * height * width * 3 > MAX_SET_BYTES:
            limit = MAX_SET_BYTES // (height * width * 3)
            raise TooMuchError(
                "own_set_too_big", count=most, height=height, width=width, limit=limit
            )
        self._images = np.empty((most, height, width, 3), np.uint8)
        self._names: list[str] = []
        self._sizes: list[tuple[int, int]] = []
        self._refusals: list[Refused] = []
        self._refused_count = 0
        self._seen: dict[str, int] = defaultdict(int)

    def take(self, file: OwnFile, depth: int) -> None:
        """Decodes a file, or notes why not; what refuses the whole passes through."""
        name = (
            unicodedata.normalize("NFC", file.parts[depth]) if len(file.parts) > depth + 1 else ""
        )
        try:
            if file.refusal:
                raise file.refusal
            if not name:
                raise InputError("own_file_no_class")
            self._note_class(name)
            decoded = decode(file.read())
        except TooMuchError:
            raise
        except InputError as reason:
            self._refused_count += 1
            if len(self._refusals) < NAMED_REFUSALS:
                self._refusals.append(Refused(show_name("/".join(file.parts), 80), reason))
            return
        self._images[len(self._names)] = fit_picture(decoded.pixels, self._size, self._fit)
        self._names.append(name)
        self._sizes.append(decoded.original_size)
        self._seen[name] += 1

    def _note_class(self, name: str) -> None:
        self._seen[name] += 0
        if len(self._seen) > MAX_CLASSES:
            raise TooMuchError("own_too_many_classes", limit=MAX_CLASSES)

    def finish(self) -> OwnPictures:
        """The data set of all classes that have enough pictures."""
        counts = Counter(self._names)
        classes = sorted(name for name in counts if counts[name] >= MIN_PER_CLASS)
        if len(classes) < MIN_CLASSES:
            raise self._too_few_classes(classes)
        number = {name: index for index, name in enumerate(classes)}
        chosen = [row for row, name in enumerate(self._names) if name in number]
        all_kept = len(chosen) == len(self._images)
        images = self._images if all_kept else self._images[chosen]
        sizes = [self._sizes[row] for row in chosen]
        data = DataSet(
            name="own",
            images=torch.from_numpy(images),
            targets=torch.tensor([number[self._names[row]] for row in chosen]),
            classes=tuple(show_name(name) for name in classes),
            origin="own pictures",
        )
        left_out = sorted(name for name in self._seen if name not in number)
        report = Report(
            kept=tuple((show_name(name), counts[name]) for name in classes),
            refused_count=self._refused_count,
            refused=tuple(self._refusals),
            left_out=tuple((show_name(name), counts[name]) for name in left_out),
            smallest=min(sizes, key=lambda each: each[0] * each[1]),
            largest=max(sizes, key=lambda each: each[0] * each[1]),
            fit=self._fit,
        )
        return OwnPictures(data, report)

    def _too_few_classes(self, classes: list[str]) -> InputError:
        least, refused = MIN_PER_CLASS, self._refused_count
        if classes:
            name = show_name(classes[0])
            return InputError("own_one_class", name=name, least=least, refused=refused)
        if self._refusals:
            return NoneAcceptedError(self._refusals[0], least=least, refused=refused)
        return InputError("own_no_pictures", least=least)


class NoneAcceptedError(InputError):
    """No class was left; the sentence ends with the first refused file's own reason."""

    def __init__(self, first: Refused, least: int, refused: int) -> None:
        self._first = first
        super().__init__("own_all_refused", path=first.path, least=least, refused=refused)

    def sentence(self, lang: str) -> str:
        """The sentence in ``lang``, then the first file's reason in ``lang``."""
        return f"{super().sentence(lang)} {self._first.reason.sentence(lang)}"

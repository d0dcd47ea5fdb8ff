"""A learner's own pictures: a zip or a folder with one folder for each class, made a data set.

What is wrong with the whole raises one sentence; what is wrong with single files is reported, and
the others are kept. Every picture is decoded by :mod:`engine.pictures`, which fears nothing.
"""

from collections import Counter
from collections.abc import Generator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import get_args

from engine.data.class_folders import find_class_folders, tool_name
from engine.data.data_set import DataSet
from engine.data.own_files import Limits, OwnFiles
from engine.data.own_report import Fit, Report, list_tools, note_tools
from engine.data.pixel_budget import PixelBudget
from engine.data.progress import Progress
from engine.data.taken_pictures import TakenPictures
from engine.errors import InputError

MIN_SIDE_PX, MAX_SIDE_PX = 8, 256


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

    Folders around all others are looked through; folders inside a class belong to it. An archive
    that divides itself into training, validation and test pictures keeps its division. What tools
    left behind is passed over, and copies, byte for byte, are marked.

    Bytes and pixels are bounded by ``limits`` before a picture is decoded; a thousand million
    pixels take some ten seconds. Each picture waits its turn with other people's.

    Args:
        source: a folder, a zip's path, or a zip's bytes.
        size: (H, W) of the pictures in the data set, each ``MIN_SIDE_PX`` to ``MAX_SIDE_PX``.
        fit: "crop" cuts the largest middle part of the wanted shape out; "squash" keeps all.
        limits: by default ``Limits()``.

    Yields:
        Files looked at, after each.

    Raises:
        InputError: not a zip, a zip bomb, too many files, pixels or classes, or fewer than two
            classes with pictures that can be read.
    """
    _check_settings(size, fit)
    with OwnFiles(source, limits or Limits()) as opened:
        files = [each for each in opened.files if tool_name(each.parts) is None]
        ignored = Counter(name for each in opened.files if (name := tool_name(each.parts)))
        if ignored and not files:
            raise InputError("own_all_ignored", names=list_tools(ignored))
        folders = find_class_folders([each.parts for each in files if not each.refusal])
        budget = PixelBudget(opened.most_pixels)
        budget.check_heads(files)
        taken = TakenPictures(len(files), size, fit, folders, budget)
        for path in opened.folders:
            taken.note_folder(path)
        for done, file in enumerate(files):
            taken.take(file)
            yield Progress(done + 1, len(files))
    data, report = taken.finish()
    return OwnPictures(data, replace(report, notes=(*note_tools(ignored), *report.notes)))


def _check_settings(size: tuple[int, int], fit: str) -> None:
    for name, side in zip(("H", "W"), size, strict=True):
        if not MIN_SIDE_PX <= side <= MAX_SIDE_PX:
            raise InputError(
                "value_out_of_range", name=name, low=MIN_SIDE_PX, high=MAX_SIDE_PX, value=side
            )
    if fit not in get_args(Fit):
        choices = ", ".join(get_args(Fit))
        raise InputError("value_not_a_choice", name="fit", choices=choices, value=str(fit)[:80])

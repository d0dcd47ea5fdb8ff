"""The pictures taken from a learner's archive so far, and the files that were not."""

import hashlib
from collections import Counter, defaultdict

import numpy as np
import torch
from PIL import Image

from engine.data.class_folders import PARTS, ClassFolders, Part, tool_name
from engine.data.data_set import DataSet
from engine.data.own_files import OwnFile, TooMuchError, show_name
from engine.data.own_report import (
    NAMED_REFUSALS,
    Fit,
    NoneAcceptedError,
    Refused,
    Report,
    note_copies,
    note_parts,
)
from engine.data.pixel_budget import PixelBudget
from engine.data.splits import find_leaked
from engine.errors import InputError
from engine.pictures.decode import WORKING_SIDE_PX, decode
from engine.pictures.picture import Note

MIN_CLASSES, MAX_CLASSES = 2, 100
MIN_PER_CLASS = 2  # one to learn from, one to be judged by
MAX_SET_BYTES = 1_500_000_000
_PATH_LENGTH = 80
# A picture is decoded at this many times the wanted size; what is left is smoothed away.
_OVERSIZE, _LEAST_SIDE_PX = 8, 512


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


class TakenPictures:
    """A data set in the making.

    Args:
        most: how many files there are.
        size: (H, W) of its pictures.
        fit: "crop" or "squash".
        folders: which folders are classes, which parts.
        budget: how many pixels may still be decoded.

    Raises:
        InputError: so many pictures of that size do not fit.
    """

    def __init__(
        self, most: int, size: tuple[int, int], fit: Fit, folders: ClassFolders, budget: PixelBudget
    ) -> None:
        self._size, self._folders, self._budget = size, folders, budget
        self._fit: Fit = fit
        height, width = size
        if most * height * width * 3 > MAX_SET_BYTES:
            limit = MAX_SET_BYTES // (height * width * 3)
            raise TooMuchError(
                "own_set_too_big", count=most, height=height, width=width, limit=limit
            )
        self._images = np.empty((most, height, width, 3), np.uint8)
        self._names: list[str] = []
        self._parts: list[Part | None] = []
        self._paths: list[str] = []
        self._sizes: list[tuple[int, int]] = []
        self._originals: list[int] = []
        self._rows: dict[bytes, int] = {}
        self._refusals: list[Refused] = []
        self._refused_count = 0
        self._seen: dict[str, int] = defaultdict(int)

    def note_folder(self, path: tuple[str, ...]) -> None:
        """A folder is there, with or without files."""
        if path and tool_name(path) is None:
            name, _ = self._folders.place((*path, ""))
            if name:
                self._note_class(name)

    def take(self, file: OwnFile) -> None:
        """Decodes a file, or notes why not; what refuses the whole passes through."""
        name, part = self._folders.place(file.parts)
        path = show_name("/".join(file.parts), _PATH_LENGTH) or "?"
        try:
            if file.refusal:
                raise file.refusal
            if not name:
                raise InputError("own_file_no_class")
            self._note_class(name)
            data = file.read()
            self._budget.check_next(data)
            longest_px = min(WORKING_SIDE_PX, max(_LEAST_SIDE_PX, _OVERSIZE * max(self._size)))
            decoded = decode(data, longest_px)
        except TooMuchError:
            raise
        except InputError as reason:
            self._refused_count += 1
            if len(self._refusals) < NAMED_REFUSALS:
                self._refusals.append(Refused(path, reason))
            return
        row = len(self._names)
        self._images[row] = fit_picture(decoded.pixels, self._size, self._fit)
        self._names.append(name)
        self._parts.append(part)
        self._paths.append(path)
        self._sizes.append(decoded.original_size)
        self._originals.append(self._rows.setdefault(hashlib.blake2b(data).digest(), row))

    def _note_class(self, name: str) -> None:
        self._seen[name] += 0
        if len(self._seen) > MAX_CLASSES:
            raise TooMuchError("own_too_many_classes", limit=MAX_CLASSES)

    def finish(self) -> tuple[DataSet, Report]:
        """The data set of all classes that have enough pictures, and what became of the files.

        Raises:
            InputError: fewer than two such classes.
        """
        counts = Counter(self._names)
        classes = [name for name in sorted(counts) if self._suffices(name, counts[name])]
        if len(classes) < MIN_CLASSES:
            raise self._too_few_classes(classes)
        number = {name: index for index, name in enumerate(classes)}
        chosen = [row for row, name in enumerate(self._names) if name in number]
        data = self._make_data_set(chosen, number)
        sizes = [self._sizes[row] for row in chosen]
        left_out = sorted(name for name in self._seen.keys() | counts.keys() if name not in number)
        report = Report(
            kept=tuple((show_name(name), counts[name]) for name in classes),
            refused_count=self._refused_count,
            refused=tuple(self._refusals),
            left_out=tuple((show_name(name), counts[name]) for name in left_out),
            smallest=min(sizes, key=lambda each: each[0] * each[1]),
            largest=max(sizes, key=lambda each: each[0] * each[1]),
            fit=self._fit,
            notes=self._note_parts_and_copies(chosen, data),
        )
        return data, report

    def _suffices(self, name: str, count: int) -> bool:
        if count < MIN_PER_CLASS:
            return False
        parts = {part for part, each in zip(self._parts, self._names, strict=True) if each == name}
        return not self._is_divided or "train" in parts

    @property
    def _is_divided(self) -> bool:
        return self._folders.part_depth is not None

    def _make_data_set(self, chosen: list[int], number: dict[str, int]) -> DataSet:
        images = self._images if len(chosen) == len(self._images) else self._images[chosen]
        place: dict[int, int] = {}  # of the first picture with the same bytes, among the chosen
        originals = [place.setdefault(self._originals[row], at) for at, row in enumerate(chosen)]
        parts = [PARTS.index(self._parts[row] or "train") for row in chosen]
        return DataSet(
            name="own",
            images=torch.from_numpy(images),
            targets=torch.tensor([number[self._names[row]] for row in chosen]),
            classes=tuple(show_name(name) for name in number),
            origin="own pictures",
            parts=torch.tensor(parts, dtype=torch.uint8) if self._is_divided else None,
            originals=torch.tensor(originals),
        )

    def _note_parts_and_copies(self, chosen: list[int], data: DataSet) -> tuple[Note, ...]:
        assert data.originals is not None
        originals = data.originals.tolist()
        pairs = [
            (self._paths[row], self._paths[chosen[original]])
            for at, (row, original) in enumerate(zip(chosen, originals, strict=True))
            if original != at
        ]
        if data.parts is None:
            return note_copies(pairs, 0)
        counts = Counter(PARTS[part] for part in data.parts.tolist())
        not_learnt = int(find_leaked(data.parts, data.originals).sum())
        return (*note_parts(counts), *note_copies(pairs, not_learnt))

    def _too_few_classes(self, classes: list[str]) -> InputError:
        least, refused = MIN_PER_CLASS, self._refused_count
        if classes:
            name = show_name(classes[0])
            return InputError("own_one_class", name=name, least=least, refused=refused)
        if self._refusals:
            return NoneAcceptedError(self._refusals[0], least=least, refused=refused)
        return InputError("own_no_pictures", least=least)

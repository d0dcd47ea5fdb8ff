"""Labels of photos: what every format is read into and written from."""

import math
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath

from engine.data.own_files import show_name
from engine.errors import InputError
from engine.pictures.picture import Note

MOST_BOXES = 20_000  # of all photos of a set together
MOST_CLASSES = 1_000
MOST_NAME = 200  # letters of a photo's or a class's name

Corners = tuple[float, float, float, float]
_NEVER_PRINTED = ("Cc", "Cs", "Zl", "Zp")  # Unicode's: control, half a letter, ends of lines


def is_unprinted(letter: str) -> bool:
    """Whether no label file can keep that letter: control, half a letter, or an end of a line."""
    is_none = ord(letter) & 0xFFFE == 0xFFFE  # Unicode's 66 numbers that are never a letter
    return is_none or (letter != "\t" and unicodedata.category(letter) in _NEVER_PRINTED)


@dataclass(frozen=True)
class Box:
    """A true box.

    Attributes:
        corners: x1, y1, x2, y2 in pixels of the upright picture, half-open, within it.
        label: name of its class.
        crowd: it surrounds several things that were not told apart (COCO).
        difficult: not to be counted when it is missed (VOC).
    """

    corners: Corners
    label: str
    crowd: bool = False
    difficult: bool = False


@dataclass(frozen=True)
class Photo:
    """A photo and its boxes; there may be none.

    Attributes:
        name: of its file, without folders.
        size: (H, W) of the upright picture in pixels.
        boxes: in the order of their file.
        orientation: EXIF's, 1 to 8: how the stored pixels become upright; 1 where nothing is said.
    """

    name: str
    size: tuple[int, int]
    boxes: tuple[Box, ...] = ()
    orientation: int = 1

    @property
    def stem(self) -> str:
        """The name without its ending."""
        return PurePosixPath(self.name).stem


@dataclass(frozen=True)
class Labels:
    """Photos with their boxes.

    Attributes:
        photos: in their order, those without boxes among them.
        class_names: in the order of their numbers; unused ones too.
        notes: what was done on the way in.
    """

    photos: tuple[Photo, ...]
    class_names: tuple[str, ...]
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True)
class Place:
    """Where in a file something stands: for sentences.

    Attributes:
        file: its path.
        line: from 1, or how to find it where that is work.
    """

    file: str
    line: int | Callable[[], int]

    def error(self, key: str, **params: object) -> InputError:
        """The error of that name, which says where."""
        shown: dict[str, object] = {name: _shown(value) for name, value in params.items()}
        line = self.line if isinstance(self.line, int) else self.line()
        shown |= {"file": show_name(self.file), "line": line}
        return InputError(key, 422, **shown)


def _shown(value: object) -> object:
    return show_name(value) if isinstance(value, str) else value


def check_corners(corners: Iterable[float], place: Place, label: str) -> Corners:
    """Four finite numbers, the second corner beyond the first.

    Raises:
        InputError: a number is not finite, or the box has no size.
    """
    x1, y1, x2, y2 = map(float, corners)
    if not all(map(math.isfinite, (x1, y1, x2, y2))):
        raise place.error("label_not_finite", name=label)
    if not (x2 > x1 and y2 > y1):
        shown = ", ".join(f"{each:g}" for each in (x1, y1, x2, y2))
        raise place.error("label_no_size", name=label, box=shown)
    return x1, y1, x2, y2


def cut(corners: Corners, size: tuple[int, int]) -> Corners | None:
    """The part of a box within a picture of ``size`` (H, W); None where there is none."""
    height, width = size
    x1, y1, x2, y2 = corners
    x1, y1, x2, y2 = max(x1, 0.0), max(y1, 0.0), min(x2, float(width)), min(y2, float(height))
    return (x1, y1, x2, y2) if x2 > x1 and y2 > y1 else None


def turn_upright(corners: Corners, size: tuple[int, int], orientation: int) -> Corners:
    """A box on the stored pixels, on the upright picture.

    Args:
        corners: on the stored pixels.
        size: (H, W) of the upright picture.
        orientation: EXIF's, 1 to 8 (EXIF 2.32, tag 0x0112).
    """
    height, width = size
    x1, y1, x2, y2 = corners
    if orientation in (5, 6, 7, 8):  # rows and columns change places first
        x1, y1, x2, y2 = y1, x1, y2, x2
    if orientation in (2, 3, 6, 7):
        x1, x2 = width - x2, width - x1
    if orientation in (3, 4, 7, 8):
        y1, y2 = height - y2, height - y1
    return x1, y1, x2, y2

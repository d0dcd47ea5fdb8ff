"""Boxes as a reader finds them, gathered by photo: matched, turned upright, cut and counted."""

import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import PurePosixPath

from engine.data.own_files import show_name
from engine.labels.model import (
    MOST_BOXES,
    MOST_CLASSES,
    MOST_NAME,
    Box,
    Corners,
    Labels,
    Photo,
    Place,
    check_corners,
    cut,
    is_unprinted,
    turn_upright,
)
from engine.pictures.picture import Note

_SIDES_SWAPPED = (5, 6, 7, 8)


def last_part(path: str) -> str:
    """A path's last part, whichever way its slashes lean."""
    return path.replace("\\", "/").rpartition("/")[2]


def composed(name: str) -> str:
    """A name with its letters put together: macOS takes accents and syllables apart in names."""
    return unicodedata.normalize("NFC", name)


class Gathering:
    """What a reader fills.

    Args:
        photos: that are there; their own boxes count for nothing.
        class_names: known from the start, in their order.
    """

    def __init__(self, photos: Sequence[Photo], class_names: Sequence[str] = ()) -> None:
        self._photos = {photo.name: photo for photo in photos}
        self._by_name = {composed(photo.name): photo for photo in photos}
        self._by_stem: dict[str, Photo | None] = {}
        for photo in photos:
            stem = composed(photo.stem)
            self._by_stem[stem] = None if stem in self._by_stem else photo
        self._boxes: dict[str, list[Box]] = {photo.name: [] for photo in photos}
        self._classes = dict.fromkeys(class_names)
        self._absent: dict[str, Place] = {}
        self._counts: Counter[str] = Counter()
        self._matched = False
        self._count = 0

    def name_class(self, name: str, place: Place) -> None:
        """A class of that name exists.

        Raises:
            InputError: it is empty or too long, holds what is no letter, or there are too many.
        """
        if not name.strip() or len(name) > MOST_NAME:
            raise place.error("label_class_name", most=MOST_NAME)
        if any(map(is_unprinted, name)):
            raise place.error("label_class_letters", name=name)
        self._classes[name] = None
        if len(self._classes) > MOST_CLASSES:
            raise place.error("label_too_many_classes", most=MOST_CLASSES)

    def find(self, name: str, place: Place, by_stem: bool = False) -> Photo | None:
        """The photo of that name; None where it is not there.

        Some tools leave a name's ending away: then, or where ``by_stem`` says so, endings do not
        count.

        Raises:
            InputError: two photos differ by their endings alone.
        """
        last = composed(last_part(name))
        if by_stem or (last not in self._by_name and not PurePosixPath(last).suffix):
            stem = PurePosixPath(last).stem
            photo = self._by_stem.get(stem)
            if photo is None and stem in self._by_stem:
                raise place.error("label_same_stem", name=stem)
        else:
            photo = self._by_name.get(last)
        if photo is None:
            self._absent.setdefault(last, place)
        else:
            self._matched = True
        return photo

    def is_stored(self, photo: Photo, size: tuple[int, int], place: Place) -> bool:
        """Whether a file that says ``size`` (H, W) speaks of the pixels before they were turned.

        Raises:
            InputError: it speaks of a picture of another size.
        """
        if size == photo.size:
            return False
        if size == photo.size[::-1] and photo.orientation in _SIDES_SWAPPED:
            self._counts["labels_turned"] += 1
            return True
        raise place.error(
            "label_size_differs",
            name=photo.name,
            said=f"{size[1]} × {size[0]}",
            found=f"{photo.size[1]} × {photo.size[0]}",
        )

    def add(self, photo: Photo, box: Box, place: Place, stored: bool = False) -> None:
        """A box as it was read; ``stored`` says that it lies on the pixels before they are turned.

        Raises:
            InputError: no size, outside the picture, or one too many.
        """
        self._count += 1
        if self._count > MOST_BOXES:
            raise place.error("label_too_many", most=MOST_BOXES)
        corners = check_corners(box.corners, place, box.label)
        if stored:
            corners = turn_upright(corners, photo.size, photo.orientation)
        within = cut(corners, photo.size)
        if within is None:
            raise place.error("label_outside", name=box.label, photo=photo.name)
        if _moved(corners, within):
            self._counts["labels_cut"] += 1
        self.name_class(box.label, place)
        self._boxes[photo.name].append(replace(box, corners=within))

    def note(self, key: str) -> None:
        """One more time this was done."""
        self._counts[key] += 1

    def finish(self) -> Labels:
        """All photos, those without boxes among them.

        Raises:
            InputError: the labels are of other photos alone.
        """
        notes = [Note(key, {"count": count}) for key, count in self._counts.items()]
        if self._absent:
            name, place = next(iter(self._absent.items()))
            if not self._matched:
                raise place.error("label_other_photo", name=name)
            about = {"count": len(self._absent), "name": show_name(name), "file": place.file}
            notes.append(Note("labels_of_others", about))
        photos = [
            replace(photo, boxes=tuple(self._boxes[name])) for name, photo in self._photos.items()
        ]
        return Labels(tuple(photos), tuple(self._classes), tuple(notes))


def _moved(before: Corners, after: Corners) -> bool:
    """By more than the rounding of shares with six digits."""
    return max(abs(one - other) for one, other in zip(before, after, strict=True)) > 0.05

"""Photos and label files, loose or in zips, as one set of labels."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.data.class_folders import tool_name
from engine.data.own_files import Limits, OwnFiles, show_name
from engine.errors import InputError
from engine.labels.formats import read_labels
from engine.labels.gathering import last_part
from engine.labels.model import MOST_NAME, Box, Labels, Photo, is_unprinted
from engine.pictures import decode
from engine.pictures.decode import Decoded
from engine.pictures.formats import sniff_format
from engine.pictures.picture import Note
from engine.serving.labels.contract import (
    BODY_MB,
    MOST_LOOKED_AT,
    MOST_PHOTOS,
    MOST_PIXELS,
    SHOWN,
    Form,
    LabelledPhoto,
    LabelledSet,
)

_LABEL_ENDINGS = (".txt", ".json", ".xml", ".yaml", ".yml", ".names")
_PASSED_OVER = (".md", ".csv", ".log", ".html", ".py", ".cache")
_LIMITS = Limits(files=1_000, total_bytes=BODY_MB * 2**20)
_LOOK_PX = 64  # size and soundness are wanted, not the pixels


@dataclass(frozen=True, eq=False)
class Arrived:
    """A photo that came in: what is known of it, and its file."""

    photo: Photo
    digest: str
    data: bytes


class InFileError(InputError):
    """What is wrong with a file, and which it is."""

    def __init__(self, path: str, reason: InputError) -> None:
        self._reason = reason
        super().__init__("labels_file", reason.status, file=show_name(path), reason="")

    def sentence(self, lang: str) -> str:
        """As :meth:`InputError.sentence`, the reason too."""
        self.params["reason"] = self._reason.sentence(lang)
        return super().sentence(lang)


def take_in(
    files: Iterable[tuple[str, bytes]],
    known: LabelledSet,
    form: Form | None,
    first_pixel: int,
) -> tuple[dict[str, np.ndarray], dict[str, Any], list[Note]]:
    """Photos and label files, loose or in zips, as one set of labels.

    Args:
        files: name and content of each, read when its turn comes.
        known: photos that the browser has; their boxes count for nothing.
        form: of the label files; told by them where None.
        first_pixel: of Pascal VOC.

    Returns:
        ``bytes``, uint8: the photos' files one after another; facts, of which each photo's ``from``
        and ``to`` say where its file lies there (null where the browser has it); and notes.

    Raises:
        InputError: a file is none that is read, or something is wrong in one.
    """
    arrived: dict[str, Arrived] = {}
    texts: dict[str, bytes] = {}
    notes: list[Note] = []
    names = {each.digest: each.name for each in known.photos}
    for path, data in _unpacked(files):
        if path.lower().endswith(_LABEL_ENDINGS):
            texts[path] = data
            continue
        one = _look(path, data)
        if one.digest in names or one.digest in arrived:
            other = names.get(one.digest) or arrived[one.digest].photo.name
            if other != one.photo.name:
                notes.append(Note("labels_copy", {"name": one.photo.name, "other": other}))
            continue
        arrived[one.digest] = one
        check_together((each.photo.size for each in arrived.values()), MOST_LOOKED_AT)
        if len(arrived) + len(known.photos) > MOST_PHOTOS:
            raise InputError("labels_too_many_photos", most=MOST_PHOTOS)
    photos = [bare_photo(each) for each in known.photos] + [one.photo for one in arrived.values()]
    check_names(photos)
    labels = read_labels(texts, photos, form, known.classes, first_pixel)
    digests = [*names, *arrived]
    arrays, about = _told(labels, digests, arrived, bool(texts))
    return arrays, about, [*notes, *labels.notes]


def _unpacked(files: Iterable[tuple[str, bytes]]) -> Iterator[tuple[str, bytes]]:
    for name, data in files:
        if not data.startswith(b"PK"):
            yield name, data
            continue
        with _opened(name, data) as opened:
            for file in opened.files:
                path = "/".join(file.parts)
                if tool_name(file.parts) or path.lower().endswith(_PASSED_OVER):
                    continue
                if file.refusal:
                    raise InFileError(path, file.refusal)
                try:
                    yield path, file.read()
                except InputError as error:
                    raise InFileError(path, error) from error


def _opened(name: str, data: bytes) -> OwnFiles:
    try:
        return OwnFiles(data, _LIMITS)
    except InputError as error:
        if error.key != "own_not_a_zip":
            raise
        raise InputError("labels_not_a_zip", error.status, file=show_name(name)) from error


def look_at(path: str, data: bytes) -> Decoded:
    """A photo as small as decoders make it: whether it is sound, its size, how it is turned.

    Raises:
        InputError: no browser shows such a file, or it cannot be decoded; it says which file.
    """
    try:
        if (kind := sniff_format(data)) not in SHOWN:
            raise InputError("labels_not_shown", formats=", ".join(SHOWN), kind=kind)
        return decode(data, _LOOK_PX)
    except InputError as error:
        raise InFileError(path, error) from error


def _look(path: str, data: bytes) -> Arrived:
    decoded = look_at(path, data)
    height, width = decoded.original_size
    if height * width > MOST_PIXELS:
        raise InputError(
            "labels_photo_too_large", 413, file=show_name(path), most=MOST_PIXELS // 1_000_000
        )
    name = "".join("_" if is_unprinted(each) or each == "\t" else each for each in last_part(path))
    photo = Photo(name[-MOST_NAME:], (height, width), orientation=decoded.orientation)
    return Arrived(photo, hashlib.sha256(data).hexdigest(), data)


def bare_photo(photo: LabelledPhoto) -> Photo:
    """Without its boxes."""
    return Photo(photo.name, (photo.height, photo.width), orientation=photo.orientation)


def check_together(sizes: Iterable[tuple[int, int]], most: int) -> None:
    """Raises InputError (413) where photos of these (H, W) have more pixels together."""
    if sum(height * width for height, width in sizes) > most:
        raise InputError("labels_pixels_together", 413, most=most // 1_000_000)


def check_names(photos: Sequence[Photo]) -> None:
    """Raise unless each photo has a name of its own.

    Raises:
        InputError: two have one.
    """
    seen: set[str] = set()
    for photo in photos:
        if photo.name in seen:
            raise InputError("labels_name_twice", name=show_name(photo.name))
        seen.add(photo.name)


def _told(
    labels: Labels, digests: Sequence[str], arrived: Mapping[str, Arrived], read: bool
) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
    parts, rows, at = [], [], 0
    for photo, digest in zip(labels.photos, digests, strict=True):
        height, width = photo.size
        row: dict[str, Any] = {
            "name": photo.name,
            "digest": digest,
            "width": width,
            "height": height,
            "orientation": photo.orientation,
            "boxes": [_row(box) for box in photo.boxes],
            "from": None,
            "to": None,
        }
        if one := arrived.get(digest):
            row |= {"from": at, "to": at + len(one.data)}
            at += len(one.data)
            parts.append(np.frombuffer(one.data, np.uint8))
        rows.append(row)
    whole = np.concatenate(parts) if parts else np.zeros(0, np.uint8)
    return {"bytes": whole}, {"classes": list(labels.class_names), "photos": rows, "read": read}


def _row(box: Box) -> dict[str, Any]:
    return {
        "box": list(box.corners),
        "label": box.label,
        "crowd": box.crowd,
        "difficult": box.difficult,
    }

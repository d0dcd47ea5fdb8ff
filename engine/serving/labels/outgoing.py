"""Labels and their photos as a zip of one of the formats."""

import hashlib
import io
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import replace

from PIL import Image

from engine.errors import InputError
from engine.labels.formats import PHOTO_FOLDERS, losses, write_labels
from engine.labels.model import Box, Labels, Photo, Place, check_corners, cut
from engine.pictures import decode
from engine.pictures.picture import Note, note_sentence
from engine.serving.labels.contract import (
    MOST_BOXES,
    MOST_CLASSES,
    MOST_TURNED,
    Form,
    LabelledSet,
)
from engine.serving.labels.incoming import (
    InFileError,
    bare_photo,
    check_names,
    check_together,
    look_at,
)

_QUALITY = 95
_LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the same labels make the same file


def labels_of(given: LabelledSet) -> Labels:
    """Labels as they came, each box cut at its photo's edges.

    Raises:
        InputError: a box of no size or outside, too many boxes or classes, or two photos of one
            name.
    """
    photos, names, count = [], dict.fromkeys(given.classes), 0
    for each in given.photos:
        bare = bare_photo(each)
        boxes = []
        for number, row in enumerate(each.boxes, start=1):
            place = Place(each.name, number)
            within = cut(check_corners(row.box, place, row.label), bare.size)
            if within is None:
                raise place.error("label_outside", name=row.label, photo=each.name)
            boxes.append(Box(within, row.label, row.crowd, row.difficult))
            names[row.label] = None
            if (count := count + 1) > MOST_BOXES:
                raise place.error("label_too_many", most=MOST_BOXES)
            if len(names) > MOST_CLASSES:
                raise place.error("label_too_many_classes", most=MOST_CLASSES)
        photos.append(replace(bare, boxes=tuple(boxes)))
    check_names(photos)
    return Labels(tuple(photos), tuple(names))


def give_out(
    given: LabelledSet, files: Iterable[bytes], form: Form, upright: bool
) -> tuple[bytes, list[Note]]:
    """A zip of label files and photos, and what the format does not hold.

    Args:
        given: the labels.
        files: the photos' own files, in the order of the labels, each read when its turn comes;
            none for labels alone.
        form: of the label files.
        upright: turn photos as their tags say, and remove these; else each goes byte for byte.

    Raises:
        InputError: photos that do not belong to the labels, or names that clash.
    """
    labels = labels_of(given)
    notes, lines, turned = losses(form, labels), [], []
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for path, content in write_labels(form, labels).items():
            _add(archive, path, content, zipfile.ZIP_DEFLATED)
        for photo, digest, data in matched(labels, given, files):
            turn = upright and photo.orientation != 1
            if turn:
                turned.append(look_at(photo.name, data).original_size)
                check_together(turned, MOST_TURNED)
            content = turned_upright(data, photo.name) if turn else data
            _add(archive, f"{PHOTO_FOLDERS[form]}/{photo.name}", content, zipfile.ZIP_STORED)
            lines.append(f"- {photo.name}: {_done(photo, turn)}; SHA-256 {digest}")
        said = [f"- {note_sentence(note, 'en')}" for note in notes]
        about = "\n".join(["# Photos", *lines, "", "# Labels", *said, ""])
        _add(archive, "about.md", about.encode(), zipfile.ZIP_DEFLATED)
    return buffer.getvalue(), notes


def _add(archive: zipfile.ZipFile, path: str, content: bytes, packing: int) -> None:
    archive.writestr(zipfile.ZipInfo(path, _LONG_AGO), content, packing)


def _done(photo: Photo, turn: bool) -> str:
    """What was done to a photo, for about.md."""
    if not turn:
        return "byte for byte"
    return f"turned upright (EXIF orientation {photo.orientation}), written anew, without tags"


def matched(
    labels: Labels, given: LabelledSet, files: Iterable[bytes]
) -> Iterator[tuple[Photo, str, bytes]]:
    """Each photo with its digest and its file, one after the other; nothing where no file comes.

    Raises:
        InputError: files are missing, or are others than the labels speak of.
    """
    contents = iter(files)
    for number, (photo, row) in enumerate(zip(labels.photos, given.photos, strict=True)):
        data = next(contents, None)
        if data is None and not number:
            return
        if data is None or hashlib.sha256(data).hexdigest() != row.digest:
            raise InputError("labels_photos_differ")
        yield photo, row.digest, data
    if next(contents, None) is not None:
        raise InputError("labels_photos_differ")


def turned_upright(data: bytes, name: str) -> bytes:
    """A photo's file with its pixels turned as its tag says, at full size and without tags.

    JPEG is written anew at quality 95 without halving colours; PNG and WebP lose nothing.

    Raises:
        InputError: it cannot be decoded.
    """
    try:
        decoded = decode(data, longest_px=65_535)
    except InputError as error:
        raise InFileError(name, error) from error
    buffer, image = io.BytesIO(), Image.fromarray(decoded.pixels)
    if decoded.format == "JPEG":
        image.save(buffer, "JPEG", quality=_QUALITY, subsampling=0)
    elif decoded.format == "WebP":
        image.save(buffer, "WEBP", lossless=True)
    else:
        image.save(buffer, "AVIF" if decoded.format == "AVIF" else "PNG")
    return buffer.getvalue()

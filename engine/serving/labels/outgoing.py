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
from engine.serving.labels.contract import MOST_TURNED, Form, LabelledSet
from engine.serving.labels.incoming import (
    InFileError,
    bare_photo,
    check_names,
    check_together,
    look_at,
)

_QUALITY = 95
_LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the same labels make the same file


def _labels_of(given: LabelledSet) -> Labels:
    photos, names = [], dict.fromkeys(given.classes)
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
        photos.append(replace(bare, boxes=tuple(boxes)))
    check_names(photos)
    return Labels(tuple(photos), tuple(names))


def give_out(
    given: LabelledSet, files: Iterable[bytes], form: Form, upright: bool
) -> tuple[bytes, list[Note]]:
    """A zip of label files and photos, and what the format does not hold.

    Args:
        given: the labels.
        files: the photos' own files, in the order of the labels; none for labels alone.
        form: of the label files.
        upright: turn photos as their tags say, and remove these; else each goes byte for byte.

    Raises:
        InputError: photos that do not belong to the labels, or names that clash.
    """
    labels = _labels_of(given)
    written = dict(write_labels(form, labels))
    notes, lines = losses(form, labels), []
    folder, turned = PHOTO_FOLDERS[form], []
    for photo, digest, data in _matched(labels, given, files):
        turn = upright and photo.orientation != 1
        if turn:
            turned.append(look_at(photo.name, data).original_size)
            check_together(turned, MOST_TURNED)
        content = turned_upright(data, photo.name) if turn else data
        written[f"{folder}/{photo.name}"] = content
        done = f"turned upright (EXIF orientation {photo.orientation}), written anew, without tags"
        lines.append(f"- {photo.name}: {done if turn else 'byte for byte'}; SHA-256 {digest}")
    said = [f"- {note_sentence(note, 'en')}" for note in notes]
    written["about.md"] = "\n".join(["# Photos", *lines, "", "# Labels", *said, ""]).encode()
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for path, content in written.items():
            packing = zipfile.ZIP_STORED if path.startswith(folder) else zipfile.ZIP_DEFLATED
            archive.writestr(zipfile.ZipInfo(path, _LONG_AGO), content, packing)
    return buffer.getvalue(), notes


def _matched(
    labels: Labels, given: LabelledSet, files: Iterable[bytes]
) -> Iterator[tuple[Photo, str, bytes]]:
    contents = list(files)
    if contents and len(contents) != len(labels.photos):
        raise InputError("labels_photos_differ")
    for photo, row, data in zip(labels.photos, given.photos, contents, strict=False):
        digest = hashlib.sha256(data).hexdigest()
        if digest != row.digest:
            raise InputError("labels_photos_differ")
        yield photo, digest, data


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

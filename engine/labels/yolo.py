"""YOLO's labels: a text file a photo, a line a box, sides as shares of the picture's.

``class x y width height``: the class's number from 0 and the box's middle and size. The names stand
in a file of their own: ``classes.txt``, ``obj.names`` or ``data.yaml``. A line of three corners or
more is a polygon, of which the box is taken; a sixth column is the score of a result.

Sources: Redmon's darknet (``data.c``, label files); Ultralytics' description of its data sets.
"""

import re
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath

from engine.labels.gathering import Gathering, last_part
from engine.labels.lines import Row, read_text, rows
from engine.labels.model import Box, Corners, Labels, Photo, Place

NAMES_FILES = ("classes.txt", "obj.names", "data.yaml", "data.yml", "dataset.yaml", "coco.names")
_NOT_LABELS = ("train.txt", "val.txt", "test.txt", "readme.txt", "requirements.txt", "notes.txt")
_DIGITS = 9  # of a share: far below a pixel at any size


def is_names_file(path: str) -> bool:
    """Whether a file of that path holds the names of classes."""
    name = last_part(path).lower()
    return name in NAMES_FILES or name.endswith(".names")


def is_label_file(path: str) -> bool:
    """Whether a text file may hold boxes."""
    name = last_part(path).lower()
    return name.endswith(".txt") and not is_names_file(path) and name not in _NOT_LABELS


def read_yolo(
    files: Mapping[str, bytes], photos: Sequence[Photo], class_names: Sequence[str] = ()
) -> Labels:
    """Reads label files, each of the photo that is called as it is.

    Args:
        files: path to content: label files and the names file.
        photos: that are there.
        class_names: used where no names file is among the files.

    Raises:
        InputError: the names are missing, or something is wrong; the file and line are named.
    """
    named = sorted(path for path in files if is_names_file(path))
    names = tuple(read_names(named[0], files[named[0]]) if named else class_names)
    gathering = Gathering(photos)
    for number, name in enumerate(names, start=1):
        gathering.name_class(name, Place(named[0] if named else "classes", number))
    for path in sorted(path for path in files if is_label_file(path)):
        photo = gathering.find(path, Place(path, 1), by_stem=True)
        if photo is None:
            continue
        for row in rows(path, files[path]):
            if not names:
                raise row.place.error("label_names_missing")
            gathering.add(photo, _read_box(row, photo, names, gathering), row.place)
    return gathering.finish()


def _read_box(row: Row, photo: Photo, names: Sequence[str], gathering: Gathering) -> Box:
    columns = len(row.words)
    is_polygon = columns >= 7 and columns % 2 == 1
    if columns not in (5, 6) and not is_polygon:
        raise row.place.error("label_columns", found=columns, wanted=5)
    number = row.number(0)
    if not (number.is_integer() and 0 <= number < len(names)):
        raise row.place.error("label_class_unknown", value=row.words[0], most=len(names) - 1)
    height, width = photo.size
    if is_polygon:
        gathering.note("labels_polygons")
        across = [row.number(column) * width for column in range(1, columns, 2)]
        down = [row.number(column) * height for column in range(2, columns, 2)]
        corners: Corners = (min(across), min(down), max(across), max(down))
    else:
        x, y, w, h = (row.number(column) for column in range(1, 5))
        if max(abs(x), abs(y), abs(w), abs(h)) > 2:  # pixels, where shares are wanted
            raise row.place.error("label_no_shares")
        corners = (
            (x - w / 2) * width,
            (y - h / 2) * height,
            (x + w / 2) * width,
            (y + h / 2) * height,
        )
    return Box(corners, names[int(number)])


def read_names(path: str, data: bytes) -> list[str]:
    """The names of classes, in their order.

    Raises:
        InputError: not text, or a YAML file without names that can be read.
    """
    text = read_text(path, data)
    if last_part(path).lower().endswith((".yaml", ".yml")):
        return _read_yaml(path, text)
    names = [line.strip() for line in text.splitlines()]
    while names and not names[-1]:
        names.pop()
    return names


def _read_yaml(path: str, text: str) -> list[str]:
    """``names: [a, b]``, a list of dashes, or ``0: a`` and so on: what tools write."""
    found = re.search(r"^names:[ \t]*(.*)$", text, re.MULTILINE)
    if not found:
        raise Place(path, 1).error("label_yaml")
    line = text.count("\n", 0, found.start()) + 1
    if found[1].strip().startswith("["):
        inner = text[found.start(1) :].partition("[")[2].partition("]")[0]
        return [_unquoted(part) for part in inner.split(",") if part.strip()]
    names: list[str] = []
    for each in text[found.end() :].splitlines()[1:]:
        entry = re.match(r"^\s*(?:-\s+|(\d+)\s*:\s+)(.*)$", each)
        if not each.strip() or each.lstrip().startswith("#"):
            continue
        if not entry:
            break
        if entry[1] is not None and int(entry[1]) != len(names):
            raise Place(path, line + len(names) + 1).error("label_yaml")
        names.append(_unquoted(entry[2]))
    if not names:
        raise Place(path, line).error("label_yaml")
    return names


def _unquoted(text: str) -> str:
    text = text.partition(" #")[0].strip()
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] and text[0] in "'\"" else text


def yolo_line(box: Box, size: tuple[int, int], class_names: Sequence[str]) -> str:
    """The line of a box on a picture of ``size`` (H, W)."""
    height, width = size
    x1, y1, x2, y2 = box.corners
    shares = ((x1 + x2) / 2 / width, (y1 + y2) / 2 / height, (x2 - x1) / width, (y2 - y1) / height)
    numbers = (f"{share:.{_DIGITS}f}".rstrip("0").rstrip(".") for share in shares)
    return " ".join([str(class_names.index(box.label)), *numbers])


def write_yolo(labels: Labels) -> dict[str, bytes]:
    """``labels/<stem>.txt`` a photo, empty where it has no box; ``classes.txt``, ``data.yaml``."""
    written = {"classes.txt": "".join(f"{name}\n" for name in labels.class_names)}
    listed = "".join(
        f"  {number}: '{name.replace(chr(39), chr(39) * 2)}'\n"
        for number, name in enumerate(labels.class_names)
    )
    written["data.yaml"] = f"path: .\ntrain: images\nval: images\nnames:\n{listed}"
    for photo in labels.photos:
        lines = (f"{yolo_line(box, photo.size, labels.class_names)}\n" for box in photo.boxes)
        written[str(PurePosixPath("labels", f"{photo.stem}.txt"))] = "".join(lines)
    return {path: text.encode() for path, text in written.items()}

"""YOLO's labels: a text file a photo, a line a box, sides as shares of the picture's.

``class x y width height``: the class's number from 0 and the box's middle and size. The names stand
in a file of their own: ``classes.txt``, ``obj.names`` or ``data.yaml``. A line of three corners or
more is a polygon, of which the box is taken; a sixth column is the score of a result.

Sources: Redmon's darknet (``data.c``, label files); Ultralytics' description of its data sets.
"""

import math
import re
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath

from engine.labels.gathering import Gathering, composed, last_part
from engine.labels.lines import Row, read_text, rows
from engine.labels.model import Box, Corners, Labels, Photo, Place

NAMES_FILES = ("classes.txt", "obj.names", "data.yaml", "data.yml", "dataset.yaml", "coco.names")
_NOT_LABELS = ("train.txt", "val.txt", "test.txt", "readme.txt", "requirements.txt", "notes.txt")
_HEAD_BYTES = 4_096  # in which a file's first line is looked for
_DIGITS = 9  # of a share: far below a pixel at any size

_IN_QUOTES = r"""'(?:[^']|'')*'|"(?:[^"\\]|\\.)*\""""
_QUOTED, _SPACES = re.compile(_IN_QUOTES), re.compile(r"\s*")
_ITEM = re.compile(rf"((?:{_IN_QUOTES})\s*|[^,\]]*)([,\]])")


def is_names_file(path: str) -> bool:
    """Whether a file of that path holds the names of classes."""
    name = last_part(path).lower()
    return name in NAMES_FILES or name.endswith(".names")


def label_files(files: Mapping[str, bytes], photos: Sequence[Photo]) -> list[str]:
    """The text files that hold boxes, in order; first those of photos that are there.

    A file of any name holds them if it is called as a photo is and begins with numbers: a photo may
    be called test or classes.
    """
    stems = {composed(photo.stem) for photo in photos}
    found = []
    for path in sorted(path for path in files if path.lower().endswith(".txt")):
        name = last_part(path)
        own = composed(PurePosixPath(name).stem) in stems
        reserved = is_names_file(path) or name.lower() in _NOT_LABELS
        if (own and not reserved) or ((own or not reserved) and _begins_with_numbers(files[path])):
            found.append((not own, path))
    return [path for _, path in sorted(found)]


def _begins_with_numbers(data: bytes) -> bool:
    """Whether four numbers stand in the first line that is not empty, after its first word."""
    words = next(filter(None, map(bytes.split, data[:_HEAD_BYTES].splitlines())), [])
    try:
        return all(math.isfinite(float(word)) for word in words[1:5]) and len(words) >= 5
    except ValueError:
        return False


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
    texts = label_files(files, photos)
    named = sorted(path for path in files if is_names_file(path) and path not in texts)
    names = tuple(read_names(named[0], files[named[0]]) if named else class_names)
    gathering = Gathering(photos)
    for number, name in enumerate(names, start=1):
        gathering.name_class(name, Place(named[0] if named else "classes", number))
    for path in texts:
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
        return _read_flow(text, text.index("[", found.start(1)) + 1, Place(path, line))
    names: list[str] = []
    for each in text[found.end() :].splitlines()[1:]:
        entry = re.match(r"^\s*(?:-\s+|(\d+)\s*:\s+)(.*)$", each)
        if not each.strip() or each.lstrip().startswith("#"):
            continue
        if not entry:
            break
        if entry[1] is not None and entry[1] != str(len(names)):
            raise Place(path, line + len(names) + 1).error("label_yaml")
        names.append(_unquoted(entry[2]))
    if not names:
        raise Place(path, line).error("label_yaml")
    return names


def _read_flow(text: str, at: int, place: Place) -> list[str]:
    """``a, 'b, c'] …`` from where its bracket has opened."""
    names: list[str] = []
    while item := _ITEM.match(text, _SPACES.match(text, at).end()):  # type: ignore[union-attr]
        if item[1].strip():
            names.append(_unquoted(item[1]))
        if item[2] == "]":
            return names
        at = item.end()
    raise place.error("label_yaml")


def _unquoted(text: str) -> str:
    """A name as YAML reads it, with quotes or without."""
    text = text.strip()
    quoted = _QUOTED.match(text)
    if not quoted:
        return text.partition(" #")[0].strip()
    inner = quoted[0][1:-1]
    return inner.replace("''", "'") if text[0] == "'" else re.sub(r"\\(.)", r"\1", inner)


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

"""KITTI's labels: a text file a photo, fifteen columns a box, of which five say what is in 2D.

``type truncated occluded alpha left top right bottom height width length x y z rotation_y``; left
to bottom in pixels from 0. A sixteenth column, the score, stands in results only. A type has no
spaces. ``DontCare`` surrounds what was not told apart.

Source: Geiger, Lenz and Urtasun, "Are we ready for Autonomous Driving?", CVPR 2012: the development
kit's readme for objects.
"""

from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath

from engine.labels.gathering import Gathering
from engine.labels.lines import Row, rows
from engine.labels.model import Box, Labels, Photo, Place
from engine.labels.yolo import label_files

COLUMNS = 15
_BOX = slice(4, 8)
_REGION = "DontCare"
# Nothing is known of how much is cut off (0), hidden (3), nor of the thing in space.
_UNKNOWN_BEFORE, _UNKNOWN_AFTER = "0 3 -10", "-1 -1 -1 -1000 -1000 -1000 -10"


def is_kitti_row(words: Sequence[str]) -> bool:
    """Whether a line has KITTI's columns: a name first, then fourteen numbers or fifteen.

    A name may be a number; then it is no polygon of YOLO if its numbers are no shares.
    """
    if len(words) not in (COLUMNS, COLUMNS + 1):
        return False
    return not words[0].lstrip("-").replace(".", "", 1).isdigit() or "-1000" in words


def read_kitti(
    files: Mapping[str, bytes], photos: Sequence[Photo], class_names: Sequence[str] = ()
) -> Labels:
    """Reads label files, each of the photo that is called as it is.

    Args:
        files: path to content.
        photos: that are there.
        class_names: those that come first in the order of classes.

    Raises:
        InputError: something is wrong; the file and line are named.
    """
    gathering = Gathering(photos, class_names)
    for path in label_files(files, photos):
        photo = gathering.find(path, Place(path, 1), by_stem=True)
        if photo is None:
            continue
        for row in rows(path, files[path]):
            gathering.add(photo, _read_box(row, gathering), row.place)
    return gathering.finish()


def _read_box(row: Row, gathering: Gathering) -> Box:
    if len(row.words) not in (COLUMNS, COLUMNS + 1):
        raise row.place.error("label_columns", found=len(row.words), wanted=COLUMNS)
    numbers = [row.number(column) for column in range(1, len(row.words))]
    if len(row.words) > COLUMNS:
        gathering.note("labels_scores")
    x1, y1, x2, y2 = numbers[_BOX.start - 1 : _BOX.stop - 1]
    return Box((x1, y1, x2, y2), row.words[0], crowd=row.words[0] == _REGION)


def kitti_line(box: Box) -> str:
    """The line of a box."""
    edges = " ".join(f"{edge:.4f}".rstrip("0").rstrip(".") for edge in box.corners)
    return f"{kitti_type(box.label)} {_UNKNOWN_BEFORE} {edges} {_UNKNOWN_AFTER}"


def kitti_type(label: str) -> str:
    """A class's name without spaces, which divide KITTI's columns."""
    return "_".join(label.split())


def write_kitti(labels: Labels) -> dict[str, bytes]:
    """``label_2/<stem>.txt`` a photo, empty where it has no box.

    Raises:
        InputError: two classes are one without their spaces.
    """
    types: dict[str, str] = {}
    for name in labels.class_names:
        if (other := types.setdefault(kitti_type(name), name)) != name:
            raise Place("label_2", 1).error("label_same_type", name=name, other=other)
    written = {}
    for photo in labels.photos:
        lines = "".join(f"{kitti_line(box)}\n" for box in photo.boxes)
        written[str(PurePosixPath("label_2", f"{photo.stem}.txt"))] = lines.encode()
    return written

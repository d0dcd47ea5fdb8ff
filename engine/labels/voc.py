"""Pascal VOC's labels: an XML file a photo, corners in whole pixels, 1-based and inclusive.

The picture's first pixel is 1, and ``xmax`` is the last that belongs to the box: half-open from 0,
that is ``xmin - 1`` to ``xmax``. Some tools count from 0 all the same; such files can be read as
what they are.

Source: Everingham et al., "The Pascal Visual Object Classes (VOC) Challenge", IJCV 2010, and its
development kit.
"""

import math
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from xml.sax.saxutils import escape

from engine.labels.gathering import Gathering
from engine.labels.model import Box, Corners, Labels, Photo, Place
from engine.labels.xml_tree import Node, read_xml

_CORNERS = ("xmin", "ymin", "xmax", "ymax")


def read_voc(
    files: Mapping[str, bytes],
    photos: Sequence[Photo],
    class_names: Sequence[str] = (),
    first_pixel: int = 1,
) -> Labels:
    """Reads annotation files.

    Args:
        files: path to content, XML files; others are passed over.
        photos: that are there.
        class_names: those that come first in the order of classes.
        first_pixel: 1 as the format says, or 0; the last pixel belongs to the box either way.

    Raises:
        InputError: something is wrong; the file and line are named.
    """
    gathering = Gathering(photos, class_names)
    for path in sorted(path for path in files if path.lower().endswith(".xml")):
        _read_file(path, read_xml(path, files[path]), gathering, first_pixel)
    return gathering.finish()


def _read_file(path: str, root: Node, gathering: Gathering, first_pixel: int) -> None:
    top = Place(path, root.line)
    if root.tag != "annotation":
        raise top.error("label_not_voc")
    photo = gathering.find(_text(path, root, "filename"), top)
    if photo is None:
        return
    stored, size = False, root.find("size")
    if size is not None:
        height, width = (_number(path, size, name) for name in ("height", "width"))
        if (height, width) != (0, 0):  # some tools write 0 where they do not know
            said = (int(height), int(width))
            stored = gathering.is_stored(photo, said, Place(path, size.line))
    for node in root.parts:
        if node.tag == "object":
            box = _read_box(path, node, first_pixel)
            gathering.add(photo, box, Place(path, node.line), stored)


def _read_box(path: str, node: Node, first_pixel: int) -> Box:
    frame = node.find("bndbox")
    if frame is None:
        raise Place(path, node.line).error("label_no_element", name="bndbox")
    x1, y1, x2, y2 = (_number(path, frame, name) for name in _CORNERS)
    corners = (x1 - first_pixel, y1 - first_pixel, x2 - first_pixel + 1, y2 - first_pixel + 1)
    flag = node.find("difficult")
    difficult = flag is not None and flag.text.strip() == "1"
    return Box(corners, _text(path, node, "name"), difficult=difficult)


def _text(path: str, node: Node, name: str) -> str:
    found = node.find(name)
    if found is None or not found.text.strip():
        line = node.line if found is None else found.line
        raise Place(path, line).error("label_no_element", name=name)
    return found.text.strip()


def _number(path: str, node: Node, name: str) -> float:
    text = _text(path, node, name)
    try:
        number = float(text) if text.isascii() and "_" not in text else math.nan
    except ValueError:
        number = math.nan
    if not abs(number) < 1e12:
        found = node.find(name)
        line = found.line if found else node.line
        raise Place(path, line).error("label_no_element_number", name=name, text=text)
    return number


def voc_corners(corners: Corners) -> tuple[int, int, int, int]:
    """``xmin, ymin, xmax, ymax``: the nearest whole edges, and one pixel at least."""
    x1, y1, x2, y2 = (math.floor(edge + 0.5) for edge in corners)
    if x2 <= x1:  # thinner than a pixel: the one in which its middle lies
        x1 = math.floor((corners[0] + corners[2]) / 2)
        x2 = x1 + 1
    if y2 <= y1:
        y1 = math.floor((corners[1] + corners[3]) / 2)
        y2 = y1 + 1
    return x1 + 1, y1 + 1, x2, y2


def voc_object(box: Box) -> str:
    """A box's element."""
    edges = "".join(
        f"<{name}>{edge}</{name}>"
        for name, edge in zip(_CORNERS, voc_corners(box.corners), strict=True)
    )
    return (
        f"  <object>\n    <name>{escape(box.label)}</name>\n    <pose>Unspecified</pose>\n"
        f"    <truncated>0</truncated>\n    <difficult>{int(box.difficult)}</difficult>\n"
        f"    <bndbox>{edges}</bndbox>\n  </object>\n"
    )


def write_voc(labels: Labels) -> dict[str, bytes]:
    """``Annotations/<stem>.xml`` a photo, without an object where it has no box."""
    written = {}
    for photo in labels.photos:
        height, width = photo.size
        text = (
            "<annotation>\n  <folder>JPEGImages</folder>\n"
            f"  <filename>{escape(photo.name)}</filename>\n"
            f"  <size><width>{width}</width><height>{height}</height><depth>3</depth></size>\n"
            f"  <segmented>0</segmented>\n{''.join(map(voc_object, photo.boxes))}</annotation>\n"
        )
        written[str(PurePosixPath("Annotations", f"{photo.stem}.xml"))] = text.encode()
    return written

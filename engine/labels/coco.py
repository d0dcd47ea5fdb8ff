"""COCO's labels: one JSON file with images, annotations and categories.

A box is ``[x, y, width, height]`` in pixels; ids of annotations are unique over the file; those of
categories are any numbers. Where no ``bbox`` stands it is that of the polygons or the mask.

Source: Lin et al., "Microsoft COCO", ECCV 2014: the format of instances.
"""

import json
import re
from collections.abc import Container, Mapping, Sequence
from typing import Any

from engine.labels.gathering import Gathering
from engine.labels.lines import read_text
from engine.labels.model import Box, Corners, Labels, Photo, Place
from engine.labels.rle import box_of_runs, decode_counts

_LARGEST = 1e12  # no picture has so many pixels
_YES = (1, "1", True)  # some tools write numbers as text
_LISTS = ("images", "annotations", "categories")


class _Part:
    """An entry of one of the file's lists, which knows where it stands."""

    def __init__(self, file: str, text: str, kind: str, index: int, entry: object) -> None:
        self._file, self._text, self.kind, self.index = file, text, kind, index
        if not isinstance(entry, dict):
            raise self.place.error("label_no_entry", kind=kind, index=index)
        self.entry: dict[str, Any] = entry

    @property
    def place(self) -> Place:
        """Its line is looked for only where something is wrong."""
        return Place(self._file, lambda: _line_of(self._text, self.kind, self.index))

    def get(self, key: str, kind: type | tuple[type, ...]) -> Any:
        value = self.entry.get(key)
        if not isinstance(value, kind) or isinstance(value, bool):
            raise self.place.error("label_no_key", kind=self.kind, index=self.index, name=key)
        return value

    def whole(self, key: str) -> int:
        """A whole number; some tools write 640 as 640.0."""
        value = self.entry.get(key)
        if isinstance(value, float) and value.is_integer():
            return int(value)
        return self.get(key, int)


def read_coco(
    files: Mapping[str, bytes], photos: Sequence[Photo], class_names: Sequence[str] = ()
) -> Labels:
    """Reads files of instances.

    Args:
        files: path to content, JSON files; others are passed over.
        photos: that are there.
        class_names: those that come first in the order of classes.

    Raises:
        InputError: something is wrong; the file and line are named.
    """
    gathering = Gathering(photos, class_names)
    for path in sorted(path for path in files if path.lower().endswith(".json")):
        _read_file(path, read_text(path, files[path]), gathering)
    return gathering.finish()


def _read_file(path: str, text: str, gathering: Gathering) -> None:
    content = _parse(path, text)
    parts = {
        kind: [_Part(path, text, kind, index, each) for index, each in enumerate(content[kind])]
        for kind in _LISTS
    }
    names: dict[int, str] = {}
    for part in parts["categories"]:
        name = part.get("name", str).strip()
        names[_new_id(part, names)] = name
        gathering.name_class(name, part.place)
    found: dict[int, tuple[Photo, bool] | None] = {}
    for part in parts["images"]:
        name = part.get("file_name", str)
        photo = gathering.find(name, part.place)
        entry = None
        if photo is not None:
            size = (part.whole("height"), part.whole("width"))
            entry = (photo, gathering.is_stored(photo, size, part.place))
        found[_new_id(part, found)] = entry
    seen: set[int] = set()
    for part in parts["annotations"]:
        if "id" in part.entry:
            seen.add(_new_id(part, seen))
        _read_annotation(part, names, found, gathering)


def _parse(path: str, text: str) -> dict[str, list[object]]:
    try:
        content = json.loads(text)
    except json.JSONDecodeError as error:
        raise Place(path, error.lineno).error("label_not_json", column=error.colno) from None
    except (ValueError, RecursionError):  # numbers of thousands of digits, lists in lists in lists
        raise Place(path, 1).error("label_not_json", column=1) from None
    lists = {key: content.get(key) if isinstance(content, dict) else None for key in _LISTS}
    for key, value in lists.items():
        if not isinstance(value, list):
            raise Place(path, 1).error("label_no_list", name=key)
    return lists  # type: ignore[return-value]


def _new_id(part: _Part, known: Container[int]) -> int:
    number = part.whole("id")
    if number in known:
        raise part.place.error("label_id_twice", kind=part.kind, id=number)
    return number


def _read_annotation(
    part: _Part,
    names: Mapping[int, str],
    found: Mapping[int, tuple[Photo, bool] | None],
    gathering: Gathering,
) -> None:
    image, category = part.whole("image_id"), part.whole("category_id")
    if image not in found:
        raise part.place.error("label_id_unknown", kind="images", id=image)
    if category not in names:
        raise part.place.error("label_id_unknown", kind="categories", id=category)
    entry = found[image]
    if entry is None:
        return
    photo, stored = entry
    label = names[category]
    corners = _box_of(part, gathering)
    crowd, difficult = (part.entry.get(flag) in _YES for flag in ("iscrowd", "difficult"))
    gathering.add(photo, Box(corners, label, crowd, difficult), part.place, stored)


def _box_of(part: _Part, gathering: Gathering) -> Corners:
    if part.entry.get("bbox") not in (None, []):
        x, y, w, h = _numbers(part, part.entry["bbox"], 4)
        return x, y, x + w, y + h
    shape = part.entry.get("segmentation")
    if isinstance(shape, list) and shape:
        gathering.note("labels_polygons")
        flat = [number for polygon in shape for number in _numbers(part, polygon)]
        if len(flat) >= 6 and len(flat) % 2 == 0:
            return min(flat[::2]), min(flat[1::2]), max(flat[::2]), max(flat[1::2])
    if isinstance(shape, dict):
        gathering.note("labels_masks")
        return _box_of_mask(part, shape)
    raise part.place.error("label_no_key", kind=part.kind, index=part.index, name="bbox")


def _box_of_mask(part: _Part, shape: Mapping[str, Any]) -> Corners:
    height, width = (int(number) for number in _numbers(part, shape.get("size"), 2))
    counts = shape.get("counts")
    listed = None if isinstance(counts, str) else [int(each) for each in _numbers(part, counts)]
    try:
        runs = decode_counts(counts) if isinstance(counts, str) else listed or []
        box = box_of_runs(runs, (height, width))
    except ValueError:
        box = None
    if box is None:
        raise part.place.error("label_mask", index=part.index)
    return box


def _numbers(part: _Part, values: object, count: int | None = None) -> list[float]:
    listed: list[Any] = (
        values if isinstance(values, list) and count in (None, len(values)) else [None]
    )
    if not all(type(each) in (int, float) and abs(each) < _LARGEST for each in listed):
        raise part.place.error("label_no_numbers", kind=part.kind, index=part.index)
    return [float(each) for each in listed]


def _line_of(text: str, kind: str, index: int) -> int:
    """The line in which an entry of a list begins; 1 where it cannot be found."""
    found = re.search(rf'"{kind}"\s*:\s*\[\s*', text)
    if not found:
        return 1
    at, decoder = found.end(), json.JSONDecoder()
    try:
        for _ in range(index):
            _, at = decoder.raw_decode(text, at)
            at = re.compile(r"\s*,?\s*").match(text, at).end()  # type: ignore[union-attr]
    except ValueError:
        return 1
    return text.count("\n", 0, at) + 1


def coco_annotation(box: Box, number: int, image: int, class_names: Sequence[str]) -> dict:
    """A box as the file says it; ids count from 1."""
    x1, y1, x2, y2 = box.corners
    width, height = round(x2 - x1, 6), round(y2 - y1, 6)  # 0.3 - 0.1 is not 0.2
    entry = {
        "id": number,
        "image_id": image,
        "category_id": class_names.index(box.label) + 1,
        "bbox": [x1, y1, width, height],
        "area": round(width * height, 6),
        "segmentation": [],
        "iscrowd": int(box.crowd),
    }
    return entry | ({"difficult": 1} if box.difficult else {})


def write_coco(labels: Labels) -> dict[str, bytes]:
    """``annotations.json``, in which ids count from 1; VOC's ``difficult`` is kept beside."""
    images, annotations = [], []
    for image, photo in enumerate(labels.photos, start=1):
        height, width = photo.size
        images.append({"id": image, "file_name": photo.name, "width": width, "height": height})
        for box in photo.boxes:
            number = len(annotations) + 1
            annotations.append(coco_annotation(box, number, image, labels.class_names))
    categories = [
        {"id": number, "name": name} for number, name in enumerate(labels.class_names, start=1)
    ]
    content = {"images": images, "annotations": annotations, "categories": categories}
    return {"annotations.json": _a_line_each(content).encode()}


def _a_line_each(content: Mapping[str, Sequence[object]]) -> str:
    """An entry a line, so that a sentence can name the line and a person can read the file."""
    lists = []
    for key, entries in content.items():
        lines = ",\n".join(json.dumps(entry, ensure_ascii=False) for entry in entries)
        lists.append(f'"{key}": [\n{lines}\n]' if entries else f'"{key}": []')
    return "{" + ",\n".join(lists) + "}\n"

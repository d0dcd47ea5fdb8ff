"""What each of the four formats stores of one box."""

import json
from collections.abc import Sequence
from typing import Any

from engine.labels.coco import coco_annotation
from engine.labels.formats import FORMS, read_labels, write_labels
from engine.labels.kitti import kitti_line
from engine.labels.model import Box, Labels, Photo, Place, check_corners, cut
from engine.labels.voc import voc_corners, voc_object
from engine.labels.yolo import yolo_line
from engine.serving.labels.contract import Form, Stored


def stored_of(asked: Stored) -> dict[str, Any]:
    """What each format stores of a box: the very text, and the edges that are read back from it.

    Raises:
        InputError: the box has no size or lies outside the picture.
    """
    size, place = (asked.height, asked.width), Place(asked.name, 1)
    corners = check_corners((asked.x1, asked.y1, asked.x2, asked.y2), place, asked.label)
    within = cut(corners, size)
    if within is None:
        raise place.error("label_outside", name=asked.label, photo=asked.name)
    box = Box(within, asked.label, asked.crowd, asked.difficult)
    names = [*(f"class {number}" for number in range(asked.index)), asked.label]
    texts = {
        "yolo": yolo_line(box, size, names),
        "kitti": kitti_line(box),
        "coco": json.dumps(coco_annotation(box, 1, 1, names), ensure_ascii=False),
        "voc": voc_object(box).strip(),
    }
    one = Labels((Photo(asked.name, size, (box,)),), tuple(names))
    return {"texts": texts, "moved": {form: _moved(form, one, within) for form in FORMS}}


def _moved(form: Form, labels: Labels, corners: Sequence[float]) -> float:
    """How far in pixels the farthest edge is from where it was, once written and read again."""
    if form == "voc":
        x1, y1, x2, y2 = voc_corners(labels.photos[0].boxes[0].corners)
        found: Sequence[float] = (x1 - 1, y1 - 1, x2, y2)
    else:
        read = read_labels(write_labels(form, labels), labels.photos, form)
        found = read.photos[0].boxes[0].corners
    return max(abs(one - other) for one, other in zip(found, corners, strict=True))

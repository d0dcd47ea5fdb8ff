"""One labelled picture in four formats, from what a detector finds or from an edited file."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from engine.detection.nanodet.finding import USUAL_SCORE
from engine.labels.formats import losses, read_labels, write_labels
from engine.labels.misread import MISREADINGS, misread, overlap
from engine.labels.model import Box, Labels, Photo
from engine.pictures import Picture, note_sentence, resize_longest
from engine.progress import Progress
from engine.serving.datasets.contract import MOST_LETTERS, FormatName, FormatsQuestion
from engine.serving.detections import thinned_boxes

SHOWN_PX, NAME = 640, "photo.jpg"
IOU, MOST_BOXES = 0.5, 4
PATHS: dict[FormatName, str] = {
    "voc": "Annotations/photo.xml",
    "coco": "annotations.json",
    "yolo": "labels/photo.txt",
    "kitti": "label_2/photo.txt",
}


def look(
    asked: FormatsQuestion, picture: Picture, lang: str
) -> tuple[dict[str, np.ndarray], dict[str, Any]] | Progress:
    """The picture and its labels in all formats, or how far the detector is.

    Raises:
        InputError: the edited file cannot be read; it says where.
    """
    pixels = np.ascontiguousarray(resize_longest(picture.pixels, SHOWN_PX))
    size = (pixels.shape[0], pixels.shape[1])
    if asked.form is None:
        found = _found(picture, size)
        if isinstance(found, Progress):
            return found
        labels = found or _middle(size)
        source = "detector" if found else "middle"
    else:
        labels = _edited(asked.form, asked.text, size, asked.classes.split("\n"))
        source = "edited"
    about = {"source": source, "sure": USUAL_SCORE, "most_letters": MOST_LETTERS}
    return {"pixels": pixels}, about | _told(labels, size, lang)


def _found(picture: Picture, size: tuple[int, int]) -> Labels | Progress | None:
    """The surest things that NanoDet finds, their edges on whole pixels of the shown picture."""
    thinned = thinned_boxes(picture, "nanodet", IOU)
    if isinstance(thinned, Progress):
        return thinned
    found = thinned.at_least(USUAL_SCORE)
    height, width = size
    scale = width / picture.pixels.shape[1]
    names = [found.class_names[label] for label in found.labels[:MOST_BOXES].tolist()]
    edges = (found.boxes[:MOST_BOXES] * scale).round().tolist()
    boxes = [
        Box((max(0.0, x1), max(0.0, y1), min(float(width), x2), min(float(height), y2)), name)
        for name, (x1, y1, x2, y2) in zip(names, edges, strict=True)
        if x2 > x1 and y2 > y1
    ]
    if not boxes:
        return None
    classes = tuple(dict.fromkeys(box.label for box in boxes))
    return Labels((Photo(NAME, size, tuple(boxes)),), classes)


def _middle(size: tuple[int, int]) -> Labels:
    """A box in the middle of a picture on which nothing is found."""
    height, width = size
    left, top = float(width // 4), float(height // 4)
    box = Box((left, top, width - left, height - top), "thing")
    return Labels((Photo(NAME, size, (box,)),), (box.label,))


def _edited(form: FormatName, text: str, size: tuple[int, int], classes: Sequence[str]) -> Labels:
    named = [name.strip() for name in classes if name.strip()]
    return read_labels({PATHS[form]: text.encode()}, (Photo(NAME, size),), form, named)


def _told(labels: Labels, size: tuple[int, int], lang: str) -> dict[str, Any]:
    boxes = labels.photos[0].boxes
    files = {form: write_labels(form, labels)[path].decode() for form, path in PATHS.items()}
    return {
        "boxes": [list(box.corners) for box in boxes],
        "labels": [box.label for box in boxes],
        "classes": list(labels.class_names),
        "files": files,
        "paths": PATHS,
        "lost": {form: [note_sentence(n, lang) for n in losses(form, labels)] for form in PATHS},
        "notes": [note_sentence(note, lang) for note in labels.notes],
        "misread": {how: [_misread(box, size, how) for box in boxes] for how in MISREADINGS},
    }


def _misread(box: Box, size: tuple[int, int], how: Any) -> dict[str, Any]:
    read = misread(box.corners, size, how)
    return {"box": read and list(read), "iou": overlap(box.corners, read)}

"""What the page Detect shows of two detectors, the API's own question, and results as files."""

from dataclasses import dataclass, replace
from time import perf_counter
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.errors import InputError
from engine.pictures import resolve
from engine.progress import Progress
from engine.serving.class_words import class_word, named_labels
from engine.serving.detect.contract import NOTHING, File, Question
from engine.serving.detections import Thinned, thin_kept, thinned_boxes
from engine.serving.raw_boxes import look_now, raw_boxes_now

if TYPE_CHECKING:
    from engine.detection.detections import Detections
    from engine.pictures import Picture

MEDIA_TYPES = {"json": "application/json", "yolo": "application/zip", "coco": "application/json"}
_ENDINGS = {"json": "json", "yolo": "zip", "coco": "coco.json"}
Answer = tuple[dict[str, np.ndarray], dict[str, Any]]


@dataclass(frozen=True, eq=False)
class Found:
    """What a detector found on a picture, and in which time from the decoded picture on."""

    found: "Detections"
    ms: float


def detect_picture(pixels: np.ndarray, detector: str, score: float, iou: float) -> Found:
    """A detector on a picture of its own, uint8 ``(H, W, 3)``: nothing of it is kept.

    Raises:
        InputError: as :func:`thinned_boxes`.
    """
    from engine.detection.detectors import thin

    begun = perf_counter()
    found = thin(look_now(pixels, detector).found, score, iou)
    return Found(found, (perf_counter() - begun) * 1000)


def scale_boxes(
    found: "Detections", size: tuple[int, int], original: tuple[int, int]
) -> "Detections":
    """Boxes on a picture that was scaled, on the original: both sizes ``(H, W)``."""
    down, across = (to / of for of, to in zip(size, original, strict=True))
    if (down, across) == (1, 1):
        return found
    factors = found.boxes.new_tensor([across, down, across, down])
    return replace(found, boxes=found.boxes * factors)


def result_file(asked: File) -> tuple[str, bytes]:
    """The name and the content of a file with what a detector found, in the original's pixels.

    Raises:
        InputError: as :func:`thinned_boxes`, or no such picture.
    """
    from engine.detection import exports

    picture, form = resolve(asked.picture), asked.form
    raw = raw_boxes_now(picture, asked.detector)
    kept = thin_kept(picture, asked.detector, asked.iou, raw).at_least(asked.score)
    size = picture.original_size
    found = scale_boxes(only_of(kept, asked.only), raw.size, size)
    if form == "json":
        about = asked.model_dump(exclude={"picture", "form"})
        content = exports.as_json(found, size, {"picture": picture.file_name} | about)
    elif form == "yolo":
        content = exports.as_yolo(found, size, picture.stem)
    else:
        content = exports.as_coco(found, size, picture.file_name)
    return f"{picture.stem}_{asked.detector}.{_ENDINGS[form]}", content


def both_sides(asked: Question, lang: str) -> Answer | Progress[Any]:
    """What the detectors of both sides say, or how far they are while neither is done.

    A side that is not done yet, beside one that is, says how far it is in ``about``, which then is
    ``unfinished``.

    Args:
        asked: what the page's controls say.
        lang: of the names of classes, and of the sentence that a side without an answer gets.

    Raises:
        InputError: no such picture.
    """
    shown = resolve(asked.picture)
    named = {"left": asked.left, "right": asked.right}
    sides = {side: _side(shown, name, asked.iou) for side, name in named.items() if name != NOTHING}
    waiting = [found for found in sides.values() if isinstance(found, Progress)]
    if waiting and len(waiting) == len(sides):
        return waiting[0]
    arrays: dict[str, np.ndarray] = {}
    about: dict[str, Any] = {"size": list(shown.pixels.shape[:2]), "unfinished": bool(waiting)}
    for side, found in sides.items():
        about[side] = {"detector": named[side]}
        if isinstance(found, Thinned):
            arrays |= _arrays(side, found)
            about[side] |= _facts(named[side], found, asked, lang)
        elif isinstance(found, InputError):
            about[side] |= {"why": found.sentence(lang)}
        else:
            about[side] |= {"done": found.done, "total": found.total}
    return arrays, about


def _side(shown: "Picture", name: str, iou: float) -> "Thinned | Progress[Any] | InputError":
    try:
        return thinned_boxes(shown, name, iou)
    except InputError as error:
        return error


def _arrays(side: str, found: Thinned) -> dict[str, np.ndarray]:
    raw = found.raw.found
    return {
        f"{side}_boxes": raw.boxes.numpy(),
        f"{side}_scores": raw.scores.numpy(),
        f"{side}_labels": raw.labels.numpy().astype("int32"),
        f"{side}_kept": found.kept,
    }


def _facts(name: str, found: Thinned, asked: Question, lang: str) -> dict[str, Any]:
    from engine.detection.detectors import MOST_BOXES, find_detector

    entry, raw = find_detector(name), found.raw.found
    left = found.at_least(asked.score)
    return {
        "names": named_labels(raw.labels.tolist(), raw.class_names, lang),
        "classes": named_labels(raw.labels.tolist(), raw.class_names, "en"),
        "meaning": entry.meaning,
        "knows": entry.knows,
        "thing": class_word(raw.class_names[0], lang) if entry.knows == "one" else None,
        "least": entry.least,
        "usual": entry.usual,
        "ms": found.raw.ms,
        "nms_ms": found.ms,
        "most": MOST_BOXES,
        "bare": len(raw),
        "found": len(only_of(left, asked.only)),
        "best": _best(found, lang),
    }


def _best(found: Thinned, lang: str) -> dict[str, Any] | None:
    """The surest box, whatever the threshold."""
    if not len(found.kept):
        return None
    raw = found.raw.found
    name = raw.class_names[int(raw.labels[0])]
    return {"name": class_word(name, lang), "score": float(raw.scores[0])}


def only_of(found: "Detections", name: str) -> "Detections":
    """Those of one class, by its English name; all where ``name`` is empty."""
    if not name:
        return found
    import torch

    wanted = torch.tensor([each == name for each in found.class_names], dtype=torch.bool)
    return found.take(wanted[found.labels])

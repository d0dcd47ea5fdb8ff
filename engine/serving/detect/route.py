"""Detectors by name: on an uploaded file, and on the picture of the page Detect."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Form, Query, Request, Response, UploadFile
from pydantic import BaseModel

from engine.errors import InputError
from engine.explain.progress import Progress
from engine.pictures import decode, note_sentence, resolve
from engine.serving.binary import pack, pending
from engine.serving.class_words import named_labels
from engine.serving.detections import (
    MEDIA_TYPES,
    Thinned,
    detect_picture,
    result_file,
    scale_boxes,
    thinned_boxes,
)
from engine.serving.guard import language_of

NOTHING = "none"  # no detector on that side
Name = Annotated[str, Query(max_length=64)]
Share = Annotated[float, Query(ge=0, le=1, allow_inf_nan=False)]

router = APIRouter(tags=["detection"])


class Detection(BaseModel):
    """A box ``[x1, y1, x2, y2]`` in pixels of the file, half-open; its score in [0, 1]."""

    box: tuple[float, float, float, float]
    score: float
    label: str


class Detected(BaseModel):
    """What was found, highest score first; ``ms`` from the decoded picture to the answer.

    ``height_px`` and ``width_px`` are the file's, turned upright; ``notes`` say in words what was
    done to it.
    """

    detector: str
    detections: list[Detection]
    ms: float
    height_px: int
    width_px: int
    notes: list[str]


class DetectorEntry(BaseModel):
    """A detector, and why it is not at hand (null where it is)."""

    name: str
    title: str
    family: str
    meaning: str
    least: float
    usual: float
    missing: str | None
    file_mib: float | None


@router.post("/detect")
def detect(
    request: Request,
    file: UploadFile,
    detector: Annotated[str, Form(max_length=64)] = "mtcnn",
    score: Annotated[float, Form(ge=0, le=1, allow_inf_nan=False)] = 0.5,
    iou: Annotated[float, Form(ge=0, le=1, allow_inf_nan=False)] = 0.5,
) -> Detected:
    """Things on a picture (PNG, JPEG, … up to 20 MB): ``/api/v1/detectors`` lists the detectors."""
    from engine.detection.detectors import find_detector

    find_detector(detector).check()  # before a large file is decoded
    decoded = decode(file.file.read())
    answer = detect_picture(decoded.pixels, detector, score, iou)
    size = (decoded.pixels.shape[0], decoded.pixels.shape[1])
    found = scale_boxes(answer.found, size, decoded.original_size)
    height_px, width_px = decoded.original_size
    return Detected(
        detector=detector,
        detections=[Detection(**row) for row in found.to_dicts()],
        ms=answer.ms,
        height_px=height_px,
        width_px=width_px,
        notes=[note_sentence(note, language_of(request.headers)) for note in decoded.notes],
    )


@router.get("/detectors")
def detectors(request: Request) -> list[DetectorEntry]:
    """All detectors, at hand or not."""
    from engine.detection.detectors import list_detectors, why_missing

    lang = language_of(request.headers)
    entries = []
    for entry in list_detectors():
        why = why_missing(entry.name)
        facts = {name: getattr(entry, name) for name in DetectorEntry.model_fields.keys() - _OURS}
        entries.append(DetectorEntry(**facts, missing=why and why.sentence(lang)))
    return entries


_OURS = {"missing"}


@router.get("/detect/panels", response_class=Response)
def panels(
    request: Request, picture: str, left: Name = "mtcnn", right: Name = NOTHING, iou: Share = 0.5
) -> Response:
    """Of each side's detector the bare boxes and which of them NMS keeps.

    Arrays ``left_boxes (N, 4)`` xyxy in pixels, ``left_scores``, ``left_labels``, best first, and
    ``left_kept (K,)``, indices of the boxes kept; the same for ``right``. Those with a score of s
    or more among the kept ones are the result for s. ``about`` names the labels in the reader's
    language, and says why a side has no answer. 202 with ``done`` and ``total`` while detectors
    are looking.
    """
    shown = resolve(picture)
    sides: dict[str, Thinned | Progress | InputError] = {}
    for side, name in (("left", left), ("right", right)):
        if name == NOTHING:
            continue
        try:
            sides[side] = thinned_boxes(shown, name, iou)
        except InputError as error:
            sides[side] = error
    waiting = [found for found in sides.values() if isinstance(found, Progress)]
    if waiting:
        return pending(waiting[0])
    arrays, about, lang = {}, {}, language_of(request.headers)
    for side, name in (("left", left), ("right", right)):
        found = sides.get(side)
        if isinstance(found, Thinned):
            arrays |= _arrays(side, found)
            about[side] = _facts(name, found, lang)
        elif isinstance(found, InputError):
            about[side] = {"detector": name, "why": found.sentence(lang)}
    least = [facts["least"] for facts in about.values() if "least" in facts]
    limits = {"score": {"low": min(least, default=0)}}
    return pack(arrays, {**about, "size": list(shown.pixels.shape[:2]), "limits": limits})


@router.get("/detect/file", response_class=Response)
def file(
    picture: str,
    detector: Name = "mtcnn",
    score: Share = 0.5,
    iou: Share = 0.5,
    form: Literal["json", "yolo", "coco"] = "json",
) -> Response:
    """What a detector found, as a file: see ``engine.detection.exports`` for the formats."""
    name, content = result_file(resolve(picture), detector, score, iou, form)
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "private, no-store",
    }
    return Response(content, media_type=MEDIA_TYPES[form], headers=headers)


def _arrays(side: str, found: Thinned) -> dict[str, Any]:
    raw = found.raw.found
    return {
        f"{side}_boxes": raw.boxes.numpy(),
        f"{side}_scores": raw.scores.numpy(),
        f"{side}_labels": raw.labels.numpy().astype("int32"),
        f"{side}_kept": found.kept,
    }


def _facts(name: str, found: Thinned, lang: str) -> dict[str, Any]:
    from engine.detection.detectors import MOST_BOXES, find_detector

    entry, raw = find_detector(name), found.raw.found
    return {
        "detector": name,
        "names": named_labels(raw.labels.tolist(), raw.class_names, lang),
        "meaning": entry.meaning,
        "least": entry.least,
        "usual": entry.usual,
        "ms": found.raw.ms,
        "nms_ms": found.ms,
        "most": MOST_BOXES,
    }

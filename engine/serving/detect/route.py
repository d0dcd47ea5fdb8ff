"""Detectors by name: on an uploaded file, and on the picture of the page Detect."""

from typing import Annotated

from fastapi import APIRouter, Form, Query, Request, Response, UploadFile
from pydantic import BaseModel

from engine.pictures import decode, note_sentence
from engine.progress import Progress
from engine.serving.attachment import attachment
from engine.serving.binary import pack, pending
from engine.serving.detect.contract import DETECTOR, File, Iou, Name, Question, Score
from engine.wire.hosts import language_of

_USUAL = File()

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
    """A detector, and why it is not available (null where it is)."""

    name: str
    title: str
    family: str
    meaning: str
    knows: str
    least: float
    usual: float
    missing: str | None
    file_mib: float | None


@router.post("/detect")
def detect(
    request: Request,
    file: UploadFile,
    detector: Annotated[Name, Form()] = DETECTOR,
    score: Annotated[Score, Form()] = _USUAL.score,
    iou: Annotated[Iou, Form()] = _USUAL.iou,
) -> Detected:
    """Things on a picture (PNG, JPEG, … up to 20 MB): ``/api/v1/detectors`` lists the detectors.

    Bound: 30 s of a core, 1000 MiB.
    """
    from engine.detection.detectors import find_detector
    from engine.serving.detect.compute import detect_picture, scale_boxes

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
    """All detectors, available or not.

    Bound: 0.5 s of a core, 50 MiB.
    """
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
def panels(request: Request, asked: Annotated[Question, Query()]) -> Response:
    """Of each side's detector the bare boxes and which of them NMS keeps.

    Arrays ``left_boxes (N, 4)`` xyxy in pixels, ``left_scores``, ``left_labels``, best first, and
    ``left_kept (K,)``, indices of the boxes kept; the same for ``right``. Those with a score of s
    or more among the kept ones are the result for s. ``about.left.found`` counts them for the score
    that was asked; ``about.left.names`` are in the reader's language. A side that has no answer
    says why in ``about``. 202 with ``done`` and ``total`` while detectors are looking.

    Bound: a job of 30 s of a core, 1000 MiB.
    """
    from engine.serving.detect.compute import both_sides

    found = both_sides(asked, language_of(request.headers))
    return pending(found) if isinstance(found, Progress) else pack(*found)


@router.get("/detect/file", response_class=Response)
def file(asked: Annotated[File, Query()]) -> Response:
    """What a detector found, as a file: see ``engine.detection.exports`` for the formats.

    Boxes are in the pixels of the original, whose name stands in the file.

    Bound: 30 s of a core, 1000 MiB.
    """
    from engine.serving.detect.compute import MEDIA_TYPES, result_file

    name, content = result_file(asked)
    return attachment(name, content, MEDIA_TYPES[asked.form])

"""Segmenters by name: on an uploaded file or a drawn scene, and on the picture of page Segment."""

import base64
from typing import TYPE_CHECKING, Annotated, Any, Literal

import numpy as np
from fastapi import APIRouter, Form, Query, Request, Response, UploadFile
from pydantic import BaseModel, Field

from engine.errors import InputError
from engine.pictures import decode, note_sentence, resolve
from engine.progress import Progress
from engine.serving.attachment import attachment
from engine.serving.binary import pack, pending
from engine.serving.class_words import named_labels
from engine.serving.marks_contract import FIRST_BOX, Drawn
from engine.serving.segment.contract import FileQuestion, Question
from engine.serving.segmentations import (
    MEDIA_TYPES,
    Read,
    draw_scene,
    read,
    result_file,
    segment_picture,
)
from engine.wire.hosts import language_of

if TYPE_CHECKING:
    from engine.segment.segmenter import Settings

Kind = Literal["semantic", "instance", "panoptic", "regions"]
MAX_SEED = 2**63 - 1

router = APIRouter(tags=["segmentation"])


class SegmentEntry(BaseModel):
    """A segment; ``score`` in [0, 1]."""

    id: int
    name: str = Field(alias="class")
    area_px: int
    score: float
    thing: bool


class Segmented(BaseModel):
    """Segments by rising id; ``ms`` from the decoded picture to the answer.

    ``label_map_png`` is a grey 16-bit PNG in base64, each pixel the id of its segment, 0 where it
    belongs to none; it is ``width_px`` x ``height_px``, the file's own size, turned upright. A
    large picture is looked at scaled down: ``notes`` say that, and what else was done to it.
    """

    kind: Kind
    model: str
    height_px: int
    width_px: int
    segments: list[SegmentEntry]
    label_map_png: str
    ms: float
    notes: list[str]


class SegmenterEntry(BaseModel):
    """A segmenter, and why it is not available (null where it is)."""

    name: str
    title: str
    family: str
    kinds: list[Kind]
    missing: str | None
    file_mib: float | None


@router.post("/segment")
def segment(
    request: Request,
    file: UploadFile | None = None,
    scene: Annotated[int | None, Form(ge=0, le=MAX_SEED)] = None,
    kind: Annotated[Kind | None, Form()] = None,
    model: Annotated[str | None, Form(max_length=64)] = None,
    drawn: Annotated[Drawn, Form()] = FIRST_BOX,
) -> Segmented:
    """A picture (PNG, JPEG, … up to 20 MB), or the drawn scene of a number, in segments.

    ``/api/v1/segmenters`` lists the models and their kinds. Without ``model`` it is GrabCut for a
    file and the panoptic net for a scene; without ``kind`` it is the model's usual one. Panoptic
    segments and regions cover every pixel exactly once. ``drawn`` steers GrabCut where the model is
    ``drawn``: a box ``r:x,y;x,y``, strokes ``f:x,y;…`` on the thing and ``b:x,y;…`` beside it, in
    thousandths, ``|`` between.

    Bound: 30 s of a core, 1000 MiB.
    """
    from engine.segment.exports import as_png, enlarged_segments
    from engine.segment.segmenter import Settings
    from engine.segment.segmenters import DEFAULT, SCENES, find_segmenter, own_settings

    if (file is None) == (scene is None):
        raise InputError("segment_source")
    entry = find_segmenter(model or (DEFAULT if scene is None else SCENES))
    settings = own_settings(entry, Settings(kind=kind, drawn=drawn))
    entry.check()  # before a large file is decoded
    pixels, size, notes = _source(file, scene, language_of(request.headers))
    answer, ms = segment_picture(pixels, entry.name, settings)
    return Segmented(
        kind=answer.kind,
        model=entry.name,
        height_px=size[0],
        width_px=size[1],
        segments=[SegmentEntry(**row) for row in enlarged_segments(answer, size)],
        label_map_png=base64.b64encode(as_png(answer.found.ids, size)).decode(),
        ms=ms,
        notes=notes,
    )


def _source(
    file: UploadFile | None, scene: int | None, lang: str
) -> tuple[np.ndarray, tuple[int, int], list[str]]:
    """What was sent, or the scene that was meant; (H, W) of the original; what was done to it."""
    if file is not None:
        decoded = decode(file.file.read())
        notes = [note_sentence(note, lang) for note in decoded.notes]
        return decoded.pixels, decoded.original_size, notes
    assert scene is not None
    drawn = draw_scene(scene)
    return drawn, (drawn.shape[0], drawn.shape[1]), []


@router.get("/segmenters")
def segmenters(request: Request) -> list[SegmenterEntry]:
    """All segmenters, available or not.

    Bound: 0.5 s of a core, 50 MiB.
    """
    from engine.segment.segmenters import list_segmenters, why_missing

    lang = language_of(request.headers)
    entries = []
    for entry in list_segmenters():
        why = why_missing(entry.name)
        names = SegmenterEntry.model_fields.keys() - {"missing", "kinds"}
        facts = {name: getattr(entry, name) for name in names}
        missing = why and why.sentence(lang)
        entries.append(SegmenterEntry(**facts, kinds=list(entry.kinds), missing=missing))
    return entries


def settings_of(asked: Question) -> "Settings":
    """The same as the engine reads it."""
    from engine.segment.segmenter import Settings

    return Settings(
        asked.seed, asked.pieces, asked.compactness, asked.scale, asked.least, asked.drawn
    )


@router.get("/segment/reading", response_class=Response)
def reading(request: Request, asked: Annotated[Question, Query()]) -> Response:
    """A method's segments of the page's picture, at the size at which it was looked at.

    Arrays ``ids (H, W)`` uint16, 0 where no segment is, and by segment ``segment_ids``,
    ``categories``, ``areas_px`` and ``scores``; ``about["names"]`` holds the categories' names
    in the reader's language. Of GrabCut also its steps: ``map (H, W)`` in [0, 1], ``marks (H, W)``
    0 to 3 (surely back, surely front, perhaps back, perhaps front), ``masks (iterations, H, W)``;
    ``about["cut"]`` holds the box, the class and the areas. A method that has no answer says why in
    ``about``. 202 with ``done`` and ``total`` while it works.

    Bound: a job of 30 s of a core, 1000 MiB.
    """
    shown = resolve(asked.picture)
    size = list(shown.pixels.shape[:2])
    try:
        found = read(shown, asked.method, settings_of(asked))
    except InputError as error:
        if error.status == 404:
            raise
        return pack({}, {"why": error.sentence(language_of(request.headers)), "size": size})
    if isinstance(found, Progress):
        return pending(found)
    return pack(_arrays(found), _facts(asked.method, found, language_of(request.headers)))


@router.get("/segment/file", response_class=Response)
def file(asked: Annotated[FileQuestion, Query()]) -> Response:
    """The segments as a file, at the original's size: see ``engine.segment.exports``.

    Bound: 30 s of a core, 1000 MiB.
    """
    name, content = result_file(
        resolve(asked.picture), asked.method, settings_of(asked), asked.form
    )
    return attachment(name, content, MEDIA_TYPES[asked.form])


def _arrays(found: Read) -> dict[str, np.ndarray]:
    segments, cut = found.reading.answer.found.segments, found.reading.cut
    arrays = {
        "ids": found.reading.answer.found.ids.astype(np.uint16),
        "segment_ids": np.array([each.id for each in segments], np.int32),
        "categories": np.array([each.category for each in segments], np.int32),
        "areas_px": np.array([each.area_px for each in segments], np.int32),
        "scores": np.array([each.score for each in segments], np.float32),
    }
    if cut is not None:
        arrays |= {
            "map": found.seen.map,
            "marks": cut.trimap.marks,
            "masks": cut.masks.astype(np.uint8),
        }
    return arrays


def _facts(method: str, found: Read, lang: str) -> dict[str, Any]:
    answer, cut = found.reading.answer, found.reading.cut
    used = [each.category for each in answer.found.segments]
    facts = {
        "method": method,
        "kind": answer.kind,
        "size": list(answer.size),
        "names": named_labels(used, answer.class_names, lang),
        "count": len(answer.found.segments),
        "covered": answer.covered,
        "void_px": answer.found.void_px,
        "look_ms": found.look_ms,
        "settle_ms": found.settle_ms,
    }
    if cut is not None:
        from engine.nets.classify import UNSURE_BELOW

        facts["cut"] = {
            "class": found.seen.class_name,
            "prob": found.seen.prob,
            "unsure": found.seen.prob < UNSURE_BELOW,
            "box": list(cut.trimap.box),
            "marked_px": np.bincount(cut.trimap.marks.ravel(), minlength=4).tolist(),
            "areas_px": cut.masks.sum(axis=(1, 2)).tolist(),
        }
    return facts

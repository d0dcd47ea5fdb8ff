"""Own labels as a data set, and detectors that learn from it."""

from typing import Annotated, Any

from fastapi import APIRouter, File, Form, Query, Response, UploadFile
from pydantic import BaseModel

from engine.serving.binary import pack
from engine.serving.labels.contract import EpochQuestion, Learnt, TrainingQuestion
from engine.serving.labels.fields import LabelsInFields
from engine.serving.labels.reading import read_labelled_set, read_model
from engine.serving.labels.room import room_for
from engine.serving.training import seen_run
from engine.serving.visitors import Asker

router = APIRouter(prefix="/labels", tags=["labels"], route_class=LabelsInFields)


class LearntClass(BaseModel):
    """How many boxes of a class are learnt and judged by, and whether COCO has a class so named."""

    name: str
    learnt: int
    held_out: int
    known: bool


class LearntSet(BaseModel):
    """``token`` stands for the photos when a run is begun; ``photos`` are learnt from."""

    token: str
    photos: int
    held_out: str
    classes: list[LearntClass]
    side_px: int


@router.post("/set")
def make(
    given: Annotated[str, Form(alias="labels")],
    learnt: Annotated[str, Form()],
    photos: Annotated[list[UploadFile], File()],
) -> LearntSet:
    """Labelled photos, up to 40 and 64 MB, as a data set that ``POST /runs`` takes as ``own_data``.

    ``labels`` is a ``LabelledSet`` as JSON, ``photos`` are its photos' files in their order,
    ``learnt`` is a ``Learnt`` as JSON: which photo is held out, which boxes count.

    Bound: 15 s of a core, 500 MiB.
    """
    from engine.serving.labels.data_set import make_set
    from engine.serving.own_sets import own_sets

    asked = read_model(Learnt, learnt, "learnt")
    with room_for(photos):
        contents = (photo.file.read() for photo in photos)
        data, about = make_set(read_labelled_set(given), contents, asked)
    return LearntSet(token=own_sets().put(data), **about)


@router.get("/training", response_class=Response)
def plan(asked: Annotated[TrainingQuestion, Query()]) -> Response:
    """``about.settings`` as POST /runs takes them; ``about.learning`` suits each learner.

    Bound: 0.5 s of a core, 50 MiB.
    """
    from engine.serving.labels.training import LEARNING, settings_of

    about: dict[str, Any] = {
        "settings": settings_of(asked).to_dict(),
        "learning": LEARNING,
        "limits": {
            "learns": {"disabled": asked.learner != "nanodet"},
            "after": {"low": 0, "high": asked.passes},
        },
    }
    return pack({}, about)


@router.get("/training/epoch", response_class=Response)
def see_epoch(asked: Annotated[EpochQuestion, Query()], who: Asker) -> Response:
    """The held-out photo through a run's network at the end of an epoch (0: before the first).

    Arrays: ``pixels`` uint8 (H, W, 3); ``truth_boxes`` (M, 4) and ``truth_labels``; ``boxes``
    (N, 4) with ``scores``, ``labels`` and ``right``, down to a score of 0.05. ``about``: classes,
    ``ap50`` and of ``each`` class the same.

    Bound: 2 s of a core, 150 MiB.
    """
    from engine.serving.labels.training import view_epoch

    view = view_epoch(seen_run(asked.name, who), asked.epoch)
    arrays = {
        "pixels": view.pixels,
        "truth_boxes": view.truths.boxes.numpy(),
        "truth_labels": view.truths.labels.int().numpy(),
        "boxes": view.found.boxes.numpy(),
        "scores": view.found.scores.numpy(),
        "labels": view.found.labels.int().numpy(),
        "right": view.is_right.byte().numpy(),
    }
    return pack(arrays, view.about() | {"epoch": asked.epoch})

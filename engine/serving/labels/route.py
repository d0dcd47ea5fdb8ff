"""Label files in and out, and what each format stores of one box.

Boxes are proposed by ``POST /detect``, which takes a photo and gives what NanoDet finds on it.
"""

from typing import Annotated, Literal

from fastapi import APIRouter, File, Form, Query, Request, Response, UploadFile

from engine.pictures import note_sentence
from engine.serving.attachment import attachment
from engine.serving.binary import pack
from engine.serving.labels import contract
from engine.serving.labels.fields import LabelsInFields
from engine.serving.labels.reading import read_labelled_set
from engine.serving.labels.room import room_for
from engine.wire.hosts import language_of

LIGHT = True
router = APIRouter(prefix="/labels", tags=["labels"], route_class=LabelsInFields)


@router.get("/stored", response_class=Response)
def stored(asked: Annotated[contract.Stored, Query()]) -> Response:
    """What each format stores of a box: ``about.texts``, and ``about.moved`` in pixels.

    The second is how far the farthest edge lies from where it was once it is written and read.

    Bound: 0.5 s of a core, 50 MiB.
    """
    from engine.serving.labels.compute import stored_of

    return pack({}, stored_of(asked))


@router.post("/import", response_class=Response)
def take(
    request: Request,
    files: Annotated[list[UploadFile], File()],
    known: Annotated[str, Form()] = "{}",
    form: Annotated[contract.Form | Literal["auto"], Form()] = "auto",
    first_pixel: Annotated[Literal["0", "1"], Form()] = "1",
) -> Response:
    """Photos, label files and zips of both, up to 64 MB, as one set of labels.

    ``known`` is a ``LabelledSet`` as JSON: photos that are there already, and classes that come
    first. The answer: ``bytes``, the files of new photos one after another; ``about.photos`` with
    their boxes, digests, and where each lies in ``bytes``; ``about.classes``; ``about.notes``.

    Bound: 10 s of a core, 500 MiB.
    """
    from engine.serving.labels.incoming import take_in

    with room_for(files):
        contents = ((file.filename or "", file.file.read()) for file in files)
        arrays, about, notes = take_in(
            contents, read_labelled_set(known), None if form == "auto" else form, int(first_pixel)
        )
        lang = language_of(request.headers)
        return pack(arrays, about | {"notes": [note_sentence(note, lang) for note in notes]})


@router.post("/export", response_class=Response)
def give(
    given: Annotated[str, Form(alias="labels")],
    form: Annotated[contract.Form, Form()] = "coco",
    upright: Annotated[bool, Form()] = True,
    photos: Annotated[list[UploadFile] | None, File()] = None,
) -> Response:
    """A zip of label files and, where they are sent along, of the photos.

    ``labels`` is a ``LabelledSet`` as JSON, ``photos`` are its photos' files in their order; each
    is turned upright and its tag removed, or goes byte for byte. ``about.md`` in the zip says which
    for each, and what the format does not hold.

    Bound: 15 s of a core, 500 MiB.
    """
    from engine.serving.labels.outgoing import give_out

    sent = photos or []
    with room_for(sent):
        contents = (photo.file.read() for photo in sent)
        content, _ = give_out(read_labelled_set(given), contents, form, upright)
        return attachment(f"labels_{form}.zip", content, "application/zip")

"""A run at the end of its epochs: what it mistook, what it has learnt, and what it says of you."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response
from fastapi.responses import FileResponse, JSONResponse

from engine.pictures import resolve
from engine.progress import Progress
from engine.serving.binary import pack, pending
from engine.serving.runs.contract import MOST_EPOCHS, EpochQuestion
from engine.serving.training import seen_run
from engine.serving.visitors import Asker

router = APIRouter(prefix="/runs", tags=["runs"])

Epoch = Annotated[int, Query(ge=0, le=MOST_EPOCHS)]


@router.get("/{name}/epoch", response_class=Response)
def look_at_epoch(name: str, who: Asker, asked: Annotated[EpochQuestion, Query()]) -> Response:
    """The end of an epoch; 0 is the last one, and so is any where ``follow`` is true.

    Before the first epoch has ended there are the filters that it begins with, and no mistakes.

    Arrays: ``confusion`` int32 (true, predicted); ``worst`` uint8 (n, H, W, C) and ``worst_facts``
    float32 (n, 4): index, true class, predicted class, probability; ``filters`` float32
    (filters, C, h, w); ``weights`` and ``gradients`` int32 (layers, bins) with ``…_range``
    float32 (layers, 2). Of a segmenter (``about.masks``) ``confusion`` counts pixels, and instead
    of mistakes there are ``pictures`` uint8 (n, H, W, 3), held-out scenes, with ``truth`` and
    ``said`` uint8 (n, H, W), and ``iou`` float32 (classes,), NaN where a class is nowhere.

    Bound: 3 s of a core, 300 MiB.
    """
    from engine.serving.runs.epoch_view import view_epoch

    found = view_epoch(seen_run(name, who), 0 if asked.follow else asked.ended_epoch)
    return pack(found.arrays, found.about)


@router.get("/{name}/classify", response_class=Response)
def classify_with_run(
    name: str,
    who: Asker,
    picture: Annotated[str, Query(max_length=80)] = "chelsea",
    epoch: Epoch = 0,
) -> Response:
    """A picture through the network: ``seen`` uint8 (H, W, C), ``probs`` float32 (classes,).

    Of a segmenter (``about.masks``) also ``said`` uint8 (H, W); ``probs`` are means over its
    pixels.

    Bound: 3 s of a core, 300 MiB.
    """
    from engine.serving.runs.epoch_view import classify_with

    found = classify_with(seen_run(name, who), epoch, resolve(picture).pixels)
    return pack(found.arrays, found.about)


@router.get("/{name}/many", response_class=Response)
def classify_many_with_run(
    name: str, who: Asker, own_data: Annotated[str, Query(max_length=80)], epoch: Epoch = 0
) -> Response:
    """All pictures of an own set through the network; 202 with the progress meanwhile.

    Arrays: ``confusion`` int32 (folders, classes), pictures of each folder by what they are taken
    for; ``pictures`` uint8 (n, H, W, C), the surest of each cell, and ``facts`` float32 (n, 3):
    folder, class, probability. ``about.meant[k]`` is the class that folder k is called like, or
    null; of those folders ``about.right`` of ``about.judged`` pictures are right.

    Bound: a job of 60 s of a core, 500 MiB.
    """
    from engine.serving.runs.many import classify_many

    found = classify_many(seen_run(name, who), epoch or None, own_data)
    if isinstance(found, Progress):
        return pending(found)
    return pack(found.arrays, found.about)


@router.get("/{name}/export/{form}", response_class=Response)
def export_run(name: str, form: Literal["onnx", "torch"], who: Asker, epoch: Epoch = 0) -> Response:
    """The network as ONNX, or as torch.export's program; 202 while it is written and checked.

    Bound: a job of 60 s of a core, 1000 MiB.
    """
    from engine.serving.runs.exporting import export_file

    path = export_file(seen_run(name, who), form, epoch or None)
    if path is None:
        return JSONResponse({"done": 0, "total": 1}, status_code=202)
    file_name = f"{name}-{path.name}"
    return FileResponse(path, media_type="application/octet-stream", filename=file_name)

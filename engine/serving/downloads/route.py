"""Weights that a reader has downloaded: begun, watched, and stopped by asking no more."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from engine.progress import Progress
from engine.serving.binary import pending
from engine.serving.jobs import jobs

if TYPE_CHECKING:
    from torchvision.models._api import WeightsEnum

Kind = Literal["classifiers", "detectors", "segmenters"]
_MIB = 2**20

router = APIRouter(prefix="/downloads", tags=["server"])


@router.post("/{kind}/{name}")
def download(kind: Kind, name: str) -> JSONResponse:
    """Have the weights of one of these networks downloaded, or learn how far that is.

    202 with ``done`` and ``total`` bytes; ask again within three seconds, or it stops. 200 with the
    network's name when the file is there.

    Raises:
        InputError: there is no such network (404), or its weights cannot be had.

    Bound: 0.5 s of a core, 50 MiB.
    """
    weights = _weights_of(kind, name)
    answer = jobs().ask(("download", kind, name), lambda: _steps(name, weights))
    return pending(answer) if isinstance(answer, Progress) else JSONResponse({"name": answer})


def _weights_of(kind: Kind, name: str) -> "WeightsEnum":
    from engine.detection import torchvision_detectors
    from engine.detection.detectors import find_detector
    from engine.errors import InputError
    from engine.nets.catalog import find_classifier
    from engine.segment import torchvision_segmenters
    from engine.segment.segmenters import find_segmenter

    if kind == "classifiers":
        return find_classifier(name).weights
    entry = find_detector(name) if kind == "detectors" else find_segmenter(name)
    if entry.file_mib is None:
        raise InputError("nothing_to_download", 404, name=entry.title)
    of = torchvision_detectors if kind == "detectors" else torchvision_segmenters
    return of.weights_of(name)


def _steps(name: str, weights: "WeightsEnum") -> Iterator[Progress[str]]:
    from engine.nets.weights import download

    expected = int(weights.meta["_file_size"] * _MIB)
    for step in download(weights):
        yield Progress(step.bytes_done, step.bytes_total or expected)
    yield Progress(expected, expected, name)

"""Every detector by name: its bare boxes, and what NMS leaves of them.

A detector is an entry of the table that :func:`list_detectors` makes: what it is called, what its
score means, whether it is available, and the steps that lead to its bare boxes. Whoever adds one
adds an entry.

Sources: as the modules say that do the work.
"""

import difflib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from typing import Literal

import numpy as np
import torch

from engine.detection import raw_answers, torchvision_detectors
from engine.detection.cascade_file import cascade_names
from engine.detection.detections import Detections
from engine.detection.detectnet.decoding import FLOOR
from engine.detection.detectnet.weights import read_weights
from engine.detection.mtcnn.nets import load_mtcnn
from engine.detection.nanodet import finding as nanodet
from engine.detection.nanodet.weights import load_nanodet
from engine.detection.nms import nms_trace
from engine.detection.raw_answers import Steps
from engine.device import choose_device
from engine.errors import InputError
from engine.nets.catalog import find_classifier
from engine.nets.weights import require_weights
from engine.progress import finish

#: No detector gives more bare boxes: the best ones.
MOST_BOXES = 2000
DEFAULT = "mtcnn"
Family = Literal["one_stage", "faces", "windows", "scenes", "template", "cascade", "torchvision"]
#: What a score means: see :mod:`engine.detection.raw_answers`.
Meaning = Literal["quality", "probability", "coverage", "logistic", "agreement"]
#: What a detector can find at all: COCO's things, ImageNet's thousand classes, drawn shapes, or the
#: one thing that it was made for.
Knows = Literal["everyday", "imagenet", "shapes", "one"]
_NEAREST = 4


@dataclass(frozen=True)
class Detector:
    """A detector.

    Attributes:
        name: what links and the API call it, "mtcnn".
        title: how one writes it, "MTCNN".
        family: what kind it is; detectors are listed under these.
        meaning: what its scores mean.
        knows: what it can find at all.
        least: none of its bare boxes scores less, so that a lower threshold changes nothing.
        usual: the threshold at which it is usually used.
        steps: from a picture, uint8 ``(H, W, 3)``, and the most boxes wanted to the bare boxes.
        check: raises an :class:`InputError` that says how to get the detector where it is not at
            hand.
        file_mib: size in MiB of weights that can be downloaded; None where there is no such file.
        together: the bare boxes of several pictures in one pass, for detectors that can; None for
            the others.
    """

    name: str
    title: str
    family: Family
    meaning: Meaning
    knows: Knows
    least: float
    usual: float
    steps: Callable[[np.ndarray, int], Steps] = field(repr=False)
    check: Callable[[], object] = field(repr=False, default=lambda: None)
    file_mib: float | None = None
    together: Callable[[Sequence[np.ndarray], int], list[Detections]] | None = field(
        repr=False, default=None
    )


@cache
def list_detectors() -> tuple[Detector, ...]:
    """All detectors, those that need no download first."""
    return (_one_stage(), *_faces(), *_windows(), *_scenes(), *_classical(), *_torchvision())


def find_detector(name: str) -> Detector:
    """The detector of that name, available or not.

    Raises:
        InputError: there is none (404); the sentence names the nearest and those available.
    """
    entries = {entry.name: entry for entry in list_detectors()}
    if name not in entries:
        wanted = name[:60]
        near = difflib.get_close_matches(wanted.lower(), entries, n=_NEAREST, cutoff=0.5)
        there = [entry.name for entry in list_detectors() if why_missing(entry.name) is None]
        choices = ", ".join(dict.fromkeys([*near, *there]))
        raise InputError("detector_unknown", 404, wanted=wanted, choices=choices)
    return entries[name]


def why_missing(name: str) -> InputError | None:
    """Why a detector is not available, and how to get it; None where it is.

    Raises:
        InputError: there is none of that name.
    """
    try:
        find_detector(name).check()
    except InputError as error:
        return error
    return None


def raw_steps(name: str, pixels: np.ndarray, most: int = MOST_BOXES) -> Steps:
    """Step by step to the bare boxes, before any NMS; the last step carries them.

    Args:
        name: one of :func:`list_detectors`.
        pixels: uint8 ``(H, W, 3)``, RGB.
        most: no more than so many boxes, the best.

    Raises:
        InputError: the detector is unknown or not available, or the picture does not suit it.
    """
    entry = find_detector(name)
    entry.check()
    return entry.steps(pixels, most)


def raw_detections(name: str, pixels: np.ndarray, most: int = MOST_BOXES) -> Detections:
    """The bare boxes: as :func:`raw_steps`, at once.

    Raises:
        InputError: as :func:`raw_steps`.
    """
    return finish(raw_steps(name, pixels, most))


def detect(name: str, pixels: np.ndarray, score: float, iou: float) -> Detections:
    """What a detector finds: its bare boxes that score enough, thinned out by NMS in each class.

    Args:
        name: one of :func:`list_detectors`.
        pixels: uint8 ``(H, W, 3)``, RGB.
        score: a box must score so much; in [0, 1].
        iou: a box goes where it overlaps a better one of its class by more; in [0, 1].

    Raises:
        InputError: as :func:`raw_steps`, or a threshold is out of range.
    """
    return thin(raw_detections(name, pixels), score, iou)


def thin(raw: Detections, score: float, iou: float) -> Detections:
    """Bare boxes that score enough, thinned out by NMS in each class.

    A box is only ever given up for a better one, so thinning first and asking for the score then
    comes to the same: the result for a score is the beginning of the result for a lower one.

    Raises:
        InputError: a threshold is out of range.
    """
    if not 0 <= score <= 1:
        raise InputError("value_out_of_range", name="score", low=0, high=1, value=score)
    among = raw.at_least(score)
    return among.take(nms_trace(among.boxes, among.scores, iou, among.labels).kept)


def _one_stage() -> Detector:
    return Detector(
        name="nanodet",
        title="NanoDet",
        family="one_stage",
        meaning="quality",
        knows="everyday",
        least=nanodet.FLOOR,
        usual=nanodet.USUAL_SCORE,
        steps=raw_answers.nanodet_steps,
        check=lambda: load_nanodet(choose_device()),
        together=raw_answers.see_things,
    )


def _faces() -> list[Detector]:
    check = partial(load_mtcnn, torch.device("cpu"))
    mtcnn, pnet = raw_answers.mtcnn_steps, raw_answers.pnet_steps
    least = raw_answers.LEAST_OUTPUT, raw_answers.LEAST_FACE
    return [
        Detector("mtcnn", "MTCNN", "faces", "probability", "one", least[0], 0.7, mtcnn, check),
        Detector("pnet", "P-Net", "faces", "probability", "one", least[1], 0.6, pnet, check),
    ]


def _windows() -> list[Detector]:
    entry = find_classifier(raw_answers.WINDOWS_NET)
    return [
        Detector(
            name="sliding_window",
            title=entry.title,
            family="windows",
            meaning="probability",
            knows="imagenet",
            least=raw_answers.LEAST_CLASS,
            usual=0.5,
            steps=raw_answers.window_steps,
            check=partial(require_weights, entry.weights),
        )
    ]


def _scenes() -> list[Detector]:
    steps, check = raw_answers.detectnet_steps, read_weights
    return [
        Detector(
            "detectnet", "DetectNet", "scenes", "coverage", "shapes", FLOOR, 0.5, steps, check
        ),
    ]


def _classical() -> list[Detector]:
    haar = [
        Detector(
            name=f"haar_{name}",
            title=name.replace("_", " "),
            family="cascade",
            meaning="agreement",
            knows="one",
            least=raw_answers.LEAST_HAAR,
            usual=0.8,
            steps=partial(raw_answers.haar_steps, name),
        )
        for name in cascade_names()
    ]
    hog = raw_answers.hog_steps
    return [
        Detector("hog_people", "HOG + SVM", "template", "logistic", "one", 0.0, 0.5, hog),
        *haar,
    ]


def _torchvision() -> list[Detector]:
    return [
        Detector(
            name=name,
            title=torchvision_detectors.title_of(name),
            family="torchvision",
            meaning="probability",
            knows="everyday",
            least=torchvision_detectors.LEAST_SCORE,
            usual=0.5,
            steps=partial(torchvision_detectors.raw_steps, name),
            check=partial(require_weights, torchvision_detectors.weights_of(name)),
            file_mib=torchvision_detectors.weights_of(name).meta["_file_size"],
        )
        for name in torchvision_detectors.detector_names()
    ]

"""Classify a picture with any classifier whose weights are available, and ask for its reasons."""

from typing import TYPE_CHECKING, Annotated, Any

import numpy as np
from fastapi import APIRouter, Form, Query, Request, Response, UploadFile
from pydantic import BaseModel

from engine.pictures import decode, note_sentence, resolve
from engine.progress import Progress
from engine.serving.binary import pack, pending
from engine.serving.classify.compute import classify_picture
from engine.serving.classify.contract import (
    CLASSIFIER,
    EXPLAINED,
    CheckQuestion,
    Network,
    Question,
    SeenQuestion,
    Top,
)
from engine.serving.classify.explanation import check_by_deletion, explain, judge, remove_blamed
from engine.serving.readings import Reading, read_picture
from engine.wire.hosts import language_of

if TYPE_CHECKING:
    from torch import Tensor

    from engine.explain.attribution import Attribution
    from engine.serving.classify.explanation import Without

SHOWN_QUANTILE = 0.995  # a handful of pixels would otherwise leave all others without colour
GRAD_CAM_WAIT_S = 5.0  # one pass forward and back: not worth a second request

router = APIRouter(tags=["classification"])


class ClassLabel(BaseModel):
    """One of ImageNet's 1000 classes and how probable the network finds it."""

    index: int
    name: str
    prob: float


class Classification(BaseModel):
    """The best classes, most probable first; ``ms`` from the decoded picture to the answer.

    ``height_px`` and ``width_px`` are the file's, turned upright; ``notes`` say in words what was
    done to it.
    """

    model: str
    labels: list[ClassLabel]
    ms: float
    height_px: int
    width_px: int
    notes: list[str]


class ClassifierEntry(BaseModel):
    """A classifier, and why it is not available (null where it is)."""

    name: str
    title: str
    num_params: int
    acc1_percent: float
    missing: str | None
    file_mib: float


class Seen(BaseModel):
    """The classes that a network sees in a picture that is kept, most probable first.

    ``logits`` are the last layer's numbers for them, ``log_sum`` the logarithm of the sum of the
    exponentials over all classes: the probability is exp(logit - log_sum). ``acc1_percent`` and
    ``acc5_percent``: how often the first guess, one of the first five, is right on ImageNet.
    """

    title: str
    labels: list[ClassLabel]
    ms: float
    logits: list[float]
    log_sum: float
    acc1_percent: float
    acc5_percent: float


@router.get("/classifiers")
def classifiers(request: Request) -> list[ClassifierEntry]:
    """All classifiers, available or not; the available ones first, then by their parameters.

    Bound: 0.5 s of a core, 50 MiB.
    """
    from engine.nets.catalog import list_classifiers
    from engine.nets.weights import why_missing

    lang = language_of(request.headers)
    entries = []
    for entry in list_classifiers():
        why = why_missing(entry.weights)
        names = ClassifierEntry.model_fields.keys() - {"missing"}
        facts = {name: getattr(entry, name) for name in names}
        entries.append(ClassifierEntry(**facts, missing=why and why.sentence(lang)))
    return entries


@router.get("/classify/labels")
def labels(asked: Annotated[SeenQuestion, Query()]) -> Seen:
    """What a network says of a picture that is kept.

    Bound: 0.5 s of a core, 50 MiB.
    """
    from engine.nets.catalog import find_classifier

    entry = find_classifier(asked.model)
    reading = read_picture(resolve(asked.picture), asked.model)
    shown = _labels(reading.probs, asked.model, asked.top)
    return Seen(
        title=entry.title,
        labels=[ClassLabel(**each) for each in shown],
        ms=reading.ms,
        logits=[reading.logits[each["index"]].item() for each in shown],
        log_sum=reading.logits.logsumexp(dim=0).item(),
        acc1_percent=entry.acc1_percent,
        acc5_percent=entry.acc5_percent,
    )


@router.post("/classify")
def classify(
    request: Request,
    file: UploadFile,
    model: Annotated[Network, Form()] = CLASSIFIER,
    top: Annotated[Top, Form()] = 5,
) -> Classification:
    """The most probable ImageNet classes of a picture (PNG, JPEG, … up to 20 MB).

    Bound: 3 s of a core, 400 MiB.
    """
    decoded = decode(file.file.read())
    found = classify_picture(decoded.pixels, model, top)
    height_px, width_px = decoded.original_size
    return Classification(
        model=found.model,
        labels=[ClassLabel(**vars(label)) for label in found.labels],
        ms=found.ms,
        height_px=height_px,
        width_px=width_px,
        notes=[note_sentence(note, language_of(request.headers)) for note in decoded.notes],
    )


@router.get("/classify/why", response_class=Response)
def why(asked: Annotated[Question, Query()]) -> Response:
    """``view`` uint8 (h, w, 3), ``blame`` float32 (h, w), the picture without what is blamed.

    ``rank`` chooses which of the five most probable classes is explained; ``removed`` is the part
    of the pixels blanked out, in percent, most blamed first, ``gone`` uint8 (h, w) where they lay.
    ``about.now`` has the five classes that are most probable without them, and the explained one
    last where it is none of them, each with its probability ``before``. 202 with ``done`` and
    ``total`` while a slow method is at work.

    Bound: a job of 10 s of a core, 400 MiB.
    """
    chosen = resolve(asked.picture)
    reading = read_picture(chosen, asked.model)
    labels = _labels(reading.probs, asked.model)
    target = labels[int(asked.rank) - 1]["index"]
    wait_s = GRAD_CAM_WAIT_S if asked.method == "grad_cam" else 0.15
    blame = explain(chosen, asked.model, asked.method, target, wait_s)
    if isinstance(blame, Progress):
        return pending(blame)
    without = remove_blamed(reading, blame, asked.removed / 100)
    arrays = {"view": reading.view, "blame": blame.map.numpy()}
    if asked.removed:
        arrays |= {"without": _shown(reading, without.x), "gone": without.gone.byte().numpy()}
    left = {"prob_without": without.probs[target].item(), "now": _now(reading, without, target)}
    return pack(arrays, _facts(reading, blame) | left | {"labels": labels})


@router.get("/classify/deletion", response_class=Response)
def deletion(asked: Annotated[CheckQuestion, Query()]) -> Response:
    """``fraction`` and the curves ``blamed``, ``elsewhere``, ``random``, float32 (S + 1,) each.

    ``about.verdict``: whether the map passes the test, fails it, or the test leaves it open;
    ``beaten`` of ``places`` copies of the map elsewhere have a larger area.

    Bound: a job of 15 s of a core, 400 MiB.
    """
    chosen = resolve(asked.picture)
    target = _labels(read_picture(chosen, asked.model).probs, asked.model)[int(asked.rank) - 1][
        "index"
    ]
    blame = explain(chosen, asked.model, asked.method, target, GRAD_CAM_WAIT_S)
    if isinstance(blame, Progress):
        return pending(blame)
    found = check_by_deletion(chosen, asked.model, target, blame)
    if isinstance(found, Progress):
        return pending(found)
    check, chance = found
    curves = {"blamed": check.blamed, "elsewhere": check.elsewhere, "random": chance}
    arrays = {name: curve.probs.numpy() for name, curve in curves.items()}
    areas = {name: curve.auc for name, curve in curves.items()}
    verdict, beaten = judge(check)
    judged = {"verdict": verdict, "beaten": beaten, "places": len(check.each_elsewhere)}
    return pack({"fraction": check.blamed.fraction.numpy(), **arrays}, {"areas": areas} | judged)


def _labels(probs: "Tensor", model: str, top: int = EXPLAINED) -> list[dict[str, Any]]:
    from engine.nets.catalog import find_classifier
    from engine.nets.classify import top_k

    return [vars(label) for label in top_k(probs, top, find_classifier(model).categories)]


def _now(reading: Reading, without: "Without", target: int) -> list[dict[str, Any]]:
    """What the network says without the pixels: its five, and the explained class if not one."""
    from engine.nets.catalog import find_classifier

    name = reading.facts.name
    shown = _labels(without.probs, name)
    if target not in [each["index"] for each in shown]:
        categories = find_classifier(name).categories
        prob = without.probs[target].item()
        shown.append({"index": target, "name": categories[target], "prob": prob})
    return [each | {"before": reading.probs[each["index"]].item()} for each in shown]


def _facts(reading: Reading, blame: "Attribution") -> dict[str, Any]:
    facts = {name: getattr(blame, name) for name in ("signed", "lo", "hi", "ms", "explains")}
    facts["reach"] = blame.map.abs().quantile(SHOWN_QUANTILE).item() or max(blame.hi, -blame.lo)
    size = {"seen_px": list(reading.seen_px), "classify_ms": reading.ms}
    return facts | size | {"passes": blame.forward_passes, "notes": blame.notes}


def _shown(reading: Reading, x: Any) -> np.ndarray:
    """What the network was shown, back from its normalised numbers to uint8 (h, w, 3)."""
    from engine.nets.catalog import find_classifier
    from engine.nets.classify import denormalise

    return denormalise(x, find_classifier(reading.facts.name).weights)

"""Bytes against error, and what two networks answer, over the qualities of three encoders.

Each point is a real file. A job makes every fifth quality first; what it has so far is shown.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.cache import Cache
from engine.codecs.encoders import Measured, available_forms, measure
from engine.errors import InputError
from engine.progress import Progress
from engine.serving.class_words import class_word
from engine.serving.jobs import jobs
from engine.serving.png_jpeg.compute import Answer, measured, pixels_asked
from engine.serving.png_jpeg.contract import CurvesQuestion

MODEL = "mobilenet_v2"
FIRST = (1, *range(5, 101, 5))  # made first
REST = tuple(quality for quality in range(1, 101) if quality not in FIRST)
LOSSY = ("jpeg", "webp", "avif")
_CLASSES = 1000
_KEPT = 1500


@dataclass(frozen=True)
class Heard:
    """What the networks say of a picture; of each the answer, and how sure of the original's.

    Attributes:
        label: MobileNetV2's most probable class; None where its weights are not at hand.
        prob: what it gives to the original's most probable class.
        thing: NanoDet's surest class.
        score: the highest score of the original's surest class.
    """

    label: int | None
    prob: float
    thing: int
    score: float


@dataclass(frozen=True)
class Point:
    """One file: its bytes, its error, and what is heard of it."""

    file_bytes: int
    psnr_db: float
    ssim: float
    heard: Heard


_points: Cache[Point] = Cache(_KEPT)
_originals: Cache[Heard] = Cache(64)


def curves(asked: CurvesQuestion, lang: str) -> Answer:
    """All points that there are so far; ``about.unfinished`` while some are coming.

    Raises:
        InputError: no such picture.
    """
    pixels_asked(asked.picture, asked.subject)  # refused at once where there is none
    forms = [form for form in LOSSY if form in available_forms()]
    qualities = sorted(FIRST + REST) if asked.every else list(FIRST)
    key = ("png_jpeg curves", _what(asked), asked.every)
    coming = jobs().ask(key, lambda: _make_all(asked, forms))
    found = {
        form: [(q, point) for q in qualities if (point := _points.peek(_key(asked, form, q)))]
        for form in forms
    }
    arrays = {
        f"{form}_{name}": np.array([read(q, point) for q, point in found[form]], np.float64)
        for form in forms
        for name, read in _COLUMNS.items()
    }
    png = measured(asked.picture, asked.subject, "png", 100)
    about: dict[str, Any] = {"forms": forms, "png_bytes": png.file_bytes}
    original = _originals.peek(_what(asked))
    if original is not None:
        about |= _said(original, found, lang)
    if isinstance(coming, Progress):
        about |= {"unfinished": True, "done": coming.done, "total": coming.total}
    return arrays, about


#: What an array holds of each point; an exact file has no finite PSNR and is left at the top.
_COLUMNS = {
    "quality": lambda q, point: q,
    "bytes": lambda q, point: point.file_bytes,
    "psnr": lambda q, point: min(point.psnr_db, 99.0),
    "ssim": lambda q, point: point.ssim,
    "prob": lambda q, point: point.heard.prob,
    "score": lambda q, point: point.heard.score,
}


def _what(asked: CurvesQuestion) -> str:
    return asked.picture if asked.subject == "own" else asked.subject


def _key(asked: CurvesQuestion, form: str, quality: int) -> tuple[str, str, int]:
    return _what(asked), form, quality


def _make_all(asked: CurvesQuestion, forms: list[str]) -> Iterator[Progress[bool]]:
    """Every fifth quality of all forms, then the others where they are asked for."""
    pixels = pixels_asked(asked.picture, asked.subject)
    original = _originals.get(_what(asked), lambda: listen(pixels))
    rounds = [FIRST, REST] if asked.every else [FIRST]
    wanted = [(form, q) for qualities in rounds for q in qualities for form in forms]
    yield Progress(0, len(wanted))
    for done, (form, quality) in enumerate(wanted, start=1):
        _points.get(
            _key(asked, form, quality), lambda f=form, q=quality: _make(pixels, f, q, original)
        )
        yield Progress(done, len(wanted), done == len(wanted) or None)


def _make(pixels: np.ndarray, form: str, quality: int, original: Heard) -> Point:
    file: Measured = measure(pixels, form, quality)
    ssim = 1.0 if file.ssim is None else file.ssim
    return Point(file.file_bytes, file.psnr_db, ssim, listen(file.pixels, original))


def listen(pixels: np.ndarray, original: Heard | None = None) -> Heard:
    """What both networks say of a picture.

    Args:
        pixels: uint8 (H, W, 3).
        original: what they said of the original, whose answers are looked for; None for itself.
    """
    from engine.detection.nanodet.finding import see
    from engine.detection.nanodet.weights import load_nanodet
    from engine.device import choose_device

    label, prob = _classify(pixels, original)
    scores = see(load_nanodet(choose_device()), [pixels])[0].cells.scores.max(dim=0).values
    thing = int(scores.argmax())
    wanted = thing if original is None else original.thing
    return Heard(label, prob, thing, float(scores[wanted]))


def _classify(pixels: np.ndarray, original: Heard | None) -> tuple[int | None, float]:
    from engine.serving.classify.compute import classify_picture

    try:
        labels = classify_picture(pixels, MODEL, _CLASSES).labels
    except InputError:  # its weights are not at hand: the rest of the page goes on
        return None, 0.0
    wanted = labels[0].index if original is None or original.label is None else original.label
    return labels[0].index, next(each.prob for each in labels if each.index == wanted)


def _said(original: Heard, found: dict[str, list[tuple[int, Point]]], lang: str) -> dict[str, Any]:
    """The original's answers, and of each form where they change."""
    from engine.detection.coco import COCO_CLASSES
    from engine.detection.nanodet.finding import USUAL_SCORE

    sure = original.score >= USUAL_SCORE
    return {
        "class": None if original.label is None else _class_name(original.label, lang),
        "prob": None if original.label is None else original.prob,
        "thing": class_word(COCO_CLASSES[original.thing], lang) if sure else None,
        "score": original.score,
        "sure": USUAL_SCORE,
        "class_changes": {
            form: _last_change(
                points,
                lambda heard: heard.label != original.label,
                lambda h: _class_name(h.label, lang),
            )
            for form, points in found.items()
        },
        "thing_changes": {
            form: _last_change(
                points,
                lambda heard: heard.thing != original.thing or heard.score < USUAL_SCORE,
                lambda h: class_word(COCO_CLASSES[h.thing], lang),
            )
            for form, points in found.items()
        },
    }


def _last_change(points: list[tuple[int, Point]], differs: Any, name: Any) -> dict[str, Any] | None:
    """The highest quality at which the answer is another one; None where it never is."""
    for quality, point in reversed(points):
        if differs(point.heard):
            return {"quality": quality, "answer": name(point.heard), "score": point.heard.score}
    return None


def _class_name(label: int | None, lang: str) -> str:
    from engine.nets.catalog import find_classifier

    return "" if label is None else class_word(find_classifier(MODEL).categories[label], lang)

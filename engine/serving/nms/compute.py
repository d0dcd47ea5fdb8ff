"""Raw boxes of a detector, and what each way of thinning them out makes of them: the NMS page."""

from dataclasses import replace
from time import perf_counter
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.cache import Cache
from engine.detection.thinning import HARD, Thinned, Thinning, thin_out
from engine.pictures import resolve
from engine.progress import Progress
from engine.serving.class_words import class_word, named_labels
from engine.serving.nms.contract import Question
from engine.serving.one_core import on_one_core
from engine.serving.raw_boxes import RawBoxes, raw_boxes

if TYPE_CHECKING:
    from engine.detection.detections import Detections

Answer = tuple[dict[str, np.ndarray], dict[str, Any]]
Told = tuple[Thinned, float]

_kept: Cache[Told] = Cache(512, size_of=lambda told: 20 * len(told[0].iou))


def thinning_of(asked: Question) -> Thinning:
    """The same as the engine reads it; what the kind does not read is at its default."""
    how = Thinning(asked.kind, score=asked.score)
    if asked.kind == "cluster":
        return replace(how, neighbours=asked.neighbours)
    if asked.kind == "soft_gaussian":
        return replace(how, sigma=asked.sigma)
    return replace(how, iou=asked.iou)


def look(asked: Question, lang: str) -> Answer | Progress[RawBoxes]:
    """The detector's boxes and what is left of them, or how far the detector is.

    Raises:
        InputError: no such picture or detector, or one that is not available.
    """
    raw, how = raw_boxes(resolve(asked.picture), asked.detector), thinning_of(asked)
    if isinstance(raw, Progress):
        return raw
    among = _of_best_class(raw.found) if asked.scope == "best" else raw.found

    def think() -> Told:
        begun = perf_counter()
        return thin_out(among, how), (perf_counter() - begun) * 1000

    key = (asked.picture, asked.detector, asked.scope, how)
    left, ms = _kept.get(key, lambda: on_one_core(think))
    about = {
        "size": raw.size,
        "names": named_labels(among.labels.tolist(), among.class_names, lang),
        "ms": ms,
        "detector_ms": raw.ms,
        "counts": _counts(raw.found, among, left),
        "best": _best(among, lang),
        "runner_up": _runner_up(left, how),
        "limits": {
            "iou": {"disabled": asked.kind in ("soft_gaussian", "cluster")},
            "sigma": {"disabled": asked.kind != "soft_gaussian"},
            "neighbours": {"disabled": asked.kind != "cluster"},
        },
    }
    return _arrays(among, left), about


def _of_best_class(found: "Detections") -> "Detections":
    """The boxes of the class that the surest box has."""
    return found.take(found.labels == found.labels[0]) if len(found) else found


def _counts(raw: "Detections", among: "Detections", left: Thinned) -> dict[str, int]:
    return {
        "raw": len(raw),
        "among": len(among),
        "above": int((left.given_up_for != -1).sum()),
        "left": len(left.boxes),
    }


def _best(among: "Detections", lang: str) -> dict[str, Any] | None:
    if not len(among):
        return None
    name = among.class_names[int(among.labels[0])]
    return {"name": class_word(name, lang), "score": float(among.scores[0])}


def _runner_up(left: Thinned, how: Thinning) -> float | None:
    """The score above which hard NMS would leave one box alone; None where it does not hold."""
    return float(left.scores[1]) if how.kind in HARD and len(left.scores) > 1 else None


def _arrays(among: "Detections", left: Thinned) -> dict[str, np.ndarray]:
    return {
        "boxes": among.boxes.numpy(),
        "scores": among.scores.numpy(),
        "labels": among.labels.numpy().astype(np.int32),
        "given_up_for": left.given_up_for.numpy().astype(np.int32),
        "iou": left.iou.numpy(),
        "left_with": left.left_with.numpy(),
        "result_boxes": left.boxes.numpy(),
        "result_scores": left.scores.numpy(),
        "result_labels": left.labels.numpy().astype(np.int32),
        "source": left.source.numpy().astype(np.int32),
    }

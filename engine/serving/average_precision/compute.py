"""What the page on IoU and average precision shows: boxes, curves, errors, the IoU of two boxes."""

from typing import TYPE_CHECKING, Any

import numpy as np

from engine.pictures import resize_longest, resolve
from engine.progress import Progress
from engine.serving.average_precision.contract import Errors, Question, TwoBoxes
from engine.serving.average_precision.judged import (
    SHAPES,
    Judged,
    curve_of,
    judge_both,
    photos_of,
    scenes,
)

if TYPE_CHECKING:
    from engine.detection.average_precision import PrecisionRecall
    from engine.detection.error_kinds import Judgement

SHOWN_PX = 560  # longest side of the picture that is sent along
Answer = tuple[dict[str, np.ndarray], dict[str, Any]]


def judge(asked: Question) -> Answer | Progress[Any]:
    """One picture's boxes with their matches, and the curves over the whole set.

    Raises:
        InputError: no such picture or detector, weights not available, or boxes that are none.
    """
    both = judge_both(asked)
    if isinstance(both, Progress):
        return both
    judged, rival = both
    index, label = _shown(asked)
    arrays = _picture_arrays(judged, index, label, asked.iou)
    own = _curve_arrays(judged, label, asked.iou)
    arrays |= own[0]
    about = {
        "size": list(judged.sizes[index]),
        "pictures": len(judged.pictures),
        "on_scenes": asked.on_scenes(),
        "photos": [] if asked.on_scenes() else _photos(asked),
        "limits": _limits(asked),
        **own[1],
        "rival": None,
    }
    if rival is not None:
        theirs = _curve_arrays(rival, label, asked.iou)
        arrays |= {f"rival_{name}": array for name, array in theirs[0].items()}
        about["rival"] = theirs[1]
    return arrays, about


def find_errors(asked: Errors) -> Answer | Progress[Any]:
    """Every wrong box and every object of the set, with the score that it was found at.

    Raises:
        InputError: as :func:`judge`.
    """
    both = judge_both(asked)
    if isinstance(both, Progress):
        return both
    from engine.detection.error_kinds import KINDS, judge_boxes

    judged, (_, label) = both[0], _shown(asked)
    each = [judge_boxes(found, truths, label, asked.iou) for found, truths in judged.pictures]
    about = {
        "kinds": list(KINDS),
        "sizes": [list(size) for size in judged.sizes],
        "photos": [] if asked.on_scenes() else _photos(asked),
    }
    return _error_arrays(each), about


def picture_of(asked: Question) -> Answer:
    """The scene, or the learner's picture at 560 px at most."""
    if asked.on_scenes():
        return {"picture": scenes()[asked.scene - 1].pixels}, {}
    return {"picture": resize_longest(resolve(asked.picture).pixels, SHOWN_PX)}, {}


def all_scenes() -> Answer:
    """All held-out scenes."""
    return {"pictures": np.stack([scene.pixels for scene in scenes()])}, {}


def measure(asked: TwoBoxes) -> Answer:
    """How much two drawn boxes overlap.

    Raises:
        InputError: no such picture, or a box that is none.
    """
    from engine.detection.drawn_boxes import read_one_box
    from engine.detection.overlap import measure_overlap

    height, width = resolve(asked.picture).pixels.shape[:2]
    boxes = [read_one_box(text, (height, width)) for text in (asked.truth_box, asked.found_box)]
    about = vars(measure_overlap(*boxes)) | {"size": [height, width]}
    return {"boxes": np.stack([box.numpy() for box in boxes])}, about


def _shown(asked: Question) -> tuple[int, int]:
    """Which picture of the set is shown, and which class."""
    return (asked.scene - 1, SHAPES.index(asked.label)) if asked.on_scenes() else (0, 0)


def _picture_arrays(judged: Judged, index: int, label: int, iou: float) -> dict[str, np.ndarray]:
    from engine.detection.average_precision import COCO_MOST_DETECTIONS
    from engine.detection.matching import match

    everything, truths = judged.pictures[index]
    found = everything.take((everything.labels == label).nonzero()[:COCO_MOST_DETECTIONS, 0])
    there = truths.boxes[truths.labels == label]
    matches = match(found.boxes, there, iou)
    best = matches.iou.amax(dim=1) if len(there) else matches.iou.new_zeros(len(found))
    return {
        "boxes": found.boxes.numpy(),
        "scores": found.scores.numpy(),
        "truth_of": matches.truth_of.numpy().astype(np.int32),
        "best": best.numpy(),
        "truths": there.numpy(),
        "found_by": matches.prediction_of.numpy().astype(np.int32),
    }


def _curve_arrays(judged: Judged, label: int, iou: float) -> Answer:
    """A detector's curve, and its average precisions."""
    from engine.detection.average_precision import (
        COCO_IOUS,
        COCO_RECALLS,
        coco_average_precision,
    )

    curve = curve_of(judged, label, iou)
    table = judged.precisions.table[:, label].tolist()
    several = judged.precisions.table.shape[1] > 1
    about = {
        "objects": curve.truths,
        "ap": coco_average_precision(curve),
        "aps": [None if np.isnan(value) else value for value in table],
        "ious": list(COCO_IOUS),
        "mean": _mean(table),
        "all_classes": judged.precisions.mean if several else None,
        "map": judged.precisions.at(iou) if several else None,
    }
    return _points(curve) | {"samples": curve.precision_at(COCO_RECALLS).numpy()}, about


def _points(curve: "PrecisionRecall") -> dict[str, np.ndarray]:
    return {
        "all_scores": curve.scores.numpy(),
        "hits": curve.hits.numpy().astype(np.uint8),
        "recall": curve.recall.numpy(),
        "precision": curve.precision.numpy(),
        "envelope": curve.envelope.numpy(),
    }


def _error_arrays(each: "list[Judgement]") -> dict[str, np.ndarray]:
    """Wrong boxes by falling score, and the objects."""
    from engine.detection.error_kinds import KINDS

    wrong = [(one.kinds != KINDS.index("right")).numpy() for one in each]
    boxes = {
        "boxes": [one.found.boxes.numpy() for one in each],
        "scores": [one.found.scores.numpy() for one in each],
        "kinds": [one.kinds.numpy().astype(np.int32) for one in each],
        "best": [one.best.numpy() for one in each],
        "pictures": [np.full(len(one.found), at, np.int32) for at, one in enumerate(each)],
    }
    joined = {
        name: np.concatenate([part[mask] for part, mask in zip(parts, wrong, strict=True)])
        for name, parts in boxes.items()
    }
    order = np.argsort(-joined["scores"], kind="stable")
    return {name: array[order] for name, array in joined.items()} | {
        "truths": np.concatenate([one.truths.numpy() for one in each]),
        "seen_at": np.concatenate([one.seen_at.numpy() for one in each]),
        "truth_pictures": np.concatenate(
            [np.full(len(one.truths), at, np.int32) for at, one in enumerate(each)]
        ),
    }


def _photos(asked: Question) -> list[dict[str, Any]]:
    return [
        {"ref": photo.picture.ref, "boxes": len(photo.truths.boxes)} for photo in photos_of(asked)
    ]


def _mean(values: list[float]) -> float | None:
    defined = [value for value in values if not np.isnan(value)]
    return float(np.mean(defined)) if defined else None


def _limits(asked: Question) -> dict[str, dict[str, bool]]:
    """A photo has one class, and no number."""
    own = {"disabled": not asked.on_scenes()}
    return {"scene": own, "label": own}

"""Raw boxes of a detector, and what each way of thinning them out makes of them: the NMS page."""

from dataclasses import replace
from time import perf_counter
from typing import TYPE_CHECKING, Annotated, Literal

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from engine.explain.progress import Progress
from engine.pictures import resolve
from engine.serving.binary import pack, pending
from engine.serving.kept import Kept

if TYPE_CHECKING:
    from engine.detection.thinning import Thinned, Thinning
    from engine.serving.raw_boxes import RawBoxes

Kind = Literal["per_class", "agnostic", "soft_linear", "soft_gaussian", "cluster"]
Told = tuple["Thinned", float]

router = APIRouter(tags=["pages"])


class Asked(BaseModel):
    """What the controls of the page say."""

    picture: str = Field("chelsea", max_length=80)
    detector: str = Field("sliding_window", max_length=64)
    kind: Kind = "per_class"
    iou: float = Field(0.5, ge=0, le=1, allow_inf_nan=False)
    score: float = Field(0.5, ge=0, le=1, allow_inf_nan=False)
    sigma: float = Field(0.5, ge=0.01, le=10, allow_inf_nan=False)
    neighbours: int = Field(2, ge=0, le=50)

    def thinning(self) -> "Thinning":
        """The same as the engine reads it; what the kind does not read is at its default."""
        from engine.detection.thinning import Thinning

        how = Thinning(self.kind, score=self.score)
        if self.kind == "cluster":
            return replace(how, neighbours=self.neighbours)
        if self.kind == "soft_gaussian":
            return replace(how, sigma=self.sigma)
        return replace(how, iou=self.iou)


def thinned(asked: Asked, wait_s: float = 0.15) -> "tuple[RawBoxes, Told] | Progress[RawBoxes]":
    """The detector's boxes, and what is left of them with the milliseconds that it took.

    A detector that has not looked yet is waited for; after ``wait_s`` comes how far it is.
    """
    from engine.detection.thinning import thin_out
    from engine.serving.one_core import on_one_core
    from engine.serving.raw_boxes import raw_boxes

    raw, how = raw_boxes(resolve(asked.picture), asked.detector, wait_s), asked.thinning()
    if isinstance(raw, Progress):
        return raw

    def think() -> Told:
        begun = perf_counter()
        return thin_out(raw.found, how), (perf_counter() - begun) * 1000

    key = (asked.picture, asked.detector, how)
    return raw, _kept.get(key, lambda: on_one_core(think))


_kept: Kept[Told] = Kept(512, 32 * 2**20, lambda told: 20 * len(told[0].iou))


@router.get("/nms", response_class=Response)
def thin_boxes(asked: Annotated[Asked, Query()]) -> Response:
    """Every raw box, every result, and which result each box was given up for.

    Arrays of the N raw boxes, best first: ``boxes (N, 4)`` xyxy in pixels, ``scores``, ``labels``,
    ``given_up_for``, ``iou``, ``left_with``; of the K results: ``result_boxes (K, 4)``,
    ``result_scores``, ``result_labels``, ``source``. See ``engine.detection.thinning.Thinned``.
    202 with ``done`` and ``total`` while the detector is looking.
    """
    import numpy as np

    found = thinned(asked)
    if isinstance(found, Progress):
        return pending(found)
    raw, (left, ms) = found
    arrays = {
        "boxes": raw.found.boxes.numpy(),
        "scores": raw.found.scores.numpy(),
        "labels": raw.found.labels.numpy().astype(np.int32),
        "given_up_for": left.given_up_for.numpy().astype(np.int32),
        "iou": left.iou.numpy(),
        "left_with": left.left_with.numpy(),
        "result_boxes": left.boxes.numpy(),
        "result_scores": left.scores.numpy(),
        "result_labels": left.labels.numpy().astype(np.int32),
        "source": left.source.numpy().astype(np.int32),
    }
    named = sorted(set(raw.found.labels.tolist()))
    about = {
        "size": raw.size,
        "names": {str(label): raw.found.class_names[label] for label in named},
        "ms": ms,
        "detector_ms": raw.ms,
        "limits": {
            "iou": {"disabled": asked.kind in ("soft_gaussian", "cluster")},
            "sigma": {"disabled": asked.kind != "soft_gaussian"},
            "neighbours": {"disabled": asked.kind != "cluster"},
        },
    }
    return pack(arrays, about)

"""Raw boxes of a detector, and what each way of thinning them out makes of them: the NMS page."""

from dataclasses import replace
from time import perf_counter

from engine.cache import Cache
from engine.detection.thinning import Thinned, Thinning, thin_out
from engine.pictures import resolve
from engine.progress import Progress
from engine.serving.nms.contract import Question
from engine.serving.one_core import on_one_core
from engine.serving.raw_boxes import RawBoxes, raw_boxes

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


def thinned(asked: Question, wait_s: float = 0.15) -> tuple[RawBoxes, Told] | Progress[RawBoxes]:
    """The detector's boxes, and what is left of them with the milliseconds that it took.

    A detector that has not looked yet is waited for; after ``wait_s`` comes how far it is.
    """
    raw, how = raw_boxes(resolve(asked.picture), asked.detector, wait_s), thinning_of(asked)
    if isinstance(raw, Progress):
        return raw

    def think() -> Told:
        begun = perf_counter()
        return thin_out(raw.found, how), (perf_counter() - begun) * 1000

    key = (asked.picture, asked.detector, how)
    return raw, _kept.get(key, lambda: on_one_core(think))

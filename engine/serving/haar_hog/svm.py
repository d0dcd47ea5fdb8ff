"""SVMs trained on a learner's boxes, round by round, as the Haar and HOG page asks for them.

Boxes are in pixels of the picture that is looked at, whose longer side is at most 400 px. Rounds of
the same settings rest on each other and are kept.
"""

from dataclasses import dataclass, replace
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np

from engine.cache import Cache
from engine.errors import InputError
from engine.pictures import resize_longest, resolve

if TYPE_CHECKING:
    from torch import Tensor

    from engine.detection.hog_pyramid import HogPyramid, Windows
    from engine.detection.hog_svm import Round, Task

LONGEST_PX = 400
IOU_THRESHOLD = 0.3
MOST_FOUND = 20
MOST_COMPARED = 1000  # windows that NMS looks at, the best


@dataclass(frozen=True)
class Lesson:
    """What an SVM is to learn, and how.

    Attributes:
        taught: the picture that the boxes lie in.
        boxes: of the objects, as text: ``x1,y1,x2,y2;...``.
        background: drawn by hand, in the same form; may be empty.
        cost: the SVM's C.
        samples: windows of background that are drawn at random.
        seed: of that draw.
        rounds: how often hard negatives are added.
    """

    taught: str
    boxes: str
    background: str
    cost: float
    samples: int
    seed: int
    rounds: int


@dataclass(frozen=True, eq=False)
class Learnt:
    """The last round of a lesson.

    Attributes:
        task: objects and windows of the taught picture.
        first: windows that were sampled as background, before hard ones were added.
        last: the training.
        false: by round, the false positives found after it.
        added: by round after the first, how many of them it took as background.
        ms: how long the last training and its look at the picture took.
    """

    task: "Task"
    first: int
    last: "Round"
    false: tuple[int, ...]
    added: tuple[int, ...]
    ms: float


@dataclass(frozen=True, eq=False)
class Seen:
    """A picture as HOG sees it: the pixels looked at, and the pyramid."""

    pixels: np.ndarray
    pyramid: "HogPyramid"


def look_at(ref: str) -> Seen:
    """The picture behind a name or a token, with its pyramid.

    Raises:
        InputError: no such picture.
    """
    return _seen.get(ref, lambda: _look(ref))


def _look(ref: str) -> Seen:
    from engine.detection.hog_pyramid import HogPyramid

    pixels = np.ascontiguousarray(resize_longest(resolve(ref).pixels, LONGEST_PX))
    return Seen(pixels, HogPyramid.of(pixels))


def learn(lesson: Lesson) -> Learnt:
    """Train as the lesson says.

    Raises:
        InputError: no such picture, boxes that cannot be trained on, or numbers out of range.
    """
    return _learnt.get(lesson, lambda: _learn(lesson))


def _learn(lesson: Lesson) -> Learnt:
    from engine.detection.hog_svm import first_round, next_round, sample_background
    from engine.serving.one_core import on_one_core

    if lesson.rounds:
        before = learn(replace(lesson, rounds=lesson.rounds - 1))
        begun = perf_counter()
        last = on_one_core(next_round, before.task, before.last)
        added = len(last.background) - len(before.last.background)
        false, extra = (*before.false, len(last.false)), (*before.added, added)
        return replace(before, last=last, false=false, added=extra, ms=_ms_since(begun))
    task = _task(lesson)
    begun = perf_counter()
    sampled = sample_background(task.windows, task.objects, lesson.samples, lesson.seed)
    last = on_one_core(first_round, task, sampled)
    return Learnt(task, len(sampled), last, (len(last.false),), (), _ms_since(begun))


def _task(lesson: Lesson) -> "Task":
    from engine.detection.hog_svm import set_task

    seen = look_at(lesson.taught)
    boxes, drawn = read_boxes(lesson.boxes), read_boxes(lesson.background)
    return set_task(seen.pixels, seen.pyramid, boxes, drawn, lesson.cost)


def _ms_since(begun: float) -> float:
    return (perf_counter() - begun) * 1000


def read_boxes(text: str) -> "Tensor":
    """Boxes as a link writes them, ``x1,y1,x2,y2;...``: float32 ``(N, 4)``.

    Raises:
        InputError: something else.
    """
    import torch

    rows = [row.split(",") for row in text.split(";")] if text else []
    try:
        numbers = [[float(number) for number in row] for row in rows]
        return torch.tensor(numbers, dtype=torch.float32).reshape(len(numbers), 4)
    except (ValueError, RuntimeError):
        accepted = "x1,y1,x2,y2;x1,y1,x2,y2;…"
        raise InputError("value_wrong", name="boxes", value=text[:80], accepted=accepted) from None


def find_objects(windows: "Windows", response: "Tensor") -> "Tensor":
    """The windows that a template takes for the object, after NMS: int64 ``(K,)``, best first."""
    from engine.detection.detections import rank
    from engine.detection.nms import nms

    above = (response > 0).nonzero()[:, 0]
    above = above[rank(response[above])][:MOST_COMPARED]
    kept = nms(windows.boxes[above], response[above].sigmoid(), IOU_THRESHOLD)
    return above[kept[:MOST_FOUND]]


def _bytes_of(learnt: Learnt) -> int:
    background = len(learnt.last.background) * learnt.task.examples.objects[0].nbytes
    return 40 * len(learnt.task.windows) + background


_seen: Cache[Seen] = Cache(16)
_learnt: Cache[Learnt] = Cache(64, size_of=_bytes_of)

"""AP50 of the shipped DetectNet, for what the controls say: which threshold, and how boxes merge.

Measured on the ``HELD_OUT`` scenes by which trainings are judged. Most of an answer is the first
pass over them; then a threshold costs no more than its average precision, for what a lower one
keeps holds all that a higher one does. Only clustering begins anew at each: averages differ. A
whole curve takes at most ``len(THRESHOLDS)`` times :data:`LONGEST_S`, and grows while one waits.

Imports no torch at its top.
"""

from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

from engine.cache import remembered
from engine.progress import Progress
from engine.serving.detectnet.contract import HIGHEST, LOWEST, STEP
from engine.serving.jobs import jobs

if TYPE_CHECKING:
    from torch import Tensor

    from engine.detection.detections import Detections
    from engine.detection.detectnet.decoding import Merge

LONGEST_S = 1.0  # one threshold with clustering, on one core that others use as well
#: Where the slider of the threshold stops.
THRESHOLDS = tuple(round(LOWEST + k * STEP, 6) for k in range(round((HIGHEST - LOWEST) / STEP) + 1))


def curve_so_far(merge: "Merge") -> list[float | None]:
    """AP50 at each of ``THRESHOLDS``, None where it is still to come: asked for, it goes on.

    Raises:
        InputError: the net's file is missing or damaged.
    """

    def work() -> Iterator[Progress[int]]:
        for done, threshold in enumerate(THRESHOLDS, 1):
            ap50_at(threshold, merge)
            yield Progress(done, len(THRESHOLDS), done if done == len(THRESHOLDS) else None)

    found = jobs().ask(("detectnet ap50", merge), work, wait_s=0)
    done = found.done if isinstance(found, Progress) else found
    measured = [ap50_at(threshold, merge) for threshold in THRESHOLDS[:done]]  # remembered
    return [*measured, *[None] * (len(THRESHOLDS) - done)]


@remembered(256)
def ap50_at(threshold: float, merge: "Merge") -> float:
    """AP50 of the boxes that a threshold leaves, in [0, 1].

    Raises:
        InputError: the net's file is missing or damaged.
    """
    from engine.detection.average_precision import average_precision_50
    from engine.detection.detectnet.decoding import FLOOR
    from engine.serving.one_core import on_one_core

    truths, classes = _held_out()
    if merge == "cluster":
        found = on_one_core(_decode_all, threshold, merge)
    else:
        found = [each.at_least(threshold) for each in _decoded(FLOOR, merge)]
    return on_one_core(average_precision_50, found, truths, classes)


@remembered(2)
def _decoded(threshold: float, merge: "Merge") -> "list[Detections]":
    from engine.serving.one_core import on_one_core

    return on_one_core(_decode_all, threshold, merge)


def _decode_all(threshold: float, merge: "Merge") -> "list[Detections]":
    from engine.detection.detectnet.decoding import decode
    from engine.detection.detectnet.scenes import SIZE
    from engine.serving.detectnet.compute import shipped

    names = shipped().class_names
    return [decode(each, SIZE, names, threshold, merge) for each in _outputs()]


@cache
def _outputs() -> "Tensor":
    """float32 (HELD_OUT, classes + 4, h, w)."""
    from engine.detection.detectnet.scenes import HELD_OUT, HELD_OUT_SEED, draw_scenes
    from engine.serving.detectnet.compute import outputs_of, shipped

    return outputs_of(shipped().net, draw_scenes(HELD_OUT, HELD_OUT_SEED).pixels)


@cache
def _held_out() -> "tuple[Tensor, int]":
    """Truths float32 (HELD_OUT, K, 5), and how many classes there are."""
    import torch

    from engine.detection.detectnet.scenes import HELD_OUT, HELD_OUT_SEED, draw_scenes
    from engine.serving.detectnet.compute import shipped
    from engine.trainable.truths import pack_truths

    scenes = draw_scenes(HELD_OUT, HELD_OUT_SEED)
    truths = pack_truths(torch.from_numpy(scenes.boxes), torch.from_numpy(scenes.labels))
    return truths, len(shipped().class_names)

"""Crops against one pass over the whole picture, as the Fully convolutional page asks for them.

Both are computed once on the finest grid, a quarter of the net's own stride, and only what is shown
of them is kept: a coarser stride and another class are looked up.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from engine.pictures import resize_longest
from engine.progress import Progress
from engine.serving.fully_convolutional.contract import Asked, Question, Weights, Window
from engine.serving.fully_convolutional.subject import (
    Subject,
    dense_layer,
    find_subject,
    output_of,
)
from engine.serving.jobs import jobs
from engine.serving.sweeps import BATCH, TIMED_MS, Paced, heat_of
from engine.serving.window_targets import GROUPS, SHAPES, Target

if TYPE_CHECKING:
    from torch import Tensor

    from engine.detection.dense_to_conv import Sweep
    from engine.detection.upsampling import Upsampling
    from engine.detection.window_maps import WindowMaps

Answer = tuple[dict[str, np.ndarray], dict[str, Any]]
SHOWN_PX = 560  # longest side of the picture that is sent along
_TIMED_PASSES = 5


@dataclass(frozen=True, eq=False)
class Both:
    """What the two ways say of every window of the finest grid, all ``(rows, columns)`` float32.

    Attributes:
        crops: probability of each target, from the crops.
        whole: the same from the passes over the picture.
        apart: the largest difference of any logit.
        names: what each target is called in English.
    """

    crops: "dict[Target, Tensor]"
    whole: "dict[Target, Tensor]"
    apart: "Tensor"
    names: dict[Target, str]


@dataclass(frozen=True, eq=False)
class Shown:
    """Both heatmaps of one target at one stride, float32 ``(rows, columns)``, and the enlarged one.

    Attributes:
        crops, whole: probabilities.
        enlarged: of the whole picture, ``(rows * factor, columns * factor)``.
        apart_heat, apart_logit: largest difference of the probabilities, and of any logit.
        apart_most: largest difference of the probabilities on the finest grid.
        apart_ways: largest difference of the bilinear and the transposed enlargement.
        apart_inside: the same more than half a cell from the border.
        passes: over the picture, for this stride.
    """

    crops: "Tensor"
    whole: "Tensor"
    enlarged: "Tensor"
    apart_heat: float
    apart_logit: float
    apart_most: float
    apart_ways: float
    apart_inside: float
    passes: int


def both_ways(subject: Subject) -> "Both | Progress[Both]":
    """Every window's probabilities from crops and from whole passes, or how far they are."""

    def work() -> "Iterator[Progress[Both]]":
        from engine.detection.dense_to_conv import sweep_crops, sweep_picture

        x, total = subject.ready(), subject.grid.count
        whole = sweep_picture(subject.fully, x, subject.grid)
        for step in sweep_crops(subject.seen.net, x, subject.grid, BATCH):
            result = _compare(subject, step.result, whole) if step.result else None
            yield Progress(step.done, total, result)

    return jobs().ask(("convolved", subject.scanned.ref, subject.name), work)


def _compare(subject: Subject, crops: "Sweep", whole: "Sweep") -> Both:
    targets = SHAPES if subject.name != "imagenet" else ("guess", *GROUPS)
    heats: list[dict[Target, Tensor]] = [{}, {}]
    names: dict[Target, str] = {}
    for kept, sweep in zip(heats, (crops, whole), strict=True):
        probs = sweep.logits.float().softmax(dim=0).cpu()
        for target in cast(tuple[Target, ...], targets):
            kept[target], names[target] = heat_of(subject.scanned, probs, target)
    apart = (crops.logits - whole.logits).abs().amax(dim=0)
    return Both(heats[0], heats[1], apart.float().cpu(), names)


def show(subject: Subject, both: Both, target: Target, stride: int, how: "Upsampling") -> Shown:
    """What a stride leaves of both heatmaps, and one of them enlarged to the net's pixels.

    Args:
        subject: who looked.
        both: what was seen on the finest grid.
        target: one of those that the net knows.
        stride: in steps of the finest grid.
        how: which way the map of the whole picture is enlarged.
    """
    from engine.serving.one_core import on_one_core

    return on_one_core(_show, subject, both, target, stride, how)


def _show(subject: Subject, both: Both, target: Target, stride: int, how: "Upsampling") -> Shown:
    from engine.detection.upsampling import upsample

    factor = subject.grid.stride_px * stride
    crops, whole = (heats[target][::stride, ::stride] for heats in (both.crops, both.whole))
    bilinear, transposed = (upsample(whole, factor, way) for way in ("bilinear", "transposed"))
    ways, edge = (bilinear - transposed).abs(), -(-factor // 2)
    inside = ways[edge:-edge, edge:-edge]
    return Shown(
        crops=crops.contiguous(),
        whole=whole.contiguous(),
        enlarged=upsample(whole, factor, how),
        apart_heat=float((crops - whole).abs().max()),
        apart_logit=float(both.apart[::stride, ::stride].max()),
        apart_most=float((both.crops[target] - both.whole[target]).abs().max()),
        apart_ways=float(ways.max()),
        apart_inside=float(inside.max()) if inside.numel() else 0.0,
        passes=_passes(subject, factor),
    )


def _passes(subject: Subject, stride_px: int) -> int:
    """How many shifts of the picture the grid takes: those of its windows that the net's miss."""
    own, (grid, _) = subject.fully.stride_px, subject.grid.every(stride_px)
    down, across = ({at * stride_px % own for at in range(count)} for count in grid.shape)
    return len(down) * len(across)


def pace(subject: Subject, stride: int) -> "dict[str, Paced] | Progress[dict[str, Paced]]":
    """The windows of one stride, timed ``single``, ``batched`` and ``whole``.

    Crops are timed for two seconds each way at most; ``whole`` is the median of five.
    """
    coarse, _ = subject.grid.every(subject.grid.stride_px * stride)

    def work() -> "Iterator[Progress[dict[str, Paced]]]":
        from engine.detection.dense_to_conv import sweep_crops, sweep_picture
        from engine.progress import timed

        x, side = subject.ready(), subject.seen.input_px
        found: dict[str, Paced] = {}
        subject.seen.net(x[None, :, :side, :side])  # the first pass sets things up
        for way, batch in (("single", 1), ("batched", BATCH)):
            for step, ms in timed(sweep_crops(subject.seen.net, x, coarse, batch)):
                found[way] = Paced(step.done, ms)
                yield Progress(step.done, 2 * coarse.count)
                if ms > TIMED_MS:
                    break
        times = []
        sweep_picture(subject.fully, x, coarse)
        for _ in range(_TIMED_PASSES):
            begun = perf_counter()
            sweep_picture(subject.fully, x, coarse)
            times.append((perf_counter() - begun) * 1000)
            yield Progress(1, 2)
        yield Progress(1, 1, found | {"whole": Paced(coarse.count, median(times))})

    return jobs().ask(("convolved pace", subject.scanned.ref, subject.name, stride), work)


def window_maps(subject: Subject, row: int, column: int) -> "WindowMaps":
    """The feature maps of one window of the finest grid, both ways.

    Raises:
        InputError: there is no such window.
    """
    from engine.detection.window_maps import maps_of_window
    from engine.serving.one_core import on_one_core

    return on_one_core(maps_of_window, subject.fully, subject.ready(), subject.grid, row, column)


def look(asked: Question) -> Answer | Progress[Both]:
    """Both heatmaps at a stride and one of them enlarged, or how far the crops are.

    Raises:
        InputError: no such picture, one too thin, or weights that are not at hand.
    """
    subject = subject_of(asked)
    both = both_ways(subject)
    if isinstance(both, Progress):
        return both
    shown = show(subject, both, asked.target, asked.stride, asked.upsample)
    arrays = {
        "crops": shown.crops.numpy(),
        "whole": shown.whole.numpy(),
        "enlarged": shown.enlarged.numpy(),
    }
    measured = {name: value for name, value in vars(shown).items() if name not in arrays}
    return arrays, _facts(subject, both, asked) | measured


def look_at_weights(asked: Weights) -> Answer:
    """One row of the dense matrix and the kernel that it became, each read from its own layer."""
    subject = subject_of(asked)
    output = output_of(subject, asked.target)
    dense = dense_layer(subject.seen.net).weight.detach()
    conv = subject.fully.net.get_parameter(f"{subject.fully.dense}.weight").detach()
    arrays = {
        "dense": dense[output].float().cpu().numpy(),
        "kernel": conv[output].float().cpu().numpy(),
    }
    about = {
        "name": subject.seen.classes[output],
        "output": output,
        "dense_shape": list(dense.shape),
        "conv_shape": list(conv.shape),
        "apart": float((dense.flatten() - conv.flatten()).abs().max()),
    }
    return arrays, about


def look_into(asked: Window) -> Answer:
    """How far apart the maps of one window are, cell by cell."""
    maps = window_maps(subject_of(asked), asked.row, asked.column)
    return {"apart": maps.apart.numpy()}, {"size": maps.size, "channels": len(maps.alone)}


def picture_of(asked: Asked) -> Answer:
    """What is looked at."""
    return {"picture": resize_longest(subject_of(asked).scanned.pixels, SHOWN_PX)}, {}


def subject_of(asked: Asked) -> Subject:
    """The net, the picture and the windows on it."""
    return find_subject(asked.picture, asked.target, asked.padding)


def _facts(subject: Subject, both: Both, asked: Question) -> dict[str, Any]:
    """Sizes in pixels of the picture are (down, across), since whole pixels make them differ."""
    seen, grid = subject.seen, subject.grid
    down, across = subject.level.scale
    return {
        "size": list(subject.scanned.pixels.shape[:2]),
        "window_px": [seen.input_px / down, seen.input_px / across],
        "finest_px": [grid.stride_px / down, grid.stride_px / across],
        "level": list(subject.level.size),
        "input_px": seen.input_px,
        "net_finest_px": grid.stride_px,
        "net_stride_px": subject.fully.stride_px,
        "padded": subject.fully.padded,
        "net": subject.name,
        "accuracy": seen.accuracy,
        "name": both.names[asked.target],
        "batch": BATCH,
        "limits": {"padding": {"disabled": subject.name == "imagenet"}},
    }

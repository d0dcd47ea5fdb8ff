"""Crops against one pass over the whole picture, as the Fully convolutional page asks for them.

Both are computed once on the finest grid, a quarter of the net's own stride, and only what is shown
of them is kept: a coarser stride and another class are looked up.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING, Literal, cast

from engine.explain.progress import Progress
from engine.pictures import resolve
from engine.serving.jobs import jobs
from engine.serving.sweeps import (
    BATCH,
    GROUPS,
    GUESS,
    LARGEST_PERCENT,
    SHAPES,
    STEP_PERCENT,
    TIMED_MS,
    Paced,
    Scanned,
    Target,
    find_scanned,
    heat_of,
    smallest_percent,
)

if TYPE_CHECKING:
    from torch import Tensor, nn
    from torchvision.models import MobileNetV2

    from engine.detection.dense_to_conv import FullyConvolutional, Sweep
    from engine.detection.upsampling import Upsampling
    from engine.detection.window_classifiers import Name, WindowClassifier
    from engine.detection.window_maps import WindowMaps
    from engine.detection.windows import Grid, Level

Padding = Literal["none", "zeros"]
FINER = 4  # the finest grid against the net's own stride
LEAST_PERCENT = {"imagenet": 50, "shapes": 40}  # the window's side of the picture's shorter one
MOST_WINDOWS = 400  # of a photo, at the finest stride
_IMAGENET_STRIDE_PX = 32
_TIMED_PASSES = 5


@dataclass(frozen=True, eq=False)
class Subject:
    """A picture, the net that looks at it both ways, and the finest grid.

    Attributes:
        scanned: the picture.
        name: of the net.
        seen: the net for crops.
        fully: the same net for the whole picture.
        level: the scaled picture.
        grid: the windows on it.
    """

    scanned: Scanned
    name: "Name"
    seen: "WindowClassifier"
    fully: "FullyConvolutional"
    level: "Level"
    grid: "Grid"

    def ready(self) -> "Tensor":
        """The scaled, normalised picture where the net is, float32 ``(3, h, w)``."""
        device = next(self.seen.net.parameters()).device
        return self.seen.prepare(self.scanned.pixels, self.level).to(device)


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


def find_subject(picture: str, target: Target, padding: Padding) -> Subject:
    """Who looks at what: MobileNetV2, which pads, at photos; a small net at a drawn scene.

    Raises:
        InputError: no such picture, one too thin, or weights that are not at hand.
    """
    scanned = find_scanned(picture, target)
    if scanned.classifier == "imagenet":
        return _subject(scanned, "imagenet")
    return _subject(scanned, "shapes" if padding == "none" else "shapes_padded")


def _subject(scanned: Scanned, name: "Name") -> Subject:
    from engine.detection.window_classifiers import find_window_classifier
    from engine.detection.windows import Grid

    seen, fully = find_window_classifier(name), _turned(name)
    height, width = scanned.pixels.shape[:2]
    least = max(LEAST_PERCENT[scanned.classifier], smallest_percent(scanned))
    for percent in range(least, LARGEST_PERCENT + 1, STEP_PERCENT):
        level = seen.level((height, width), min(height, width) * percent / 100)
        grid = Grid(level.size, fully.window_px, fully.stride_px // FINER)
        if name != "imagenet" or grid.count <= MOST_WINDOWS or percent == LARGEST_PERCENT:
            return Subject(scanned, name, seen, fully, level, grid)
    raise AssertionError("the last percentage returns")


@cache
def _turned(name: "Name") -> "FullyConvolutional":
    from engine.detection.dense_to_conv import averaged_to_convolutional, to_convolutional
    from engine.detection.window_classifiers import find_window_classifier

    seen = find_window_classifier(name)
    if name != "imagenet":
        return to_convolutional(seen.net, (3, seen.input_px, seen.input_px))
    net = cast("MobileNetV2", seen.net)
    dense = dense_layer(net)
    return averaged_to_convolutional(net.features, dense, seen.input_px, _IMAGENET_STRIDE_PX)


def dense_layer(net: "nn.Module") -> "nn.Linear":
    """The dense layer that becomes a convolution: the last one of all nets here."""
    from torch import nn

    return [layer for layer in net.modules() if isinstance(layer, nn.Linear)][-1]


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
    targets = SHAPES if subject.name != "imagenet" else (GUESS, *GROUPS)
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
        from engine.explain.progress import timed

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


def output_of(subject: Subject, target: Target) -> int:
    """The output of the net that stands for a target; of a group of classes, the first."""
    if target in SHAPES:
        return subject.seen.classes.index(target)
    if target != GUESS:
        return GROUPS[target][0]
    from engine.detection.window_classifiers import IMAGENET_NET
    from engine.serving.readings import read_picture

    return int(read_picture(resolve(subject.scanned.ref), IMAGENET_NET).probs.argmax())

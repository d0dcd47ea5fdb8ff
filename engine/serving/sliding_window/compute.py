"""What windows said of a picture, as the Sliding window page shows it.

The finest grid is swept once and kept with all its probabilities, so that another stride, another
threshold and another class are looked up, not computed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.pictures import resize_longest
from engine.progress import Progress
from engine.serving.jobs import jobs
from engine.serving.sliding_window.contract import Crop, Question, Shown, Sized, Swept
from engine.serving.sweeps import (
    BATCH,
    TIMED_MS,
    Paced,
    Scanned,
    classifier_of,
    find_scanned,
    finest,
    heat_of,
    smallest_percent,
)
from engine.serving.window_targets import COARSEST, LARGEST_PERCENT

if TYPE_CHECKING:
    from torch import Tensor

    from engine.detection.window_classifiers import WindowClassifier
    from engine.detection.windows import Grid, Level

IOU_THRESHOLD = 0.3
SCALE_STEP = 1.4
TOP = 5
SHOWN_PX = 560  # longest side of the picture that is sent along
Answer = tuple[dict[str, np.ndarray], dict[str, Any]]


@dataclass(frozen=True, eq=False)
class Sweep:
    """The finest grid of windows of one size.

    Attributes:
        level: the scaled picture.
        grid: the windows on it.
        probs: float32 ``(classes, rows, columns)``.
    """

    level: "Level"
    grid: "Grid"
    probs: "Tensor"


def window_sizes(percent: int, scales: int) -> tuple[float, ...]:
    """Windows' sides in percent of the shorter side, smallest first; none above 100."""
    sizes = [percent * SCALE_STEP**step for step in range(scales)]
    return tuple(size for size in sizes if size <= LARGEST_PERCENT)


def _sweep(scanned: Scanned, percent: float) -> "Sweep | Progress[Sweep]":
    """The probabilities of every window of one size, or how far they are.

    Raises:
        InputError: too many windows, or the weights are not at hand.
    """
    level, grid = finest(scanned, percent)

    def work() -> "Iterator[Progress[Sweep]]":
        from engine.detection.dense_to_conv import sweep_crops

        seen, x = _ready(scanned, level)
        for step in sweep_crops(seen.net, x, grid, BATCH):
            found = step.result
            whole = found and Sweep(level, grid, found.logits.float().softmax(dim=0).cpu())
            yield Progress(step.done, step.total, whole)

    return jobs().ask(("sweep", scanned.ref, scanned.classifier, percent), work)


def _time(scanned: Scanned, percent: float, stride: int) -> Iterator[Progress[dict[str, Paced]]]:
    from engine.detection.dense_to_conv import sweep_crops
    from engine.progress import timed

    level, grid = finest(scanned, percent)
    coarse, _ = grid.every(grid.stride_px * stride)
    seen, x = _ready(scanned, level)
    found: dict[str, Paced] = {}
    seen.net(x[None, :, : seen.input_px, : seen.input_px])  # the first pass sets things up
    for way, batch in (("single", 1), ("batched", BATCH)):
        for step, ms in timed(sweep_crops(seen.net, x, coarse, batch)):
            found[way] = Paced(step.done, ms)
            yield Progress(step.done, 2 * coarse.count)
            if ms > TIMED_MS:
                break
    yield Progress(1, 1, found)


def _ready(scanned: Scanned, level: "Level") -> "tuple[WindowClassifier, Tensor]":
    seen = classifier_of(scanned)
    device = next(seen.net.parameters()).device
    return seen, seen.prepare(scanned.pixels, level).to(device)


def _find_boxes(
    heats: "list[tuple[Sweep, Tensor]]", stride: int, least: float, shown: Shown
) -> "tuple[Tensor, Tensor]":
    """Boxes ``(K, 4)`` in pixels of the picture, and their scores ``(K,)``, for all sizes together.

    Args:
        heats: sweeps, and the target's probabilities on their finest grids, ``(rows, columns)``.
        stride: in steps of the finest grid.
        least: score of a window that counts.
        shown: the boxes of hot areas, or the windows that NMS leaves.
    """
    import torch

    from engine.detection.hot_areas import boxes_of, find_hot_areas
    from engine.detection.nms import nms_trace

    boxes, scores = [], []
    for swept, heat in heats:
        grid, step = swept.grid.every(swept.grid.stride_px * stride)
        found = heat[::step, ::step]
        if shown == "areas":
            areas = find_hot_areas(found, least)
            boxes.append(boxes_of(areas, grid, swept.level))
            scores.append(areas.scores)
        else:
            sure = (found >= least).flatten()
            boxes.append(swept.level.to_original(grid.boxes()[sure]))
            scores.append(found.flatten()[sure])
    every, score = torch.cat(boxes), torch.cat(scores)
    if shown == "windows":
        kept = nms_trace(every, score, IOU_THRESHOLD).kept
        every, score = every[kept], score[kept]
    return every, score


def _crop_at(scanned: Scanned, swept: Sweep, row: int, column: int) -> np.ndarray:
    """What the net was shown of one window, uint8 ``(input_px, input_px, 3)``."""
    seen = classifier_of(scanned)
    x1, y1, x2, y2 = swept.grid.box(row, column)
    shown = seen.prepare(scanned.pixels, swept.level)[:, y1:y2, x1:x2]
    unit = shown * seen.std[:, None, None] + seen.mean[:, None, None]
    levels = (unit * 255).round().clamp(0, 255).byte()
    return levels.expand(3, -1, -1).permute(1, 2, 0).contiguous().numpy()


def look(asked: Question) -> Answer | Progress[Sweep]:
    """Heatmap and boxes of all sizes of window, or how far the sweep is.

    Raises:
        InputError: no such picture, one too thin, or weights that are not at hand.
    """
    scanned = find_scanned(asked.picture, asked.target)
    smallest = smallest_percent(scanned)
    swept: list[Sweep] = []
    for percent in window_sizes(max(asked.window, smallest), asked.scales):
        found = _sweep(scanned, percent)
        if isinstance(found, Progress):
            return found
        swept.append(found)
    named = [_heat(scanned, each.probs, asked) for each in swept]
    pairs = [(each, heat) for each, (heat, _) in zip(swept, named, strict=True)]
    heat, name = named[0]
    boxes, scores = _find_boxes(pairs, asked.stride, asked.threshold / 100, asked.shown)
    arrays = {
        "picture": resize_longest(scanned.pixels, SHOWN_PX),
        "heat": heat[:: asked.stride, :: asked.stride].numpy(),
        "dense": heat.numpy(),
        "boxes": boxes.numpy(),
        "scores": scores.numpy(),
    }
    return arrays, _facts(scanned, swept, asked.stride, name, smallest)


def pace(asked: Swept) -> dict[str, Paced] | Progress:
    """The windows of one stride timed ``single`` and ``batched``, for two seconds each at most.

    Raises:
        InputError: as :func:`look`.
    """
    scanned = find_scanned(asked.picture, asked.target)
    percent, stride = max(asked.window, smallest_percent(scanned)), asked.stride
    key = ("pace", scanned.ref, scanned.classifier, percent, stride)
    return jobs().ask(key, lambda: _time(scanned, percent, stride))


def look_into(asked: Crop) -> Answer | Progress[Sweep]:
    """What the net was shown of one window, and what it said.

    Raises:
        InputError: there is no such window; else as :func:`look`.
    """
    from engine.nets.classify import top_k

    scanned = find_scanned(asked.picture, asked.target)
    swept = _sweep(scanned, max(asked.window, smallest_percent(scanned)))
    if isinstance(swept, Progress):
        return swept
    shown = _crop_at(scanned, swept, asked.row, asked.column)
    probs, classes = swept.probs[:, asked.row, asked.column], classifier_of(scanned).classes
    labels = top_k(probs, min(TOP, len(classes)), classes)
    heat, name = _heat(scanned, probs, asked)
    return {"crop": shown}, {"top": list(map(vars, labels)), "prob": heat.item(), "name": name}


def _heat(scanned: Scanned, probs: "Tensor", asked: Sized) -> "tuple[Tensor, str]":
    return heat_of(scanned, probs, asked.target, int(asked.class_index))


def _facts(
    scanned: Scanned, swept: list[Sweep], stride: int, name: str, smallest: int
) -> dict[str, Any]:
    """Sizes in pixels of the picture are (down, across), since whole pixels make them differ."""
    seen, first = classifier_of(scanned), swept[0]
    down, across = first.level.scale
    steps = seen.input_px // seen.finest_px
    return {
        "size": list(scanned.pixels.shape[:2]),
        "window_px": [seen.input_px / down, seen.input_px / across],
        "finest_px": [seen.finest_px / down, seen.finest_px / across],
        "input_px": seen.input_px,
        "sizes": [each.grid.count for each in swept],
        "counts": [each.grid.every(each.grid.stride_px * stride)[0].count for each in swept],
        "batch": BATCH,
        "name": name,
        "classifier": scanned.classifier,
        "accuracy": seen.accuracy,
        "limits": {
            "window": {"low": smallest},
            "stride": {"high": min(COARSEST, steps)},
        },
    }

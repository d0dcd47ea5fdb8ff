"""What windows of one size said of a picture, as the Sliding window page asks for it.

The finest grid is swept once and kept with all its probabilities, so that another stride, another
threshold and another class are looked up, not computed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Literal

import numpy as np

from engine.errors import InputError
from engine.explain.progress import Progress
from engine.pictures import resolve
from engine.serving.jobs import jobs

if TYPE_CHECKING:
    from torch import Tensor

    from engine.detection.window_classifiers import WindowClassifier
    from engine.detection.windows import Grid, Level

Target = Literal[
    "guess", "cat", "dog", "cup", "motorcycle", "building", "rocket", "circle", "square", "triangle"
]
Wanted = Target | Literal["class", "face"]
Shown = Literal["areas", "windows"]
GUESS = "guess"  # whatever the network takes the whole picture for
FACE = "face"  # by the net that was taught with faces
ANY = "class"  # one of ImageNet's classes, by its index
SHAPES = ("circle", "square", "triangle")
#: Indices of ImageNet's classes that mean the same to a learner.
GROUPS: dict[str, tuple[int, ...]] = {
    "cat": tuple(range(281, 286)),
    "dog": tuple(range(151, 269)),
    "cup": (504, 967, 968, 969),
    "motorcycle": (665, 670),
    "building": (663, 668, 698, 832),
    "rocket": (657, 744, 812),
}
BATCH = 16
MOST_WINDOWS = 1200  # of one size; beyond, a learner would wait for too long
LARGEST_PERCENT, STEP_PERCENT, SMALLEST_PERCENT = 100, 5, 20
IOU_THRESHOLD = 0.3
TIMED_MS = 2000.0  # each way of sweeping is timed for so long at most
SCALE_STEP = 1.4
MOST_RATIO = 12  # longer over shorter side of a picture
SCENE_SEED = 0


@dataclass(frozen=True, eq=False)
class Scanned:
    """A picture to sweep.

    Attributes:
        ref: what results are kept under.
        pixels: uint8 ``(H, W, 3)``.
        classifier: name of the classifier that looks at it.
    """

    ref: str
    pixels: np.ndarray
    classifier: Literal["imagenet", "shapes", "faces"]


@dataclass(frozen=True, eq=False)
class Swept:
    """The finest grid of windows of one size.

    Attributes:
        level: the scaled picture.
        grid: the windows on it.
        probs: float32 ``(classes, rows, columns)``.
    """

    level: "Level"
    grid: "Grid"
    probs: "Tensor"


@dataclass(frozen=True)
class Paced:
    """How long a way of sweeping took.

    Attributes:
        windows: how many were classified in that time.
        ms: the time.
    """

    windows: int
    ms: float


def find_scanned(picture: str, target: Wanted) -> Scanned:
    """The learner's picture, or for the drawn shapes a scene drawn by the engine.

    Raises:
        InputError: no such picture.
    """
    if target in SHAPES:
        return Scanned("scene", _scene(), "shapes")
    chosen = resolve(picture)
    return Scanned(chosen.ref, chosen.pixels, "faces" if target == FACE else "imagenet")


@cache
def _scene() -> np.ndarray:
    from engine.data.painting import SceneSettings
    from engine.data.scenes import draw_scene

    settings = SceneSettings(
        size=(320, 480), objects=(5, 5), sizes_px=(60, 100), hidden_share=0, difficulty=0.1
    )
    return draw_scene(SCENE_SEED, 0, settings).pixels


def classifier_of(scanned: Scanned) -> "WindowClassifier":
    """The classifier that looks at it.

    Raises:
        InputError: its weights are not at hand.
    """
    from engine.detection.window_classifiers import find_window_classifier

    return find_window_classifier(scanned.classifier)


def finest(scanned: Scanned, percent: float) -> "tuple[Level, Grid]":
    """The scaled picture and its finest grid for a window of so much of the shorter side."""
    seen = classifier_of(scanned)
    height, width = scanned.pixels.shape[:2]
    level = seen.level((height, width), min(height, width) * percent / 100)
    return level, seen.grid(level)


def smallest_percent(scanned: Scanned) -> int:
    """The smallest window that a picture is swept with: a longer picture has more of them.

    Raises:
        InputError: the picture is more than 12 times as long as it is wide, or the reverse.
    """
    height, width = scanned.pixels.shape[:2]
    if max(height, width) > MOST_RATIO * min(height, width):
        raise InputError("windows_too_thin", height=height, width=width, ratio=MOST_RATIO)
    offered = range(SMALLEST_PERCENT, LARGEST_PERCENT, STEP_PERCENT)
    fitting = (each for each in offered if finest(scanned, each)[1].count <= MOST_WINDOWS)
    return next(fitting, LARGEST_PERCENT)


def window_sizes(percent: int, scales: int) -> tuple[float, ...]:
    """Windows' sides in percent of the shorter side, smallest first; none above 100."""
    sizes = [percent * SCALE_STEP**step for step in range(scales)]
    return tuple(size for size in sizes if size <= LARGEST_PERCENT)


def sweep(scanned: Scanned, percent: float) -> "Swept | Progress[Swept]":
    """The probabilities of every window of one size, or how far they are.

    Raises:
        InputError: too many windows, or the weights are not at hand.
    """
    level, grid = finest(scanned, percent)

    def work() -> "Iterator[Progress[Swept]]":
        from engine.detection.dense_to_conv import sweep_crops

        seen, x = _ready(scanned, level)
        for step in sweep_crops(seen.net, x, grid, BATCH):
            found = step.result
            whole = found and Swept(level, grid, found.logits.float().softmax(dim=0).cpu())
            yield Progress(step.done, step.total, whole)

    return jobs().ask(("sweep", scanned.ref, scanned.classifier, percent), work)


def pace(scanned: Scanned, percent: float, stride: int) -> "dict[str, Paced] | Progress":
    """The windows of one stride timed ``single`` and ``batched``, for two seconds each at most."""
    level, grid = finest(scanned, percent)
    coarse, _ = grid.every(grid.stride_px * stride)

    def work() -> "Iterator[Progress[dict[str, Paced]]]":
        from engine.detection.dense_to_conv import sweep_crops
        from engine.explain.progress import timed

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

    return jobs().ask(("pace", scanned.ref, scanned.classifier, percent, stride), work)


def _ready(scanned: Scanned, level: "Level") -> "tuple[WindowClassifier, Tensor]":
    seen = classifier_of(scanned)
    device = next(seen.net.parameters()).device
    return seen, seen.prepare(scanned.pixels, level).to(device)


def heat_of(
    scanned: Scanned, probs: "Tensor", target: Wanted, class_index: int = 0
) -> "tuple[Tensor, str]":
    """How probable the target is in each window, and what the target is called in English.

    Args:
        scanned: the picture.
        probs: ``(classes, ...)``.
        target: one of :data:`GROUPS` or :data:`SHAPES`, :data:`FACE`, :data:`GUESS`
            or :data:`ANY`.
        class_index: of ImageNet's class, where the target is :data:`ANY`.
    """
    classes = classifier_of(scanned).classes
    if target == ANY:
        return probs[class_index], classes[class_index]
    if target in (*SHAPES, FACE):
        return probs[classes.index(target)], target
    name, indices = _guess(scanned.ref) if target == GUESS else (target, GROUPS[target])
    return probs[list(indices)].sum(dim=0).clamp(max=1), name


@lru_cache(maxsize=64)
def _guess(ref: str) -> tuple[str, tuple[int, ...]]:
    """The class of the whole picture, with those that mean the same where we know them."""
    from engine.detection.window_classifiers import IMAGENET_NET
    from engine.nets.catalog import find_classifier
    from engine.serving.readings import read_picture

    index = int(read_picture(resolve(ref), IMAGENET_NET).probs.argmax())
    own = find_classifier(IMAGENET_NET).categories[index], (index,)
    return next((group for group in GROUPS.items() if index in group[1]), own)


def find_boxes(
    heats: "list[tuple[Swept, Tensor]]", stride: int, least: float, shown: Shown
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


def crop_at(scanned: Scanned, swept: Swept, row: int, column: int) -> np.ndarray:
    """What the net was shown of one window, uint8 ``(input_px, input_px, 3)``."""
    seen = classifier_of(scanned)
    x1, y1, x2, y2 = swept.grid.box(row, column)
    shown = seen.prepare(scanned.pixels, swept.level)[:, y1:y2, x1:x2]
    unit = shown * seen.std[:, None, None] + seen.mean[:, None, None]
    levels = (unit * 255).round().clamp(0, 255).byte()
    return levels.expand(3, -1, -1).permute(1, 2, 0).contiguous().numpy()

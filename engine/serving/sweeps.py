"""Pictures that windows sweep over, who looks through them, and what they are looked through for.

Shared by the pages Sliding window and Fully convolutional.
"""

from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Literal

import numpy as np

from engine.errors import InputError
from engine.pictures import resolve
from engine.serving.window_targets import (
    LARGEST_PERCENT,
    SHAPES,
    SMALLEST_PERCENT,
    STEP_PERCENT,
    Wanted,
)

if TYPE_CHECKING:
    from torch import Tensor

    from engine.detection.window_classifiers import WindowClassifier
    from engine.detection.windows import Grid, Level

#: Indices of ImageNet's classes that mean the same to a learner.
CLASSES_OF: dict[str, tuple[int, ...]] = {
    "cat": tuple(range(281, 286)),
    "dog": tuple(range(151, 269)),
    "cup": (504, 967, 968, 969),
    "motorcycle": (665, 670),
    "building": (663, 668, 698, 832),
    "rocket": (657, 744, 812),
}
BATCH = 16
MOST_WINDOWS = 1200  # of one size; beyond, a learner would wait for too long
TIMED_MS = 2000.0  # each way of sweeping is timed for so long at most
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
    return Scanned(chosen.ref, chosen.pixels, "faces" if target == "face" else "imagenet")


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


def heat_of(
    scanned: Scanned, probs: "Tensor", target: Wanted, class_index: int = 0
) -> "tuple[Tensor, str]":
    """How probable the target is in each window, and what the target is called in English.

    Args:
        scanned: the picture.
        probs: ``(classes, ...)``.
        target: what is looked for.
        class_index: of ImageNet's class, where the target is "class".
    """
    classes = classifier_of(scanned).classes
    if target == "class":
        return probs[class_index], classes[class_index]
    if target in (*SHAPES, "face"):
        return probs[classes.index(target)], target
    name, indices = _guess(scanned.ref) if target == "guess" else (target, CLASSES_OF[target])
    return probs[list(indices)].sum(dim=0).clamp(max=1), name


@lru_cache(maxsize=64)
def _guess(ref: str) -> tuple[str, tuple[int, ...]]:
    """The class of the whole picture, with those that mean the same where we know them."""
    from engine.detection.window_classifiers import IMAGENET_NET
    from engine.nets.catalog import find_classifier
    from engine.serving.readings import read_picture

    index = int(read_picture(resolve(ref), IMAGENET_NET).probs.argmax())
    own = find_classifier(IMAGENET_NET).categories[index], (index,)
    return next((group for group in CLASSES_OF.items() if index in group[1]), own)

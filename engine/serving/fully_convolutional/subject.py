"""Which net looks at which picture both ways: from crops, and in one pass."""

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, cast

from engine.pictures import resolve
from engine.serving.fully_convolutional.contract import FINER, Padding
from engine.serving.sweeps import CLASSES_OF, Scanned, find_scanned, smallest_percent
from engine.serving.window_targets import LARGEST_PERCENT, SHAPES, STEP_PERCENT, Target

if TYPE_CHECKING:
    from torch import Tensor, nn
    from torchvision.models import MobileNetV2

    from engine.detection.dense_to_conv import FullyConvolutional
    from engine.detection.window_classifiers import Name, WindowClassifier
    from engine.detection.windows import Grid, Level

LEAST_PERCENT = {"imagenet": 50, "shapes": 40}  # the window's side of the picture's shorter one
MOST_WINDOWS = 400  # of a photo, at the finest stride
_IMAGENET_STRIDE_PX = 32


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


def output_of(subject: Subject, target: Target) -> int:
    """The output of the net that stands for a target; of a group of classes, the first."""
    if target in SHAPES:
        return subject.seen.classes.index(target)
    if target != "guess":
        return CLASSES_OF[target][0]
    from engine.detection.window_classifiers import IMAGENET_NET
    from engine.serving.readings import read_picture

    return int(read_picture(resolve(subject.scanned.ref), IMAGENET_NET).probs.argmax())

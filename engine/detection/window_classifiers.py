"""Classifiers that a window slides with: what they are shown, and how the picture is made ready.

A window of any size is a window of the net's own size on a scaled picture, so the picture is scaled
once and not every crop by itself.

- ``imagenet``: MobileNetV2 and its 1000 classes, shown 96 x 96 px (it was trained on 224 x 224 and
  works at less, a little worse and five times faster).
- ``shapes``: a net of two valid convolutions for 32 x 32 px, made by
  :mod:`engine.detection.train_window_net`.
- ``shapes_padded``: its twin, whose convolutions pad with zeros.
- ``faces``: the same net for grey 25 x 25 px, taught with scikit-image's 200 patches.
"""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import numpy as np
import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor, nn

from engine.detection.windows import Grid, Level
from engine.errors import InputError
from engine.train.learning_data import LearningData
from engine.trainable.window_net import WindowNet

Name = Literal["imagenet", "shapes", "shapes_padded", "faces"]
_WEIGHTS = Path(__file__).resolve().parents[2] / "assets" / "weights"
SHAPES_FILE = _WEIGHTS / "window_shapes.safetensors"
PADDED_FILE = _WEIGHTS / "window_shapes_padded.safetensors"
FACES_FILE = _WEIGHTS / "window_faces.safetensors"
WIDTH = 16
IMAGENET_NET = "mobilenet_v2"
IMAGENET_PX, IMAGENET_STRIDE_PX = 96, 16
SHAPES_STRIDE_PX = 4
_FILES = {"shapes": SHAPES_FILE, "shapes_padded": PADDED_FILE, "faces": FACES_FILE}
_FACTS = "fovea"
_LUMA = (0.299, 0.587, 0.114)  # ITU-R BT.601, as Pillow makes grey


@dataclass(frozen=True, eq=False)
class WindowClassifier:
    """A classifier of windows.

    Attributes:
        net: float32 ``(N, C, input_px, input_px)`` to logits ``(N, classes)``; in eval mode and
            shared, so only read.
        input_px: side of the window on the scaled picture.
        finest_px: the least stride on the scaled picture.
        mean, std: float32 ``(C,)``, what pixels in [0, 1] are normalised by.
        classes: what the logits mean.
        accuracy: share of held-out pictures it got right when it was made; None where not measured
            here.
    """

    net: nn.Module
    input_px: int
    finest_px: int
    mean: Tensor
    std: Tensor
    classes: tuple[str, ...]
    accuracy: float | None = None

    def level(self, size: tuple[int, int], window_px: float) -> Level:
        """The scaled picture on which a window of ``window_px`` picture pixels is the net's own.

        Args:
            size: ``(H, W)`` of the picture.
            window_px: side of the window, at most the shorter side.
        """
        height, width = (max(self.input_px, round(n * self.input_px / window_px)) for n in size)
        return Level((height, width), size)

    def grid(self, level: Level) -> Grid:
        """The finest grid on a scaled picture."""
        return Grid(level.size, (self.input_px, self.input_px), self.finest_px)

    def prepare(self, pixels: np.ndarray, level: Level) -> Tensor:
        """The scaled, normalised picture, float32 ``(C, h, w)``, from uint8 ``(H, W, 3)``.

        C is 3, or 1 where the net was taught with grey pictures.
        """
        scaled = level.draw(torch.tensor(pixels).permute(2, 0, 1).float() / 255)
        if len(self.mean) == 1:
            scaled = torch.einsum("chw,c->hw", scaled, torch.tensor(_LUMA))[None]
        return (scaled - self.mean[:, None, None]) / self.std[:, None, None]


@cache
def find_window_classifier(name: Name) -> WindowClassifier:
    """The classifier of that name; loaded once in a process.

    Raises:
        InputError: its weights are not at hand.
    """
    if name == "imagenet":
        return _imagenet()
    return load_shapes_net(_FILES[name])


def _imagenet() -> WindowClassifier:
    from engine.nets.catalog import find_classifier
    from engine.nets.residence import residence

    entry = find_classifier(IMAGENET_NET)
    preset = entry.weights.transforms()
    return WindowClassifier(
        net=residence().resident(IMAGENET_NET),
        input_px=IMAGENET_PX,
        finest_px=IMAGENET_STRIDE_PX,
        mean=torch.tensor(preset.mean),
        std=torch.tensor(preset.std),
        classes=tuple(entry.categories),
    )


def save_shapes_net(
    path: Path, net: nn.Module, data: LearningData, accuracy: float, padding: int = 0
) -> None:
    """Write a trained window net with all that is needed to use it."""
    facts = {
        "classes": data.classes,
        "input_shape": data.input_shape,
        "mean": data.mean.tolist(),
        "std": data.std.tolist(),
        "accuracy": accuracy,
        "padding": padding,
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    weights = {name: tensor.contiguous() for name, tensor in net.state_dict().items()}
    save_file(weights, path, metadata={_FACTS: json.dumps(facts)})


def load_shapes_net(path: Path) -> WindowClassifier:
    """What :func:`save_shapes_net` wrote.

    Raises:
        InputError: the file is missing or damaged.
    """
    try:
        with safe_open(path, framework="pt") as file:
            facts = json.loads((file.metadata() or {})[_FACTS])
            weights = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        shape, padding = tuple(facts["input_shape"]), facts.get("padding", 0)
        net = WindowNet(shape, len(facts["classes"]), WIDTH, padding=padding)
        net.load_state_dict(weights)
    except (OSError, SafetensorError, KeyError, TypeError, ValueError, RuntimeError):
        raise InputError("checkpoint_damaged", name=path.name) from None
    return WindowClassifier(
        net=net.eval().requires_grad_(False),
        input_px=facts["input_shape"][1],
        finest_px=SHAPES_STRIDE_PX,
        mean=torch.tensor(facts["mean"]),
        std=torch.tensor(facts["std"]),
        classes=tuple(facts["classes"]),
        accuracy=facts["accuracy"],
    )

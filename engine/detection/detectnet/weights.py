"""The trained DetectNet that ships; ``python -m engine.detection.detectnet`` makes it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

from engine.errors import InputError
from engine.trainable.detect_net import DetectNet
from engine.trainable.net_settings import net_defaults

WEIGHTS_FILE = Path(__file__).resolve().parents[3] / "assets" / "weights" / "detectnet.safetensors"
FACTS = "fovea"  # the name under which a file says what it is


@dataclass(frozen=True, eq=False)
class TrainedDetectNet:
    """A DetectNet that has learnt.

    Attributes:
        net: in eval mode and shared, so only read.
        class_names: what its coverage maps mean.
        ap50: AP50 when it was made, by number of held-out scenes.
    """

    net: DetectNet
    class_names: tuple[str, ...]
    ap50: Mapping[int, float]


def save_detectnet(path: Path, trained: TrainedDetectNet) -> None:
    """Write a trained net with all that is needed to use it."""
    facts = {"classes": trained.class_names, "ap50": trained.ap50}
    path.parent.mkdir(parents=True, exist_ok=True)
    state = trained.net.state_dict()
    weights = {name: tensor.detach().contiguous() for name, tensor in state.items()}
    save_file(weights, path, metadata={FACTS: json.dumps(facts)})


def read_weights(path: Path = WEIGHTS_FILE) -> tuple[dict[str, Tensor], Mapping[str, Any]]:
    """Parameters and buffers by name, and "classes" and "ap50".

    Raises:
        InputError: the file is missing or damaged.
    """
    try:
        with safe_open(path, framework="pt") as file:
            facts = json.loads((file.metadata() or {})[FACTS])
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        ap50 = {int(count): float(value) for count, value in facts["ap50"].items()}
        return tensors, {"classes": tuple(facts["classes"]), "ap50": ap50}
    except (OSError, SafetensorError, KeyError, TypeError, ValueError, AttributeError):
        raise InputError("checkpoint_damaged", name=path.name) from None


def fill_detectnet(
    net: DetectNet, path: Path = WEIGHTS_FILE, features_only: bool = False
) -> Mapping[str, Any]:
    """Gives a net what the shipped one has learnt; returns the facts of :func:`read_weights`.

    With ``features_only`` its last convolution, which depends on the classes, stays as it is.

    Raises:
        InputError: the file is missing or damaged, or the net has another width or other classes.
    """
    tensors, facts = read_weights(path)
    wanted = net.state_dict()
    if features_only:
        tensors |= {name: value for name, value in wanted.items() if name.startswith("head.")}
    differing = [
        name
        for name in sorted(tensors.keys() | wanted.keys())
        if name not in tensors or name not in wanted or tensors[name].shape != wanted[name].shape
    ]
    if differing:
        raise InputError("checkpoint_other_net", layer=differing[0], count=len(differing))
    net.load_state_dict(tensors)
    return facts


@cache
def load_detectnet(device: torch.device, path: Path = WEIGHTS_FILE) -> TrainedDetectNet:
    """The shipped net on a device; loaded once in a process.

    Raises:
        InputError: the file is missing or damaged.
    """
    classes = read_weights(path)[1]["classes"]
    net = DetectNet((3, 0, 0), len(classes), net_defaults("detectnet").width)
    facts = fill_detectnet(net, path)
    return TrainedDetectNet(
        net.eval().requires_grad_(False).to(device), facts["classes"], facts["ap50"]
    )

"""The small GoogLeNet that ships; ``python -m engine.inception`` makes it."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

from engine.errors import InputError
from engine.inception.module import SmallGoogLeNet
from engine.train.learning_data import LearningData

WEIGHTS_FILE = Path(__file__).resolve().parents[2] / "assets" / "weights" / "inception.safetensors"
_FACTS = "fovea"


@dataclass(frozen=True, eq=False)
class TrainedInception:
    """A small GoogLeNet that has learnt.

    Attributes:
        net: in eval mode and shared, so only read.
        classes: the photographs' names, by index.
        mean, std: float32 (3,), what pixels in [0, 1] are normalised by.
        accuracy: share of held-out patches that it told right when it was made.
    """

    net: SmallGoogLeNet
    classes: tuple[str, ...]
    mean: Tensor
    std: Tensor
    accuracy: float


def save_inception(path: Path, net: SmallGoogLeNet, data: LearningData, accuracy: float) -> None:
    """Write a trained network with all that is needed to use it."""
    facts = {
        "classes": data.classes,
        "mean": data.mean.tolist(),
        "std": data.std.tolist(),
        "accuracy": accuracy,
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    weights = {name: tensor.contiguous() for name, tensor in net.state_dict().items()}
    save_file(weights, path, metadata={_FACTS: json.dumps(facts)})


@cache
def load_inception(path: Path = WEIGHTS_FILE) -> TrainedInception:
    """What :func:`save_inception` wrote, on the CPU; loaded once in a process.

    Raises:
        InputError: the file is missing or damaged.
    """
    try:
        with safe_open(path, framework="pt") as file:
            facts = json.loads((file.metadata() or {})[_FACTS])
            weights = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        net = SmallGoogLeNet(len(facts["classes"]))
        net.load_state_dict(weights)
        mean, std = torch.tensor(facts["mean"]), torch.tensor(facts["std"])
        classes, accuracy = tuple(facts["classes"]), float(facts["accuracy"])
    except (OSError, SafetensorError, KeyError, TypeError, ValueError, RuntimeError):
        raise InputError("checkpoint_damaged", name=path.name) from None
    return TrainedInception(net.eval().requires_grad_(False), classes, mean, std, accuracy)

"""The trained nets that ship: each in a file with what it means and how good it was.

``python -m engine.segment.train_panoptic`` and ``… train_upsampling`` make them.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor, nn

from engine.data.panoptic_scenes import CATEGORIES, FIRST_THING
from engine.errors import InputError
from engine.segment.panoptic_net import PanopticNet
from engine.segment.upsampling_net import UpsamplingNet

_FOLDER = Path(__file__).resolve().parents[2] / "assets" / "weights"
WEIGHTS_FILE = _FOLDER / "panoptic.safetensors"
UPSAMPLING_FILE = _FOLDER / "upsampling.safetensors"
_FACTS = "fovea"


@dataclass(frozen=True, eq=False)
class TrainedPanopticNet:
    """A panoptic net that has learnt.

    Attributes:
        net: in eval mode and shared, so only read.
        class_names: what its logits mean.
        is_thing: bool (classes,).
        figures: what was measured when it was made, by name, on ``figures["scenes"]`` scenes.
    """

    net: PanopticNet
    class_names: tuple[str, ...]
    is_thing: Tensor
    figures: Mapping[str, float]


@dataclass(frozen=True, eq=False)
class TrainedUpsamplingNet:
    """An encoder with all its decoders that have learnt.

    Attributes:
        net: in eval mode and shared, so only read.
        class_names: what the logits mean.
        figures: mean IoU when it was made, by decoder, on ``figures["scenes"]`` scenes.
    """

    net: UpsamplingNet
    class_names: tuple[str, ...]
    figures: Mapping[str, float]


def trained(net: PanopticNet, figures: Mapping[str, float] | None = None) -> TrainedPanopticNet:
    """A net that has learnt drawn scenes, in eval mode from here on."""
    is_thing = torch.arange(len(CATEGORIES)) >= FIRST_THING
    return TrainedPanopticNet(net.eval().requires_grad_(False), CATEGORIES, is_thing, figures or {})


def save_net(path: Path, net: nn.Module, figures: Mapping[str, float]) -> None:
    """Write a net that has learnt drawn scenes, with its figures."""
    facts = {"classes": CATEGORIES, "figures": dict(figures)}
    path.parent.mkdir(parents=True, exist_ok=True)
    weights = {name: tensor.detach().contiguous() for name, tensor in net.state_dict().items()}
    save_file(weights, path, metadata={_FACTS: json.dumps(facts)})


@cache
def load_panoptic_net(device: torch.device, path: Path = WEIGHTS_FILE) -> TrainedPanopticNet:
    """The shipped net on a device; loaded once in a process.

    Raises:
        InputError: the file is missing, damaged, or of other classes.
    """
    net = PanopticNet(len(CATEGORIES))
    figures = _fill(net, path, device)
    return trained(net, figures)


@cache
def load_upsampling_net(device: torch.device, path: Path = UPSAMPLING_FILE) -> TrainedUpsamplingNet:
    """The shipped encoder and decoders on a device; loaded once in a process.

    Raises:
        InputError: the file is missing, damaged, or of other classes.
    """
    net = UpsamplingNet(len(CATEGORIES))
    figures = _fill(net, path, device)
    return TrainedUpsamplingNet(net.eval().requires_grad_(False), CATEGORIES, figures)


def _fill(net: nn.Module, path: Path, device: torch.device) -> dict[str, float]:
    """Gives a net what :func:`save_net` wrote and moves it; returns the figures."""
    try:
        with safe_open(path, framework="pt") as file:
            facts = json.loads((file.metadata() or {})[_FACTS])
            weights = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        if tuple(facts["classes"]) != CATEGORIES:
            raise ValueError("other classes")
        net.load_state_dict(weights)
        figures = {name: float(value) for name, value in facts["figures"].items()}
    except (OSError, SafetensorError, KeyError, TypeError, ValueError, RuntimeError):
        raise InputError("checkpoint_damaged", name=path.name) from None
    net.to(device, memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue]
    return figures

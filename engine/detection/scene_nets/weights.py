"""The trained nets that ship; ``python -m engine.detection.scene_nets`` makes them.

Stored as float16, computed in float32: half the bytes, and AP50 the same to the third
digit; the command that makes a file prints both.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file
from torch import Tensor, nn

from engine.data.scenes import SCENES96
from engine.detection.detectnet.weights import FACTS, read_weights
from engine.errors import InputError
from engine.trainable.choice import build_net
from engine.trainable.net_settings import net_defaults

_FOLDER = Path(__file__).resolve().parents[3] / "assets" / "weights"


@dataclass(frozen=True, eq=False)
class TrainedSceneNet:
    """A net that has learnt.

    Attributes:
        net: in eval mode and shared, so only read.
        class_names: without background.
        ap50: AP50 when it was made, by number of held-out scenes.
    """

    net: nn.Module
    class_names: tuple[str, ...]
    ap50: Mapping[int, float]


def weights_file(name: str) -> Path:
    """Where the weights of a network lie."""
    return _FOLDER / f"{name}_scenes.safetensors"


def save_scene_net(path: Path, trained: TrainedSceneNet) -> None:
    """Writes a trained net with all that is needed to use it."""
    facts = {"classes": trained.class_names, "ap50": trained.ap50}
    path.parent.mkdir(parents=True, exist_ok=True)
    state = trained.net.state_dict()
    weights = {name: _halved(tensor).contiguous() for name, tensor in state.items()}
    save_file(weights, path, metadata={FACTS: json.dumps(facts)})


def _halved(tensor: Tensor) -> Tensor:
    """float16 of float32; a counter of batches stays as it is."""
    return tensor.detach().half() if tensor.is_floating_point() else tensor.detach()


def fill_scene_net(name: str, net: nn.Module, path: Path | None = None) -> Mapping[str, Any]:
    """Gives a net what the shipped one has learnt; returns the file's facts: "classes" and "ap50".

    Raises:
        InputError: the file is missing or damaged, or the net has another width or other classes.
    """
    tensors, facts = read_weights(path or weights_file(name))
    wanted = net.state_dict()
    differing = [
        key
        for key in sorted(tensors.keys() | wanted.keys())
        if key not in tensors or key not in wanted or tensors[key].shape != wanted[key].shape
    ]
    if differing:
        raise InputError("checkpoint_other_net", layer=differing[0], count=len(differing))
    net.load_state_dict(tensors)  # copied into float32
    return facts


@cache
def load_scene_net(name: str, device: torch.device, path: Path | None = None) -> TrainedSceneNet:
    """The shipped net of that name on a device; loaded once in a process.

    Raises:
        InputError: the file is missing or damaged.
    """
    classes = read_weights(path or weights_file(name))[1]["classes"]
    net = build_net(net_defaults(name), (3, *SCENES96.size), len(classes), pretrained=False)
    facts = fill_scene_net(name, net, path)
    net = net.eval().requires_grad_(False).to(device)
    return TrainedSceneNet(net, facts["classes"], facts["ap50"])

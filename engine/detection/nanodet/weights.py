"""The weights that ship; ``python -m engine.detection.nanodet`` makes them of the published ones.

They are stored as float16, as they were published, and computed with as float32.
"""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import zip_longest
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor, nn

from engine.detection.nanodet.net import NanoDet
from engine.errors import InputError
from engine.nets.tensorflow_js import Convolution

WEIGHTS_FILE = Path(__file__).resolve().parents[3] / "assets" / "weights" / "nanodet_g.safetensors"
_FACTS = "fovea"


def weights_of_convolutions(found: Sequence[Convolution]) -> dict[str, Tensor]:
    """The published convolutions under the names of our network, float16.

    Args:
        found: in the order in which the network was written, which is the order of its modules.

    Raises:
        InputError: they belong to another network.
    """
    with torch.device("meta"):
        net = NanoDet()
    names = [name for name, part in net.named_modules() if isinstance(part, nn.Conv2d)]
    given = [each.weight.shape for each in found]
    wanted = [tuple(net.get_parameter(f"{name}.weight").shape) for name in names]
    differing = [name for name, *pair in zip_longest(names, wanted, given) if pair[0] != pair[1]]
    if differing:
        raise InputError("checkpoint_other_net", layer=differing[0], count=len(differing))
    tensors: dict[str, Tensor] = {}
    for name, each in zip(names, found, strict=True):
        tensors[f"{name}.weight"] = torch.from_numpy(each.weight.copy()).half()
        tensors[f"{name}.bias"] = torch.from_numpy(each.bias.copy()).half()
    return tensors


def save_nanodet(path: Path, tensors: Mapping[str, Tensor], facts: Mapping[str, object]) -> None:
    """Write parameters, with where they come from.

    Args:
        path: of the file.
        tensors: by the names of our network.
        facts: whatever JSON can hold.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    save_file(dict(tensors), path, metadata={_FACTS: json.dumps(facts)})


def read_nanodet(path: Path = WEIGHTS_FILE) -> tuple[dict[str, Tensor], Mapping[str, object]]:
    """Parameters by name, float16, and the facts of :func:`save_nanodet`.

    Raises:
        InputError: the file is missing or damaged.
    """
    try:
        with safe_open(path, framework="pt") as file:
            facts = json.loads((file.metadata() or {})[_FACTS])
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        return tensors, facts
    except (OSError, SafetensorError, KeyError, TypeError, ValueError):
        raise InputError("checkpoint_damaged", name=path.name) from None


def new_nanodet(path: Path = WEIGHTS_FILE) -> NanoDet:
    """The shipped network as float32 on the CPU, in training mode: a copy of one's own to train.

    Raises:
        InputError: the file is missing, damaged or another network's.
    """
    tensors, _ = read_nanodet(path)
    net = NanoDet()
    wanted = net.state_dict()
    differing = [
        name
        for name in sorted(tensors.keys() | wanted.keys())
        if name not in tensors or name not in wanted or tensors[name].shape != wanted[name].shape
    ]
    if differing:
        raise InputError("checkpoint_other_net", layer=differing[0], count=len(differing))
    net.load_state_dict(tensors)
    return net


@cache
def load_nanodet(device: torch.device, path: Path = WEIGHTS_FILE) -> NanoDet:
    """The shipped network on a device, loaded once in a process and shared: only to be read.

    Raises:
        InputError: as :func:`new_nanodet`.
    """
    net = new_nanodet(path).eval().requires_grad_(False).to(device)
    # torch's overloads leave the memory format out
    return net.to(memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue]

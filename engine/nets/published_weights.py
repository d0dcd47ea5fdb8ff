"""Published weights in our form: of a graph model's convolutions a file under our own names.

The file holds float16 where float16 was published, and says where it comes from. Networks compute
with it in float32.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from itertools import zip_longest
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor, nn

from engine.errors import InputError
from engine.nets.tensorflow_js import Convolution, convolutions, read_graph_model

#: Files that ship lie here; ``SOURCES.md`` beside them tells of each.
WEIGHTS_FOLDER = Path(__file__).resolve().parents[2] / "assets" / "weights"
_FACTS = "fovea"


def convert(net: nn.Module, model: Path, target: Path, facts: Mapping[str, object]) -> str:
    """Write a graph model's numbers as ``net`` names them; returns what was made, in words.

    Args:
        net: written in the graph's order; only its names and shapes are read.
        model: the graph's JSON file, its one shard beside it under the same name, ``.bin``.
        target: the file to write.
        facts: what else it shall say; the digests of both files are added.

    Raises:
        InputError: a file is missing or damaged, or the graph is another network's.
    """
    tensors = name_convolutions(net, convolutions(read_graph_model(model)))
    hashes = {path.name: sha256(path) for path in (model, model.with_suffix(".bin"))}
    save_published(target, tensors, {**facts, "sha256": hashes})
    count = sum(tensor.numel() for tensor in tensors.values())
    told = [f"{target}: {count:,} parameters, {target.stat().st_size:,} bytes"]
    told += [f"{digest}  {name}" for name, digest in hashes.items()]
    return "\n".join([*told, f"{sha256(target)}  {target.name}"])


def name_convolutions(net: nn.Module, found: Sequence[Convolution]) -> dict[str, Tensor]:
    """A graph's convolutions under the names of a network that was written in the same order.

    Args:
        net: all of its parameters are convolutions'.
        found: of :func:`engine.nets.tensorflow_js.convolutions`.

    Raises:
        InputError: they belong to another network.
    """
    tensors: dict[str, Tensor] = {}
    differing = []
    for op in ("Conv2D", "DepthwiseConv2dNative", "Conv2DBackpropInput"):
        given = [each for each in found if each.op == op]
        ours = [(name, part) for name, part in net.named_modules() if _op_of(part) == op]
        for pair, each in zip_longest(ours, given):
            if pair is None or each is None or _shape(pair[1]) != each.weight.shape:
                differing.append(pair[0] if pair else op)
                continue
            tensors[f"{pair[0]}.weight"] = torch.from_numpy(each.weight.copy())
            tensors[f"{pair[0]}.bias"] = torch.from_numpy(each.bias.copy())
    if differing:
        raise InputError("checkpoint_other_net", layer=differing[0], count=len(differing))
    return tensors


def _op_of(part: nn.Module) -> str | None:
    """What TensorFlow calls a convolution; None for everything else."""
    if isinstance(part, nn.ConvTranspose2d):
        return "Conv2DBackpropInput"
    if isinstance(part, nn.Conv2d):
        return "Conv2D" if part.groups == 1 else "DepthwiseConv2dNative"
    return None


def _shape(part: nn.Module) -> tuple[int, ...]:
    return tuple(part.get_parameter("weight").shape)


def sha256(path: Path) -> str:
    """A file's digest in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def save_published(path: Path, tensors: Mapping[str, Tensor], facts: Mapping[str, object]) -> None:
    """Write parameters, with where they come from.

    Args:
        path: of the file.
        tensors: by name.
        facts: whatever JSON can hold.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    save_file(dict(tensors), path, metadata={_FACTS: json.dumps(facts)})


def read_published(path: Path) -> tuple[dict[str, Tensor], Mapping[str, Any]]:
    """Parameters by name, and the facts of :func:`save_published`.

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


def fill_published(net: nn.Module, path: Path) -> None:
    """Give a network the numbers of a file, in the network's own precision.

    Raises:
        InputError: the file is missing, damaged or another network's.
    """
    tensors, _ = read_published(path)
    wanted = net.state_dict()
    differing = [
        name
        for name in sorted(tensors.keys() | wanted.keys())
        if name not in tensors or name not in wanted or tensors[name].shape != wanted[name].shape
    ]
    if differing:
        raise InputError("checkpoint_other_net", layer=differing[0], count=len(differing))
    net.load_state_dict(tensors)

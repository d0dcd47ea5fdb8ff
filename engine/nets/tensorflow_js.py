"""Graph models of TensorFlow.js: a JSON file with the graph, and its weights in binary shards.

Only reading, and only what a conversion to PyTorch needs: the convolutions with their biases, in
the order in which the model was written.

Source: TensorFlow.js, "Graph model format" (``modelTopology``, ``weightsManifest``, quantisation
to float16).
"""

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from engine.errors import InputError

_DTYPES = {"float32": np.float32, "float16": np.float16, "int32": np.int32, "bool": np.bool_}
_NUMBER = re.compile(r"(\d+)$")
# TensorFlow keeps filters as (H, W, in, out), of depthwise ones (H, W, channel, 1), of transposed
# ones (H, W, out, in); PyTorch as (out, in, H, W), (channel, 1, H, W), (in, out, H, W).
_TO_TORCH = {
    "Conv2D": (3, 2, 0, 1),
    "DepthwiseConv2dNative": (2, 3, 0, 1),
    "Conv2DBackpropInput": (3, 2, 0, 1),
}


@dataclass(frozen=True)
class Node:
    """One operation: what it does ("Conv2D"), and the names of what it works on."""

    name: str
    op: str
    inputs: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class GraphModel:
    """A graph, its nodes sorted so that inputs come first, and its weights by name."""

    nodes: tuple[Node, ...]
    weights: Mapping[str, np.ndarray]


@dataclass(frozen=True, eq=False)
class Convolution:
    """A convolution as PyTorch wants it.

    Attributes:
        op: TensorFlow's name: "Conv2D", "DepthwiseConv2dNative", "Conv2DBackpropInput".
        weight: float, axes in PyTorch's order.
        bias: float (out,).
    """

    op: str
    weight: np.ndarray
    bias: np.ndarray


def read_graph_model(path: Path) -> GraphModel:
    """Read ``path``, a model's JSON file, and the shards beside it.

    Returns:
        The model; its weights have the type in which they are stored, so float16 stays float16.

    Raises:
        InputError: a file is missing, cut short or no graph model.
    """
    try:
        told = json.loads(path.read_text("utf-8"))
        nodes = tuple(_node(each) for each in told["modelTopology"]["node"])
        weights = {}
        for group in told["weightsManifest"]:
            content = b"".join((path.parent / shard).read_bytes() for shard in group["paths"])
            weights |= _tensors(content, group["weights"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise InputError("checkpoint_damaged", name=path.name) from None
    return GraphModel(nodes, weights)


def convolutions(model: GraphModel) -> list[Convolution]:
    """The convolutions of each kind in the order of their numbers, one kind after the other.

    Raises:
        InputError: one has no bias.
    """
    found = []
    for op, axes in _TO_TORCH.items():
        nodes = [node for node in model.nodes if node.op == op]
        for node in sorted(nodes, key=_number):
            kept = [model.weights[i] for i in node.inputs if i in model.weights]
            weight = next(each for each in kept if each.ndim == 4)
            channels = weight.shape[2] if op != "Conv2D" else weight.shape[3]
            bias = _bias(model, node, channels)
            found.append(Convolution(op, np.ascontiguousarray(weight.transpose(axes)), bias))
    return found


def _node(told: Mapping[str, Any]) -> Node:
    inputs = (each.partition(":")[0] for each in told.get("input", ()))
    return Node(told["name"], told["op"], tuple(inputs))


def _tensors(content: bytes, entries: list[dict[str, Any]]) -> dict[str, np.ndarray]:
    """The shard's tensors, one after the other without gaps.

    Raises:
        ValueError: there are fewer or more bytes, or numbers of an unknown type.
    """
    tensors, start = {}, 0
    for entry in entries:
        stored = entry.get("quantization", entry)["dtype"]
        if stored not in _DTYPES:
            raise ValueError(f"no reader for {stored}")
        dtype = np.dtype(_DTYPES[stored])
        count = math.prod(entry["shape"])
        numbers = np.frombuffer(content, dtype, count, start)
        tensors[entry["name"]] = numbers.reshape(entry["shape"])
        start += count * dtype.itemsize
    if start != len(content):
        raise ValueError(f"{len(content)} bytes, not {start}")
    return tensors


def _number(node: Node) -> int:
    """The number that ends a name: TensorFlow counts operations of a kind as they are written."""
    found = _NUMBER.search(node.name)
    return int(found[1]) if found else 0


def _bias(model: GraphModel, node: Node, channels: int) -> np.ndarray:
    """The vector that is added downstream; a skip connection may be added first."""
    reached = {node.name}
    for other in model.nodes:  # sorted, so one pass follows every path
        if not reached & set(other.inputs):
            continue
        if not other.op.startswith("Add"):
            continue
        added = [model.weights[i] for i in other.inputs if i in model.weights]
        if added and added[0].shape == (channels,):
            return added[0]
        reached.add(other.name)
    raise InputError("checkpoint_damaged", name=node.name)

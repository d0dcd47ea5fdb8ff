"""Graph models of TensorFlow.js made by hand, written as its converter writes them."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

# PyTorch's axes as TensorFlow keeps them.
_TO_TENSORFLOW = {
    "Conv2D": (2, 3, 1, 0),
    "DepthwiseConv2dNative": (2, 3, 0, 1),
    "Conv2DBackpropInput": (2, 3, 1, 0),
}


def write_graph_model(
    folder: Path, convolutions: Sequence[tuple[str, np.ndarray, np.ndarray]]
) -> Path:
    """A chain of convolutions: each an operation's name, weights in PyTorch's order, a bias.

    The weights lie in two shards, in another order than the convolutions, as the converter does.
    """
    nodes: list[dict[str, Any]] = [{"name": "input_1", "op": "Placeholder"}]
    entries, chunks = [], []
    for number, (op, weight, bias) in enumerate(convolutions):
        name = f"PartitionedCall/{op}" + (f"_{number}" if number else "")
        kept = {f"{name}/filter": weight.transpose(_TO_TENSORFLOW[op]), f"{name}/bias": bias}
        if op == "Conv2DBackpropInput":
            kept[f"{name}/input_sizes"] = np.array([1, 8, 8, weight.shape[1]], np.int32)
        nodes += [{"name": each, "op": "Const"} for each in kept]
        inputs = [nodes[-len(kept) - 1]["name"] if number else "input_1", f"{name}/filter"]
        if op == "Conv2DBackpropInput":  # its output's size comes first, its input last
            inputs = [f"{name}/input_sizes", *reversed(inputs)]
        nodes.append({"name": name, "op": op, "input": inputs})
        nodes.append({"name": f"{name}/add", "op": "AddV2", "input": [f"{name}:0", f"{name}/bias"]})
        for each, numbers in kept.items():
            entries.insert(0, _entry(each, numbers))
            chunks.insert(0, np.ascontiguousarray(numbers).tobytes())
    content = b"".join(chunks)
    path = folder / "model.json"
    (folder / "model.bin").write_bytes(content[:101])
    (folder / "model2.bin").write_bytes(content[101:])
    told = {
        "modelTopology": {"node": nodes},
        "weightsManifest": [{"paths": ["model.bin", "model2.bin"], "weights": entries}],
    }
    path.write_text(json.dumps(told), "utf-8")
    return path


def _entry(name: str, numbers: np.ndarray) -> dict[str, Any]:
    entry = {"name": name, "shape": list(numbers.shape), "dtype": str(numbers.dtype)}
    if numbers.dtype == np.float16:
        stored = {"dtype": "float16", "original_dtype": "float32"}
        entry |= {"dtype": "float32", "quantization": stored}
    return entry

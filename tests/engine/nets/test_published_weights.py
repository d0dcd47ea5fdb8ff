"""Published weights under our own names: a graph in the order in which the network is written."""

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import save_file
from torch import nn

from engine.errors import InputError
from engine.nets.published_weights import (
    convert,
    fill_published,
    name_convolutions,
    read_published,
    save_published,
)
from engine.nets.tensorflow_js import convolutions, read_graph_model
from tests.engine.nets.graph_models import write_graph_model

RANDOM = np.random.default_rng(0)


class Small(nn.Module):
    """All kinds of convolutions, interleaved."""

    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Conv2d(3, 6, 3)
        self.within = nn.Sequential(nn.Conv2d(6, 6, 3, groups=6), nn.ReLU())
        self.second = nn.Conv2d(6, 4, 1)
        self.up = nn.ConvTranspose2d(4, 2, 2, stride=2)


def parts_of(net: nn.Module) -> list[tuple[str, np.ndarray, np.ndarray]]:
    """A network's convolutions with random float16 numbers, as a graph holds them."""
    kinds = {"within.0": "DepthwiseConv2dNative", "up": "Conv2DBackpropInput"}
    parts = []
    for name, part in net.named_modules():
        if isinstance(part, nn.Conv2d | nn.ConvTranspose2d):
            numbers = [
                RANDOM.standard_normal(tuple(each.shape)).astype(np.float16)
                for each in (part.get_parameter("weight"), part.get_parameter("bias"))
            ]
            parts.append((kinds.get(name, "Conv2D"), *numbers))
    return parts


def test_a_graph_s_numbers_come_under_the_names_of_the_network(tmp_path: Path) -> None:
    net, target = Small(), tmp_path / "deep" / "made.safetensors"
    parts = parts_of(net)
    model = write_graph_model(tmp_path, parts)
    told = convert(net, model, target, {"source": "somebody"})
    fill_published(net, target)
    for name, (_, weight, bias) in zip(("first", "within.0", "second", "up"), parts, strict=True):
        assert np.array_equal(net.get_parameter(f"{name}.weight").detach().numpy(), weight)
        assert np.array_equal(net.get_parameter(f"{name}.bias").detach().numpy(), bias)
    tensors, facts = read_published(target)
    assert {tensor.dtype for tensor in tensors.values()} == {torch.float16}
    assert net.first.weight.dtype == torch.float32
    assert facts["source"] == "somebody"
    digest = hashlib.sha256((tmp_path / "model.bin").read_bytes()).hexdigest()
    assert facts["sha256"]["model.bin"] == digest
    assert digest in told
    assert f"{sum(tensor.numel() for tensor in tensors.values()):,} parameters" in told


@pytest.mark.parametrize("wrong", ["too few", "too many", "none", "other shapes", "other kinds"])
def test_another_network_s_graph_is_refused(tmp_path: Path, wrong: str) -> None:
    parts = parts_of(Small())
    first = parts[0]
    changed = {
        "too few": parts[:-1],
        "too many": [*parts, first],
        "none": [],
        "other shapes": [(first[0], first[1][:, :2], first[2]), *parts[1:]],
        "other kinds": [("DepthwiseConv2dNative", first[1][:, :1], first[2]), *parts[1:]],
    }[wrong]
    found = convolutions(read_graph_model(write_graph_model(tmp_path, changed)))
    with pytest.raises(InputError, match="network"):
        name_convolutions(Small(), found)


def test_a_damaged_or_foreign_file_gets_a_sentence(tmp_path: Path) -> None:
    whole, cut, bare, foreign = (
        tmp_path / f"{name}.safetensors" for name in ("whole", "cut", "bare", "foreign")
    )
    save_published(whole, Small().state_dict(), {})
    cut.write_bytes(whole.read_bytes()[:500])
    save_file({"w": torch.zeros(1)}, bare)
    save_published(foreign, {**Small().state_dict(), "first.bias": torch.zeros(5)}, {})
    fill_published(Small(), whole)
    for path in (tmp_path / "gone.safetensors", cut, bare):
        with pytest.raises(InputError, match=path.name):
            fill_published(Small(), path)
    with pytest.raises(InputError, match=r"first\.bias"):
        fill_published(Small(), foreign)


def test_a_damaged_graph_leaves_no_file(tmp_path: Path) -> None:
    model = write_graph_model(tmp_path, parts_of(Small()))
    model.write_text(json.dumps({"modelTopology": {}}), "utf-8")
    with pytest.raises(InputError, match=r"model\.json"):
        convert(Small(), model, tmp_path / "made.safetensors", {})
    assert not (tmp_path / "made.safetensors").exists()

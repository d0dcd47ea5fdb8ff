"""The file that ships, and the command that makes it of a graph model."""

import json
import re
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from engine.detection.coco import COCO_CLASSES
from engine.detection.nanodet.__main__ import main, sha256
from engine.detection.nanodet.weights import (
    WEIGHTS_FILE,
    new_nanodet,
    read_nanodet,
    weights_of_convolutions,
)
from engine.errors import InputError
from engine.nets.tensorflow_js import Convolution
from tests.engine.nets.graph_models import write_graph_model


def test_the_shipped_file_says_where_it_comes_from() -> None:
    tensors, facts = read_nanodet()
    assert {tensor.dtype for tensor in tensors.values()} == {torch.float16}
    assert sum(tensor.numel() for tensor in tensors.values()) == 3_786_068
    assert facts["classes"] == list(COCO_CLASSES)
    sources = (WEIGHTS_FILE.parent / "SOURCES.md").read_text("utf-8")
    told = dict(re.findall(r"\| `(\S+)` \| `([0-9a-f]{64})` \|", sources))
    hashes = facts["sha256"]
    assert isinstance(hashes, dict)
    assert hashes.keys() == {"nanodet.json", "nanodet.bin"}
    for name, digest in {**hashes, WEIGHTS_FILE.name: sha256(WEIGHTS_FILE)}.items():
        assert told[name] == digest
    assert (WEIGHTS_FILE.parent / "APACHE-2.0.txt").is_file()


def test_the_command_turns_a_graph_model_into_the_shipped_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tensors, _ = read_nanodet()
    weights = [each for name, each in tensors.items() if name.endswith("weight")]
    assert len(weights) == 34
    model = write_graph_model(tmp_path, [("Conv2D", *pair) for pair in _in_order(tensors)])
    made = tmp_path / "made.safetensors"
    assert main([str(model), "--file", str(made)]) == 0
    again, facts = read_nanodet(made)
    assert again.keys() == tensors.keys()
    assert all(torch.equal(again[name], tensors[name]) for name in tensors)
    assert facts["sha256"] == {
        name: sha256(tmp_path / name) for name in (model.name, f"{model.stem}.bin")
    }
    assert f"3,786,068 parameters, {made.stat().st_size:,} bytes" in capsys.readouterr().out


def test_the_command_refuses_another_network(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one = ("Conv2D", np.zeros((8, 3, 3, 3), np.float16), np.zeros(8, np.float16))
    model = write_graph_model(tmp_path, [one])
    assert main([str(model), "--file", str(tmp_path / "made.safetensors")]) == 2
    assert "backbone.stem.0" in capsys.readouterr().out
    model.write_text(json.dumps({"modelTopology": {}}), "utf-8")
    assert main([str(model)]) == 2
    assert not (tmp_path / "made.safetensors").exists()


def test_too_few_convolutions_of_the_right_shape_are_another_network() -> None:
    tensors, _ = read_nanodet()
    found = [Convolution("Conv2D", weight, bias) for weight, bias in _in_order(tensors)]
    assert weights_of_convolutions(found).keys() == tensors.keys()
    for wrong in (found[:-1], [], [*found, found[-1]]):
        with pytest.raises(InputError, match="network"):
            weights_of_convolutions(wrong)


def test_a_damaged_or_foreign_file_gets_a_sentence(tmp_path: Path) -> None:
    cut, foreign, bare = (tmp_path / f"{name}.safetensors" for name in ("cut", "foreign", "bare"))
    cut.write_bytes(WEIGHTS_FILE.read_bytes()[:5000])
    save_file({"w": torch.zeros(1)}, foreign, metadata={"fovea": "{}"})
    save_file({"w": torch.zeros(1)}, bare)
    for path in (tmp_path / "gone.safetensors", cut, bare):
        with pytest.raises(InputError, match=path.name):
            new_nanodet(path)
    with pytest.raises(InputError, match="network"):
        new_nanodet(foreign)


def _in_order(tensors: dict[str, torch.Tensor]) -> list[tuple[np.ndarray, np.ndarray]]:
    """Weights and biases in the order in which the network is written."""
    names = [name for name, _ in new_nanodet().named_parameters() if name.endswith(".weight")]
    pairs = [(tensors[name], tensors[name.replace("weight", "bias")]) for name in names]
    return [(weight.numpy(), bias.numpy()) for weight, bias in pairs]

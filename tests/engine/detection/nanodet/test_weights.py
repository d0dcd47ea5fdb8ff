"""The file that ships, and the command that makes it of a graph model."""

from pathlib import Path

import numpy as np
import pytest
import torch

from engine.detection.coco import COCO_CLASSES
from engine.detection.nanodet.__main__ import main
from engine.detection.nanodet.weights import WEIGHTS_FILE, new_nanodet
from engine.nets.published_weights import read_published
from tests.engine.nets.graph_models import write_graph_model
from tests.engine.nets.sources import check_sources


def test_the_shipped_file_says_where_it_comes_from() -> None:
    tensors, facts = read_published(WEIGHTS_FILE)
    assert {tensor.dtype for tensor in tensors.values()} == {torch.float16}
    assert sum(tensor.numel() for tensor in tensors.values()) == 3_786_068
    assert facts["classes"] == list(COCO_CLASSES)
    check_sources(WEIGHTS_FILE, {"nanodet.json", "nanodet.bin"})


def test_the_command_turns_a_graph_model_into_the_shipped_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tensors, _ = read_published(WEIGHTS_FILE)
    names = [name for name, _ in new_nanodet().named_parameters() if name.endswith(".weight")]
    assert len(names) == 34
    pairs = [(tensors[name], tensors[name.replace("weight", "bias")]) for name in names]
    parts = [("Conv2D", weight.numpy(), bias.numpy()) for weight, bias in pairs]
    made = tmp_path / "made.safetensors"
    assert main([str(write_graph_model(tmp_path, parts)), "--file", str(made)]) == 0
    again, _ = read_published(made)
    assert again.keys() == tensors.keys()
    assert all(torch.equal(again[name], tensors[name]) for name in tensors)
    assert "3,786,068 parameters" in capsys.readouterr().out


def test_the_command_refuses_another_network(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one = ("Conv2D", np.zeros((8, 3, 3, 3), np.float16), np.zeros(8, np.float16))
    made = tmp_path / "made.safetensors"
    assert main([str(write_graph_model(tmp_path, [one])), "--file", str(made)]) == 2
    assert "backbone.stem.0" in capsys.readouterr().out
    assert not made.exists()

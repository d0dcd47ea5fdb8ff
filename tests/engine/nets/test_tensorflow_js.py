"""Graph models of TensorFlow.js: weights under their names, convolutions in their order."""

import json
from pathlib import Path

import numpy as np
import pytest

from engine.errors import InputError
from engine.nets.tensorflow_js import convolutions, read_graph_model
from tests.engine.nets.graph_models import write_graph_model

RANDOM = np.random.default_rng(0)
CONV = RANDOM.standard_normal((5, 3, 3, 2)).astype(np.float16)
DEPTHWISE = RANDOM.standard_normal((5, 1, 3, 3)).astype(np.float32)
TRANSPOSED = RANDOM.standard_normal((5, 4, 2, 2)).astype(np.float16)
LAST = RANDOM.standard_normal((2, 4, 1, 1)).astype(np.float16)
PARTS = [
    ("Conv2D", CONV, np.arange(5, dtype=np.float16)),
    ("DepthwiseConv2dNative", DEPTHWISE, np.arange(5, dtype=np.float32) + 10),
    ("Conv2DBackpropInput", TRANSPOSED, np.arange(4, dtype=np.float16) + 20),
    ("Conv2D", LAST, np.arange(2, dtype=np.float16) + 30),
]


def test_convolutions_come_kind_by_kind_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    found = convolutions(read_graph_model(write_graph_model(tmp_path, PARTS)))
    expected = [PARTS[0], PARTS[3], PARTS[1], PARTS[2]]
    assert [each.op for each in found] == [op for op, _, _ in expected]
    for each, (_, weight, bias) in zip(found, expected, strict=True):
        assert each.weight.dtype == weight.dtype  # float16 stays float16
        assert np.array_equal(each.weight, weight)
        assert np.array_equal(each.bias, bias)


def test_ten_comes_after_two(tmp_path: Path) -> None:
    parts = [
        ("Conv2D", np.full((1, 1, 1, 1), number, np.float16), np.zeros(1, np.float16))
        for number in range(12)
    ]
    model = read_graph_model(write_graph_model(tmp_path, parts))
    assert [each.weight.item() for each in convolutions(model)] == list(range(12))


def test_a_bias_is_found_behind_a_skip_connection(tmp_path: Path) -> None:
    path = write_graph_model(tmp_path, PARTS[:1])
    told = json.loads(path.read_text("utf-8"))
    add = told["modelTopology"]["node"].pop()
    skip = {"name": "skip", "op": "AddN", "input": [add["input"][0], "input_1"]}
    told["modelTopology"]["node"] += [skip, {**add, "input": ["skip", add["input"][1]]}]
    path.write_text(json.dumps(told), "utf-8")
    assert convolutions(read_graph_model(path))[0].bias.tolist() == [0, 1, 2, 3, 4]


def test_a_convolution_without_bias_is_a_sentence(tmp_path: Path) -> None:
    path = write_graph_model(tmp_path, PARTS[:1])
    told = json.loads(path.read_text("utf-8"))
    told["modelTopology"]["node"].pop()
    path.write_text(json.dumps(told), "utf-8")
    with pytest.raises(InputError, match="PartitionedCall/Conv2D"):
        convolutions(read_graph_model(path))


@pytest.mark.parametrize("left", [0, 100, -1])
def test_a_shard_that_is_cut_short_or_too_long_is_a_sentence(tmp_path: Path, left: int) -> None:
    path = write_graph_model(tmp_path, PARTS)
    shard = tmp_path / "model2.bin"
    content = shard.read_bytes()
    shard.write_bytes(content[:left] if left >= 0 else content + b"\0")
    with pytest.raises(InputError, match=r"model\.json"):
        read_graph_model(path)


@pytest.mark.parametrize("text", ["", "{}", "[1]", '{"modelTopology": {"node": [{}]}}', "\0"])
def test_what_is_no_graph_model_is_a_sentence(tmp_path: Path, text: str) -> None:
    path = tmp_path / "model.json"
    path.write_text(text, "utf-8")
    with pytest.raises(InputError, match=r"model\.json"):
        read_graph_model(path)
    with pytest.raises(InputError, match=r"gone\.json"):
        read_graph_model(tmp_path / "gone.json")


def test_numbers_of_an_unknown_type_are_a_sentence(tmp_path: Path) -> None:
    path = write_graph_model(tmp_path, PARTS)
    path.write_text(path.read_text("utf-8").replace('"float16"', '"uint8"'), "utf-8")
    with pytest.raises(InputError, match=r"model\.json"):
        read_graph_model(path)

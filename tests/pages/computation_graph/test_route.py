"""What the Computation graph page's stages are told, and what they refuse."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from starlette.testclient import TestClient

from engine.runs.folder import create_run
from engine.runs.opening import open_net
from engine.runs.recording import record
from engine.serving.binary import unpack
from engine.serving.training import readers, workers
from engine.train.settings import DataSettings, RunSettings, TrainSettings
from engine.trainable.net_settings import net_defaults

PATH = "/api/v1/computation-graph"
CHOICE = "x * x if x > y else x + y"


@pytest.fixture
def no_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder of runs is this test's own."""
    monkeypatch.setenv("FOVEA_RUNS", str(tmp_path))
    for each in (workers, readers):
        each.cache_clear()
    yield tmp_path
    for each in (workers, readers):
        each.cache_clear()


def test_an_expressions_graph_with_its_places(ask: Callable) -> None:
    _, about = ask("computation-graph", x=0.5, y=-2, node="4")
    assert [line["text"] for line in about["lines"]][2:] == [
        "a = x * y", "b = sin(a)", "c = x / y", "d = b + c",
    ]  # fmt: skip
    assert (about["operations"], about["leaves"], about["edges"]) == (4, 2, 7)
    assert about["nodes"][0]["number"] == pytest.approx(np.sin(-1) - 0.25)
    assert len(about["x"]) == len(about["layer"]) == len(about["nodes"]) == 6
    leaf = about["nodes"][about["open"]["number"]]
    assert leaf["leaf"] == "x"
    assert leaf["slope"] == pytest.approx(-2 * np.cos(-1) - 0.5)
    assert about["open"]["gradient"]["number"] == leaf["slope"]


def test_an_if_leaves_the_other_branch_out(ask: Callable) -> None:
    names = [
        {node["name"] for node in ask("computation-graph", expression=CHOICE, x=x)[1]["nodes"]}
        for x in (1, 2.5)
    ]
    assert "MulBackward0" in names[1] - names[0]
    assert "AddBackward0" in names[0] - names[1]


def test_a_blocks_nodes_are_shown_as_maps(ask: Callable) -> None:
    arrays, about = ask("computation-graph", program="block", block=3, node="1")
    node = about["nodes"][1]
    assert (node["name"], node["shape"]) == ("AddBackward0", [1, 24, 56, 56])
    assert arrays["value"].shape == arrays["gradient"].shape == (8, 56, 56)
    assert about["open"]["value"]["all_maps"] == 24
    assert about["open"]["value"]["low"] <= arrays["value"].min()
    np.testing.assert_allclose(arrays["gradient"], 1 / (24 * 56 * 56), rtol=1e-5)
    other, _ = ask("computation-graph", program="block", block=3, node="1", picture="coffee")
    assert not np.array_equal(arrays["value"], other["value"])


def test_a_node_that_is_not_there_opens_the_result(ask: Callable) -> None:
    _, about = ask("computation-graph", node="999")
    assert about["open"]["number"] == 0


def test_what_is_not_finite_is_no_number(ask: Callable) -> None:
    _, about = ask("computation-graph", expression="sqrt(x) + y", x=0)
    leaf = next(node for node in about["nodes"] if node["leaf"] == "x")
    assert (leaf["number"], leaf["slope"]) == (0, None)


def test_the_newest_runs_network(ask: Callable, no_runs: Path) -> None:
    settings = RunSettings(
        data=DataSettings("digits", per_class=10, validation_share=0.1),
        net=net_defaults("lenet"),
        train=TrainSettings(epochs=1, learning_rate=0.01),
    )
    run = create_run(settings, no_runs)
    record(run.folder, torch.device("cpu"))
    _, about = ask("computation-graph", program="run")
    assert about["run"] == run.folder.name
    parameters = {name for name, _ in open_net(run.folder).net.named_parameters()}
    assert {node["leaf"] for node in about["nodes"] if node["leaf"]} == parameters


def test_where_nothing_was_trained_it_says_so(api: TestClient, no_runs: Path) -> None:
    answer = api.get(PATH, params={"program": "run"})
    assert answer.status_code == 404
    assert "Train one" in answer.json()["detail"]
    assert api.get(PATH, params={"program": "run", "run": "gone"}).status_code == 404


@pytest.mark.parametrize(
    ("dims", "shape"),
    [(0, []), (1, [1000]), (2, [224, 224]), (3, [3, 224, 224]), (4, [1, 32, 112, 112])],
)
def test_a_tensor_of_each_kind(ask: Callable, dims: int, shape: list[int]) -> None:
    arrays, about = ask("computation-graph/tensors", dims=dims)
    assert (about["dims"], about["shape"]) == (dims, shape)
    assert about["count"] == int(np.prod(shape))
    assert about["bytes"] == 4 * about["count"]
    assert np.isfinite(arrays["maps"]).all()
    assert len(arrays["maps"]) == min(about.get("all_maps", 0), 8)


def test_a_static_graph_is_made_as_a_job(api: TestClient) -> None:
    until = time.monotonic() + 120
    while True:
        answer = api.get(f"{PATH}/exported", params={"expression": CHOICE})
        if answer.status_code != 202:
            break
        assert time.monotonic() < until
        time.sleep(0.1)
    _, about = unpack(answer.content, answer.headers["X-Arrays"])
    assert about["plain"]["refused"]
    assert len(about["cond"]["code"]) == 3


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"y": 0}, "divides by zero"),
        ({"expression": "log(x)", "x": -1}, "no finite number"),
        ({"expression": "x +"}, "is no expression"),
        ({"expression": "open(x)"}, "not among what is accepted"),
        ({"expression": "x" + "+x" * 30}, "too many operations"),
        ({"expression": "1 + 1"}, "no graph"),
        ({"expression": "x.y"}, "accepted"),
        ({"expression": "__import__"}, "expression"),
        ({"x": "nan"}, "x"),
    ],
)
def test_what_cannot_be_computed_is_a_sentence(
    api: TestClient, asked: dict[str, Any], says: str
) -> None:
    for path in (PATH, f"{PATH}/exported"):
        answer = api.get(path, params=asked)
        assert answer.status_code == 422, answer.text
        assert says in answer.json()["detail"]
        korean = api.get(path, params=asked, headers={"Accept-Language": "ko"})
        assert korean.json()["detail"] != answer.json()["detail"]

"""Many pictures of the learner's own through a run."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from starlette.testclient import TestClient

from engine.data.data_set import DataSet
from engine.data.datasets import load_digits
from engine.runs.opening import open_net
from engine.runs.recording import record
from engine.serving.own_sets import own_sets

pytestmark = pytest.mark.usefixtures("runs")
DIGITS = {
    "data": {"name": "digits", "per_class": 40},
    "net": {"name": "softmax"},
    "train": {"epochs": 4, "learning_rate": 0.02},
}


@pytest.fixture
def trained(post: Callable, runs: Path) -> Path:
    name = post("runs", {"settings": DIGITS})[1]["name"]
    record(runs / name, torch.device("cpu"))
    return runs / name


def keep(images: torch.Tensor, targets: torch.Tensor, folders: tuple[str, ...]) -> str:
    return own_sets().put(DataSet("own", images, targets, folders, "uploaded"))


def test_every_picture_is_answered_as_the_network_answers_it(ask: Callable, trained: Path):
    digits = load_digits()
    chosen = torch.arange(300)
    images = digits.images[chosen].expand(-1, -1, -1, 3).contiguous()
    token = keep(images, digits.targets[chosen], digits.classes)
    arrays, about = ask(f"runs/{trained.name}/many", own_data=token)
    opened = open_net(trained)
    with torch.no_grad():
        batch = opened.prepare(digits.images[chosen].permute(0, 3, 1, 2))
        probs, answers = opened.net(batch).softmax(1).max(1)
    table = np.zeros((10, 10), int)
    np.add.at(table, (digits.targets[chosen].numpy(), answers.numpy()), 1)
    assert np.abs(arrays["confusion"] - table).sum() <= 4  # grey from RGB: other last bits
    assert arrays["confusion"].sum() == about["judged"] == 300
    assert about["right"] == arrays["confusion"].trace()
    assert about["meant"] == list(range(10))
    facts = arrays["facts"]
    assert len(facts) == len(arrays["pictures"]) <= 480
    assert facts[0, 2] == pytest.approx(probs.max().item(), abs=1e-3)
    for row, column in {(int(a), int(b)) for a, b, _ in facts}:
        shown = ((facts[:, 0] == row) & (facts[:, 1] == column)).sum()
        assert shown == min(24, arrays["confusion"][row, column])


def test_folders_that_are_called_otherwise_are_not_judged(ask: Callable, trained: Path):
    token = keep(
        torch.zeros((6, 16, 16, 3), dtype=torch.uint8), torch.arange(6) % 2, ("cats", "dogs")
    )
    arrays, about = ask(f"runs/{trained.name}/many", own_data=token)
    assert about["meant"] == [None, None]
    assert (about["right"], about["judged"]) == (0, 0)
    assert arrays["pictures"].shape[1:] == (8, 8, 1)


def test_what_is_gone_or_not_there_is_a_sentence(api: TestClient, trained: Path):
    path = f"/api/v1/runs/{trained.name}/many"
    assert api.get(path, params={"own_data": "gone"}).status_code == 404
    assert api.get(path).status_code == 422
    images = torch.zeros((6, 8, 8, 3), dtype=torch.uint8)
    token = keep(images, torch.arange(6) % 2, ("a", "b"))
    late = api.get(path, params={"own_data": token, "epoch": 99})
    assert late.status_code == 404
    assert "99" in late.json()["detail"]

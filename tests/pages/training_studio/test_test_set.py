"""The test part of a run's pictures: kept apart, looked at once, and what runs differ in."""

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from starlette.testclient import TestClient

from engine.data.datasets import load_digits
from engine.errors import InputError
from engine.runs.folder import read_run
from engine.runs.opening import open_net
from engine.runs.recording import record
from engine.runs.testing import measure_test
from engine.train.feeding import choose_parts
from engine.train.settings import DataSettings, settings_from_dict
from tests.api_client import ME

pytestmark = pytest.mark.usefixtures("runs")
SETTINGS = {
    "data": {"name": "digits", "per_class": 20, "test_share": 0.2},
    "net": {"name": "softmax"},
    "train": {"epochs": 2, "learning_rate": 0.01},
}


def begin(post: Callable, settings: dict) -> str:
    status, answer = post("runs", {"settings": settings})
    assert status == 200, answer
    return answer["name"]


def test_no_picture_is_in_two_parts_and_without_a_share_all_is_as_before():
    digits = load_digits()
    parts = choose_parts(settings_from_dict(SETTINGS), digits)
    members = [set(each.tolist()) for each in (parts.train, parts.validation, parts.test)]
    assert not members[0] & members[1]
    assert not members[0] & members[2]
    assert not members[1] & members[2]
    assert len(parts.test) == pytest.approx(0.2 * len(digits), abs=10)
    data = {**SETTINGS["data"], "test_share": 0.0}
    assert len(choose_parts(settings_from_dict({**SETTINGS, "data": data}), digits).test) == 0


def test_shares_that_leave_nothing_to_learn_from_are_a_sentence():
    with pytest.raises(InputError, match="130 % of the pictures"):
        DataSettings(validation_share=0.9, test_share=0.4)


def test_the_test_is_refused_before_the_end_and_gives_the_best_epochs_accuracy_after_it(
    api: TestClient, post: Callable, runs: Path
):
    name = begin(post, SETTINGS)
    early = api.post(f"/api/v1/runs/{name}/test", headers={"X-Owner": ME})
    assert early.status_code == 409
    assert "once it has finished" in early.json()["detail"]
    record(runs / name, torch.device("cpu"))
    answer = {}
    while "accuracy" not in answer:
        answer = api.post(f"/api/v1/runs/{name}/test", headers={"X-Owner": ME}).json()

    digits, settings = load_digits(), settings_from_dict(SETTINGS)
    test = choose_parts(settings, digits).test
    opened = open_net(runs / name, answer["epoch"])
    with torch.no_grad():
        logits = opened.net(opened.prepare(digits.images[test].permute(0, 3, 1, 2)))
    right = (logits.argmax(1) == digits.targets[test]).float().mean().item()
    assert answer["count"] == len(test)
    assert answer["accuracy"] == pytest.approx(right, abs=2 / len(test))
    assert 0 < answer["noise"] < 0.2
    listed = api.get("/api/v1/runs").json()["runs"]
    assert next(run for run in listed if run["name"] == name)["test"] == answer


def test_what_was_measured_stands(post: Callable, runs: Path):
    name = begin(post, SETTINGS)
    record(runs / name, torch.device("cpu"))
    first = measure_test(read_run(runs / name))
    for path in (runs / name / "checkpoints").iterdir():
        path.unlink()
    assert measure_test(read_run(runs / name)) == first


@pytest.mark.parametrize(
    "settings",
    [
        {**SETTINGS, "data": {"name": "digits", "per_class": 5}},
        {
            "data": {"name": "panoptic96"},
            "net": {"name": "unet", "width": 2},
            "train": {"epochs": 1, "batch_size": 8},
            "segmenter": {"mask_scenes": 4},
        },
    ],
)
def test_a_run_without_test_pictures_says_so(post: Callable, runs: Path, settings: dict):
    name = begin(post, {**settings, "train": {**settings["train"], "epochs": 1}})
    record(runs / name, torch.device("cpu"))
    with pytest.raises(InputError, match="kept no pictures for a test"):
        measure_test(read_run(runs / name))


def test_another_persons_test_set_is_not_opened(api: TestClient, post: Callable, runs: Path):
    name = begin(post, SETTINGS)
    record(runs / name, torch.device("cpu"))
    answer = api.post(f"/api/v1/runs/{name}/test", headers={"X-Owner": "s" * 22})
    assert answer.status_code == 403
    assert not (runs / name / "test.json").exists()


def test_runs_are_told_apart_by_what_they_read(api: TestClient, post: Callable):
    other = {**SETTINGS, "net": {"name": "mlp"}, "train": {"epochs": 2, "learning_rate": 0.1}}
    names = [begin(post, settings) for settings in (SETTINGS, other)]
    found = api.get("/api/v1/runs/differences", params={"names": ",".join(names)}).json()
    rows = {row["setting"]: row["values"] for row in found["rows"]}
    assert rows["net"] == ["softmax", "mlp"]
    assert rows["learning_rate"] == [0.01, 0.1]
    assert rows["depth"] == [None, 3]  # softmax has none
    assert "epochs" not in rows
    assert "mask_scenes" not in rows
    assert found["forks"] == []


def test_a_fork_says_what_it_changed(api: TestClient, post: Callable, runs: Path):
    name = begin(post, SETTINGS)
    record(runs / name, torch.device("cpu"))
    changes = {"train": {"learning_rate": 0.5, "epochs": 3}}
    fork = post(f"runs/{name}/fork", {"changes": changes, "epoch": 1})[1]["name"]
    found = api.get("/api/v1/runs/differences", params={"names": fork}).json()
    (told,) = found["forks"]
    assert (told["parent"], told["epoch"]) == (name, 1)
    assert sorted((each["setting"], each["before"], each["after"]) for each in told["changes"]) == [
        ("epochs", 2, 3),
        ("learning_rate", 0.01, 0.5),
    ]

"""Runs over the API: begun, watched, stopped, forked, deleted, and whose they are."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from starlette.testclient import TestClient

from engine.data.data_set import DataSet
from engine.runs.folder import read_run
from engine.runs.recording import record
from engine.serving.comparisons.compute import name_comparison, plan
from engine.serving.own_sets import own_sets
from engine.serving.training import workers
from engine.train.settings import settings_from_dict
from tests.api_client import ME

SMALL = {
    "data": {"name": "digits", "per_class": 12, "validation_share": 0.1},
    "net": {"name": "mlp", "depth": 2, "width": 8},
    "train": {"epochs": 3, "batch_size": 64, "learning_rate": 0.01},
}
YOU = "b" * 22


pytestmark = pytest.mark.usefixtures("runs")


def train(folder: Path) -> None:
    record(folder, torch.device("cpu"))


def listed(api: TestClient, token: str = ME) -> list[dict]:
    return api.get("/api/v1/runs", headers={"X-Owner": token}).json()["runs"]


def test_there_are_no_runs_yet(api: TestClient):
    assert listed(api) == []


def test_a_run_is_begun_watched_and_listed(
    api: TestClient, post: Callable, ask: Callable, runs: Path
):
    status, answer = post("runs", {"settings": SMALL})
    assert (status, answer) == (200, {"name": "mlp-digits-0001"})
    name = answer["name"]
    _, about = ask("runs/curves", names=f"{name},nonesuch")
    assert [run["status"] for run in about["runs"]] == ["queued", "none"]
    train(runs / name)
    arrays, about = ask("runs/curves", names=f"{name},nonesuch")
    assert about["runs"][0]["status"] == "finished"
    assert about["runs"][0]["epochs"] == 3
    assert arrays["steps_0"].shape == (6, 4)
    assert arrays["epochs_0"][:, 0].tolist() == [1, 2, 3]
    assert arrays["steps_1"].shape == (0, 4)
    (entry,) = listed(api)
    assert entry["mine"]
    assert entry["accuracy"] == pytest.approx(float(arrays["epochs_0"][-1, 4]))
    assert not listed(api, YOU)[0]["mine"]
    shown = api.get(f"/api/v1/runs/{name}").json()
    assert shown["settings"]["net"]["width"] == 8
    assert shown["epochs_kept"] == [0, 1, 2, 3]


def test_only_the_owner_changes_a_run(api: TestClient, post: Callable, runs: Path):
    name = post("runs", {"settings": SMALL})[1]["name"]
    for path in (f"runs/{name}/stop", f"runs/{name}/resume"):
        assert post(path, token=YOU)[0] == 403
        assert post(path, token=None)[0] == 403
    assert post(f"runs/{name}/fork", {"changes": {}}, token=YOU)[0] == 403
    assert api.delete(f"/api/v1/runs/{name}", headers={"X-Owner": YOU}).status_code == 403
    assert (runs / name).exists()
    assert post(f"runs/{name}/stop")[0] == 200
    assert listed(api)[0]["status"] == "new"
    assert api.delete(f"/api/v1/runs/{name}", headers={"X-Owner": ME}).status_code == 204
    assert not (runs / name).exists()


def test_a_key_that_was_handed_over_counts_but_owns_nothing_new(post: Callable, runs: Path):
    name = post("runs", {"settings": SMALL})[1]["name"]
    both = f"{YOU},{ME}"
    assert post(f"runs/{name}/stop", token=both)[0] == 200
    own = post("runs", {"settings": SMALL}, token=both)[1]["name"]
    assert post(f"runs/{own}/stop", token=ME)[0] == 403
    assert post(f"runs/{own}/stop", token=YOU)[0] == 200
    assert post(f"runs/{own}/stop", token=f"{YOU},")[0] == 422


def test_whoever_does_not_say_who_they_are_begins_nothing(post: Callable, runs: Path):
    status, answer = post("runs", {"settings": SMALL}, token=None)
    assert status == 401
    assert "X-Owner" in answer["detail"]
    assert not runs.exists()


def test_a_fork_begins_where_its_parent_stood(post: Callable, runs: Path):
    name = post("runs", {"settings": SMALL})[1]["name"]
    train(runs / name)
    change = {"epoch": 2, "changes": {"train": {"learning_rate": 0.5}}}
    status, answer = post(f"runs/{name}/fork", change)
    assert status == 200
    fork = read_run(runs / answer["name"])
    assert fork.parent == {"run": name, "epoch": 2, "step": 4}
    assert fork.settings.train.learning_rate == 0.5
    status, answer = post(f"runs/{name}/fork", {"changes": {"net": {"width": 9}}})
    assert status == 422
    assert "width" in answer["detail"]


@pytest.mark.parametrize(
    "settings",
    [
        {"train": {"epochs": 0}},
        {"train": {"epochs": "many"}},
        {"net": {"name": "vgg99"}},
        {"nonesuch": {}},
        {"train": {"learning_rate": 1e9}},
    ],
)
def test_settings_out_of_range_are_a_sentence(post: Callable, runs: Path, settings: dict):
    status, answer = post("runs", {"settings": settings})
    assert 400 <= status < 500
    assert isinstance(answer["detail"], str)
    assert not runs.exists() or not list(runs.iterdir())


@pytest.mark.parametrize("names", ["", "a" * 200, "../etc", "a,,b", ",".join("abcdefghi")])
def test_names_that_are_none(api: TestClient, names: str):
    answer = api.get("/api/v1/runs/curves", params={"names": names})
    assert 400 <= answer.status_code < 500
    assert isinstance(answer.json()["detail"], str)


def test_a_folder_edited_by_hand_is_shown_with_the_reason(
    api: TestClient, post: Callable, ask: Callable, runs: Path
):
    name = post("runs", {"settings": SMALL})[1]["name"]
    (runs / name / "run.json").write_text("{")
    (entry,) = listed(api)
    assert entry["status"] == "damaged"
    assert entry["sentence"]["ko"] != entry["sentence"]["en"]
    _, about = ask("runs/curves", names=name)
    assert about["runs"][0]["status"] == "damaged"


def test_comparisons_are_known_by_their_settings(api: TestClient, post: Callable, runs: Path):
    first, other = settings_from_dict(SMALL), settings_from_dict({**SMALL, "seed": 1})
    planned = plan({"one": first, "two": other})
    assert planned[0]["name"] != planned[1]["name"] == name_comparison(other)
    body = {"settings": [each["settings"] for each in planned]}
    status, answer = post("comparisons", body)
    assert status == 200
    assert answer["names"] == [each["name"] for each in planned]
    assert len(workers().queued()) == 2
    assert post("comparisons", body, token=YOU)[1] == answer  # shared, not trained twice
    assert len(workers().queued()) == 2
    assert listed(api) == []  # these belong to the pages that plan them
    assert post("comparisons/stop", answer, token=YOU)[0] == 403
    assert post("comparisons/stop", answer)[0] == 200
    assert not workers().queued()
    train(runs / answer["names"][0])
    post("comparisons", body)
    assert [each.name for each in workers().queued()] == answer["names"][1:]  # one is done


def test_old_comparisons_make_room(post: Callable, runs: Path, monkeypatch: pytest.MonkeyPatch):
    name = post("comparisons", {"settings": [SMALL]})[1]["names"][0]
    train(runs / name)
    (runs / name / "large").write_bytes(bytes(2 * 2**20))
    monkeypatch.setenv("FOVEA_RUNS_DISK_MIB", "3")
    workers.cache_clear()
    status, answer = post("comparisons", {"settings": [{**SMALL, "seed": 7}]})
    assert status == 200
    assert [each.name for each in runs.iterdir() if each.is_dir()] == answer["names"]


def test_own_pictures_go_into_the_run(post: Callable, ask: Callable, runs: Path):
    drawn = torch.Generator().manual_seed(0)
    images = torch.randint(0, 256, (40, 12, 12, 3), dtype=torch.uint8, generator=drawn)
    data = DataSet("own", images, torch.arange(40) % 2, ("cat", "dog"), "uploaded")
    token = own_sets().put(data)
    settings = {**SMALL, "data": {"name": "own"}}
    status, answer = post("runs", {"settings": settings, "own_data": token})
    assert status == 200, answer
    train(runs / answer["name"])
    arrays, _ = ask("runs/curves", names=answer["name"])
    assert np.isfinite(arrays["epochs_0"]).all()
    status, answer = post("runs", {"settings": settings, "own_data": "gone"})
    assert status == 404
    assert "upload" in answer["detail"]

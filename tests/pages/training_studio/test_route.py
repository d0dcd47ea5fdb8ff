"""What the Training studio is told before and after a training."""

import re
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from resource import RUSAGE_SELF, getrusage

import numpy as np
import onnxruntime
import pytest
import torch
from sklearn.metrics import confusion_matrix
from starlette.testclient import TestClient

from engine.data.data_set import DataSet
from engine.data.datasets import load_digits
from engine.data.panoptic_scenes import draw_panoptic_scenes
from engine.pictures import sample
from engine.runs.opening import open_net
from engine.runs.own_data import load_for_run
from engine.runs.recording import record
from engine.segment.masked_scenes import HELD_OUT_SEED, SCENES
from engine.serving.own_sets import own_sets
from engine.train.feeding import choose_parts
from engine.train.flat import settings_from_flat
from engine.train.settings import settings_from_dict
from tests.api_client import ME

pytestmark = pytest.mark.usefixtures("runs")

LENET = {
    "data": {"name": "digits", "per_class": 12, "validation_share": 0.1},
    "net": {"name": "lenet"},
    "train": {"epochs": 2, "learning_rate": 0.01},
}


@pytest.fixture
def trained(post: Callable, runs: Path) -> Path:
    """The folder of a finished run."""
    name = post("runs", {"settings": LENET})[1]["name"]
    record(runs / name, torch.device("cpu"))
    return runs / name


def test_the_look_shows_what_would_be_learnt(ask: Callable):
    asked = {"data": "digits", "per_class": 20, "label_noise": 0.5, "seed": 3, "net": "mlp"}
    arrays, about = ask("training-studio", **asked)
    texts = {name: str(value) for name, value in asked.items()}
    settings, digits = settings_from_flat(texts), load_digits()
    parts = choose_parts(settings, digits)
    assert about["settings"] == settings.to_dict() | {
        "train": {**settings.to_dict()["train"], "augment": []}
    }
    assert about["counts"] == torch.bincount(parts.train_targets, minlength=10).tolist()
    assert about["validation"] == len(parts.validation)
    row = 4
    of_row = (parts.train_targets == row).nonzero()[:, 0]
    shown = int(arrays["shown"][row])
    np.testing.assert_array_equal(
        arrays["pictures"][row, :shown], digits.images[parts.train[of_row[:shown]]]
    )
    truth = digits.targets[parts.train[of_row[:shown]]]
    np.testing.assert_array_equal(arrays["wrong"][row, :shown], truth != row)
    assert arrays["wrong"].sum() > 0


@pytest.mark.parametrize("net", ["softmax", "mlp", "lenet", "small_vgg", "small_resnet"])
def test_the_shape_table_counts_every_parameter(ask: Callable, net: str):
    from engine.trainable.choice import build_net

    _, about = ask("training-studio", data="digits", net=net)
    settings = settings_from_dict(about["settings"])
    built = build_net(settings.net, (1, 8, 8), 10)
    counted = sum(layer["params"] for layer in about["layers"])
    assert counted == sum(each.numel() for each in built.parameters())
    assert about["layers"][-1]["shape"] == [10]


def test_own_pictures_are_shown(ask: Callable, api: TestClient):
    images = torch.full((8, 16, 16, 3), 7, dtype=torch.uint8)
    token = own_sets().put(DataSet("own", images, torch.arange(8) % 2, ("a", "b"), "uploaded"))
    arrays, about = ask("training-studio", data="own", own_data=token)
    assert about["classes"] == ["a", "b"]
    assert (arrays["pictures"][0, 0] == 7).all()
    refused = api.get("/api/v1/training-studio", params={"data": "own", "own_data": "gone"})
    assert refused.status_code == 404


@pytest.mark.parametrize(
    "asked",
    [{"net": "vgg99"}, {"epochs": "0"}, {"nonesuch": "1"}, {"data": "../etc"}, {"augment": "fly"}],
)
def test_wrong_values_are_a_sentence(api: TestClient, asked: dict):
    answer = api.get("/api/v1/training-studio", params=asked)
    assert 400 <= answer.status_code < 500
    assert isinstance(answer.json()["detail"], str)


@pytest.mark.parametrize(
    "asked",
    [
        {"data": "digits", "net": "small_resnet", "width": "1024", "depth": "50"},
        {"data": "digits", "net": "small_vgg", "batch_size": "65536", "width": "1024"},
        {"data": "panoptic96", "net": "unet", "width": "1024", "batch_size": "4096"},
    ],
)
def test_a_network_larger_than_the_memory_is_refused_at_once_with_the_number(
    api: TestClient, asked: dict
):
    api.get("/api/v1/training-studio", params={"data": "digits"})  # all that is imported once
    before, began = getrusage(RUSAGE_SELF).ru_maxrss, time.process_time()
    answer = api.get("/api/v1/training-studio", params=asked)
    assert answer.status_code == 422
    assert re.search(r"would need \d+\.\d GiB of memory", answer.json()["detail"])
    assert time.process_time() - began < 10
    assert (getrusage(RUSAGE_SELF).ru_maxrss - before) / 1024 < 200  # MiB


def test_settings_that_cannot_work_are_refused_before_a_run_is_made(post: Callable, runs: Path):
    giant = {
        "data": {"name": "digits"},
        "net": {"name": "small_resnet", "width": 1024, "depth": 50},
    }
    tight = {"net": {"name": "transfer", "input_px": 32}, "train": {"batch_size": 1}}
    for settings, said in ((giant, "GiB of memory"), (tight, "at least two images")):
        status, answer = post("runs", {"settings": settings})
        assert (status, said in answer["detail"]) == (422, True), answer
        status, answer = post("comparisons", {"settings": [settings]})
        assert (status, said in answer["detail"]) == (422, True), answer
    assert not list(runs.glob("*/run.json"))


def test_a_fork_that_would_not_fit_is_refused(post: Callable, trained: Path):
    changes = {"train": {"batch_size": 65_536, "epochs": 9}, "net": {"activation": "gelu"}}
    status, answer = post(f"runs/{trained.name}/fork", {"changes": changes})
    assert status == 200
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FOVEA_TRAIN_MIB", "1")
        status, answer = post(f"runs/{trained.name}/fork", {"changes": changes})
    assert (status, "GiB of memory" in answer["detail"]) == (422, True)


def test_a_run_is_ready_to_be_looked_at_once_it_has_a_checkpoint(
    api: TestClient, post: Callable, runs: Path
):
    name = post("runs", {"settings": LENET})[1]["name"]
    shutil.rmtree(runs / name / "checkpoints", ignore_errors=True)
    assert api.get(f"/api/v1/runs/{name}/outline").json()["is_ready"] is False
    record(runs / name, torch.device("cpu"))
    assert api.get(f"/api/v1/runs/{name}/outline").json()["is_ready"] is True


def test_an_epoch_is_what_the_network_does(ask: Callable, trained: Path):
    arrays, about = ask(f"runs/{trained.name}/epoch", ended_epoch=1)
    assert (about["epoch"], about["last"], about["status"]) == (1, 2, "finished")
    opened = open_net(trained, 1)
    data = load_for_run(trained, settings_from_dict(LENET))
    with torch.no_grad():
        probs = opened.net(opened.prepare(data.validation_images)).softmax(dim=1)
    answers = probs.argmax(dim=1)
    expected = confusion_matrix(data.validation_targets, answers, labels=range(10))
    np.testing.assert_array_equal(arrays["confusion"], expected)
    index, target, predicted, prob = arrays["worst_facts"][0]
    wrong = (answers != data.validation_targets).nonzero()[:, 0]
    assert prob == pytest.approx(probs[wrong].amax().item(), abs=1e-4)
    assert (answers[int(index)], data.validation_targets[int(index)]) == (predicted, target)
    picture = data.validation_images[int(index)].permute(1, 2, 0)
    np.testing.assert_array_equal(arrays["worst"][0], picture)
    weight = next(iter(opened.net.parameters())).detach()
    np.testing.assert_array_equal(arrays["filters"], weight)
    low, high = arrays["weights_range"][0]
    counts, _ = np.histogram(weight.flatten(), arrays["weights"].shape[1], (low, high))
    np.testing.assert_array_equal(arrays["weights"][0], counts)


def test_following_is_the_last_epoch(ask: Callable, trained: Path):
    _, about = ask(f"runs/{trained.name}/epoch", ended_epoch=1, follow=True)
    assert about["epoch"] == 2


def test_before_the_first_epoch_there_are_only_filters(
    ask: Callable, post: Callable, api: TestClient, runs: Path
):
    name = post("runs", {"settings": LENET})[1]["name"]
    assert api.get(f"/api/v1/runs/{name}/epoch").status_code == 404  # not even begun
    record(runs / name, torch.device("cpu"), should_stop=lambda: True)
    arrays, about = ask(f"runs/{name}/epoch")
    assert about["epoch"] == 0
    assert list(arrays) == ["filters"]
    assert api.get(f"/api/v1/runs/{name}/epoch", params={"ended_epoch": 9}).status_code == 404


def test_a_picture_is_classified_by_the_trained_network(ask: Callable, trained: Path):
    arrays, about = ask(f"runs/{trained.name}/classify", picture="camera")
    assert arrays["seen"].shape == (8, 8, 1)
    opened = open_net(trained)
    batch = torch.from_numpy(arrays["seen"].copy()).permute(2, 0, 1)[None]
    with torch.no_grad():
        expected = opened.net(opened.prepare(batch)).softmax(dim=1)[0]
    np.testing.assert_allclose(arrays["probs"], expected, atol=1e-6)
    assert arrays["probs"].sum() == pytest.approx(1, abs=1e-5)
    assert about["classes"] == list("0123456789")
    grey = sample("camera").pixels.mean()
    assert abs(arrays["seen"].mean() - grey) < 20  # its middle, scaled down


def test_onnx_comes_out_and_answers_alike(api: TestClient, trained: Path):
    address = f"/api/v1/runs/{trained.name}/export/onnx"
    answer = api.get(address)
    while answer.status_code == 202:
        answer = api.get(address)
    assert answer.status_code == 200, answer.text
    assert "attachment" in answer.headers["content-disposition"]
    session = onnxruntime.InferenceSession(answer.content, providers=["CPUExecutionProvider"])
    pixels = torch.rand(2, 1, 8, 8, generator=torch.Generator().manual_seed(0))
    (logits,) = session.run(["logits"], {"pixels": pixels.numpy()})
    opened = open_net(trained)
    with torch.no_grad():
        expected = opened.net((pixels - opened.mean[:, None, None]) / opened.std[:, None, None])
    np.testing.assert_allclose(np.asarray(logits), expected.numpy(), atol=1e-4)


def test_what_cannot_be_exported_says_why(api: TestClient, post: Callable):
    name = post("runs", {"settings": LENET})[1]["name"]
    answer = api.get(f"/api/v1/runs/{name}/export/torch")
    assert answer.status_code == 404
    assert "checkpoint" in answer.json()["detail"]
    assert api.get(f"/api/v1/runs/{name}/export/pickle", headers={"X-Owner": ME}).status_code == 422


MASKS = {
    "data": {"name": "panoptic96"},
    "net": {"name": "unet", "width": 2},
    "train": {"epochs": 1, "learning_rate": 0.01, "batch_size": 8},
    "segmenter": {"mask_scenes": 16},
}


def test_a_segmenter_is_looked_at_trained_and_shown_as_masks(
    ask: Callable, post: Callable, api: TestClient, runs: Path
):
    asked = {"data": "panoptic96", "net": "unet", "mask_scenes": 30, "seed": 2}
    arrays, about = ask("training-studio", **asked)
    (first,) = draw_panoptic_scenes(1, 4, SCENES)
    np.testing.assert_array_equal(arrays["pictures"][0], first.pixels)
    np.testing.assert_array_equal(arrays["truth"][0], first.semantic)
    assert (about["counts"], about["masks"]) == ([30], True)
    assert about["limits"]["per_class"] == {"disabled": True}
    assert about["limits"]["mask_loss"] == {"disabled": False}

    name = post("runs", {"settings": MASKS})[1]["name"]
    record(runs / name, torch.device("cpu"))
    arrays, about = ask(f"runs/{name}/epoch", follow=True)
    assert about["masks"]
    table = arrays["confusion"]
    assert about["pixel_accuracy"] == pytest.approx(np.trace(table) / table.sum())
    assert about["accuracy"] == pytest.approx(np.nanmean(arrays["iou"]))
    truth = next(iter(draw_panoptic_scenes(1, HELD_OUT_SEED, SCENES)))
    np.testing.assert_array_equal(arrays["truth"][0], truth.semantic)
    opened = open_net(runs / name)
    batch = torch.from_numpy(arrays["pictures"].copy()).permute(0, 3, 1, 2)
    with torch.no_grad():
        expected = opened.net(opened.prepare(batch)).argmax(dim=1)
    assert (expected.numpy() != arrays["said"]).mean() < 1e-3  # other cores, other last bits

    arrays, about = ask(f"runs/{name}/classify", picture="chelsea")
    assert arrays["said"].shape == arrays["seen"].shape[:2]
    assert arrays["probs"].sum() == pytest.approx(1, abs=1e-5)
    listed = next(run for run in api.get("/api/v1/runs").json()["runs"] if run["name"] == name)
    assert (listed["net"], listed["data"]) == ("unet", "panoptic96")
    refused = api.get("/api/v1/open-network", params={"run": name})
    assert refused.status_code == 409
    assert "every pixel" in refused.json()["detail"]


@pytest.mark.parametrize("asked", [{"data": "digits", "net": "unet"}, {"data": "panoptic96"}])
def test_masks_come_with_the_network_that_learns_them(api: TestClient, asked: dict):
    answer = api.get("/api/v1/training-studio", params=asked)
    assert 400 <= answer.status_code < 500
    assert "scenes with masks" in answer.json()["detail"]

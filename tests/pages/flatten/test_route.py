"""What the Flatten page's stages are told."""

import math
from collections.abc import Callable
from typing import get_args

import cv2
import numpy as np
import pytest
import torch
from starlette.testclient import TestClient
from torch import nn

from engine.data.datasets import load_digits
from engine.serving.comparisons.compute import name_comparison
from engine.serving.flatten.compute import DATA, NETS, layers_with_weights
from engine.serving.flatten.contract import CompareQuestion
from engine.train.feeding import load_learning_data
from engine.train.pixel_order import draw_pixel_order
from engine.train.settings import settings_from_dict
from engine.trainable.choice import build_net


def test_shuffled_pixels_are_the_same_in_another_order(ask: Callable) -> None:
    arrays, _ = ask("flatten", picture="chelsea", share=1, side=24, seed=3)
    ordered, shuffled = arrays["pictures"].reshape(2, -1, 3)
    np.testing.assert_array_equal(shuffled, ordered[arrays["order"]])
    assert sorted(arrays["order"]) == list(range(24 * 24))
    assert not (arrays["order"] == np.arange(24 * 24)).any()


@pytest.mark.parametrize("share", [0, 0.05, 0.2, 1])
def test_what_is_left_to_a_kernel_is_counted(ask: Callable, share: float) -> None:
    arrays, about = ask("flatten", picture="chelsea", share=share)
    stayed = (arrays["order"] == np.arange(1024)).reshape(32, 32)
    whole = sum(stayed[i : i + 3, j : j + 3].all() for i in range(30) for j in range(30))
    assert (about["whole"], about["windows"]) == (whole, 900)
    if share == 0.2:
        assert whole > 0  # something is left, and the page does not say that nothing is


@pytest.mark.parametrize("share", [0, 0.25, 1])
def test_the_share_that_was_asked_for_moves(ask: Callable, share: float) -> None:
    arrays, about = ask("flatten", picture="chelsea", share=share)
    moved = (arrays["order"] != np.arange(1024)).mean()
    assert moved == pytest.approx(share, abs=1e-3)
    ordered, shuffled = about["correlations"]
    assert ordered > 0.7
    assert (shuffled == ordered) if share == 0 else (shuffled < ordered - 0.15)


def test_the_maps_are_opencvs_sobel(ask: Callable) -> None:
    arrays, _ = ask("flatten", picture="chelsea", share=0.5)
    for picture, found in zip(arrays["pictures"], arrays["maps"], strict=True):
        grey = picture.astype(np.float32).mean(axis=2) / 255
        sobel = cv2.Sobel(grey, -1, 1, 0, borderType=cv2.BORDER_REPLICATE)
        scale = np.abs(found).sum() / np.abs(sobel).sum()
        np.testing.assert_allclose(found, sobel * scale, atol=1e-4)


def test_a_unit_does_not_mind_once_its_weights_move_too(ask: Callable) -> None:
    _, about = ask("flatten", picture="chelsea", share=1)
    ordered, shuffled, moved = about["units"]
    assert moved == pytest.approx(ordered, abs=1e-5)
    assert shuffled != pytest.approx(ordered, abs=1e-3)
    assert about["farthest"] < 1e-5


@pytest.mark.parametrize("side", [8, 32, 64])
def test_the_counted_weights_are_pytorchs(ask: Callable, side: int) -> None:
    _, about = ask("flatten", picture="chelsea", side=side)
    for name, rows in about["nets"].items():
        net = build_net(NETS[name], (3, side, side), 4)
        held = sum(parameter.numel() for parameter in net.parameters())
        assert sum(row["params"] for row in rows) == held
        assert rows[-1]["output"] == [4]
        layers = [m for m in net.modules() if isinstance(m, nn.Linear | nn.Conv2d)]
        told = [row for row in rows if "inputs" in row]
        assert len(told) == len(layers)
        for row, layer in zip(told, layers, strict=True):
            outputs, *inputs = layer.weight.shape
            assert (row["inputs"], row["outputs"]) == (math.prod(inputs), outputs)
            assert row["biases"] == (0 if layer.bias is None else len(layer.bias))
            assert row["inputs"] * row["outputs"] + row["biases"] == row["params"]
        assert sum(row.params for row in layers_with_weights(name, side)) == held


def test_the_four_trainings_differ_in_net_and_order_only(ask: Callable) -> None:
    _, about = ask("flatten/compare", data="digits", seed=2)
    settings = {run["label"]: settings_from_dict(run["settings"]) for run in about["runs"]}
    assert list(settings) == ["mlp_ordered", "mlp_shuffled", "cnn_ordered", "cnn_shuffled"]
    for label, each in settings.items():
        assert each.data.pixel_shuffle == label.endswith("shuffled")
        assert each.net == NETS[label[:3]]
        assert each.seed == 2
    assert [run["name"] for run in about["runs"]] == [name_comparison(s) for s in settings.values()]


def test_the_page_shows_the_disorder_that_trains(ask: Callable) -> None:
    arrays, _ = ask("flatten", picture="chelsea", side=8, share=1, seed=2)
    _, about = ask("flatten/compare", data="digits", seed=2)
    runs = [settings_from_dict(run["settings"]) for run in about["runs"][:2]]
    one, other = (load_learning_data(each, load_digits()).train_images for each in runs)
    order = torch.from_numpy(arrays["order"].copy()).long()
    assert torch.equal(other.flatten(2), one.flatten(2)[..., order])
    assert torch.equal(order, draw_pixel_order((8, 8), 2))


def test_a_picture_that_there_is_not_gets_a_sentence(api: TestClient) -> None:
    answer = api.get("/api/v1/flatten?picture=nobody")
    assert answer.status_code == 404
    assert answer.json()["detail"].endswith(".")


def test_every_data_set_that_is_offered_has_a_plan() -> None:
    assert get_args(CompareQuestion.model_fields["data"].annotation) == tuple(DATA)

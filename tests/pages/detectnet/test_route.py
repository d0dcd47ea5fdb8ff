"""What the DetectNet page is told: scenes through the shipped net, plans, epochs of a real run."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from starlette.testclient import TestClient
from torchmetrics.detection import MeanAveragePrecision
from torchvision.ops import batched_nms, box_iou

from engine.data.scenes import SCENES96, draw_many
from engine.detection.detectnet.decoding import NMS_IOU, Merge
from engine.detection.detectnet.finding import find_objects
from engine.detection.detectnet.scenes import HELD_OUT, HELD_OUT_SEED
from engine.detection.detectnet.weights import load_detectnet
from engine.runs.folder import create_run
from engine.runs.recording import record
from engine.serving.comparisons.compute import name_comparison
from engine.serving.detectnet.compute import WATCHED_SCENES, own_training
from engine.train.settings import settings_from_dict
from engine.trainable.net_settings import net_defaults

CPU = torch.device("cpu")


@pytest.fixture(scope="module")
def scenes() -> list:
    return list(draw_many(12, 1, SCENES96))


@pytest.mark.parametrize("scene", [1, 7, 12])
def test_a_scene_is_found_as_the_engine_finds_it(ask: Callable, scenes: list, scene: int) -> None:
    arrays, about = ask("detectnet", scene=scene, threshold=0.3)
    truth = scenes[scene - 1]
    assert np.array_equal(arrays["pixels"], truth.pixels)
    assert np.array_equal(arrays["truth_boxes"], truth.boxes)
    found = find_objects(load_detectnet(CPU), truth.pixels, 0.3)
    np.testing.assert_allclose(arrays["boxes"], found.boxes, atol=1e-3)
    np.testing.assert_allclose(arrays["scores"], found.scores, atol=1e-5)
    assert about["classes"] == ["circle", "square", "triangle"]


@pytest.fixture(scope="module")
def held_out() -> list:
    return list(draw_many(HELD_OUT, HELD_OUT_SEED, SCENES96))


def measured_anew(held_out: list, threshold: float, merge: Merge) -> float:
    """AP50 by torchmetrics on pycocotools, of each scene found by itself.

    At COCO's recalls in 64 bits: torchmetrics' own are rounded, and miss a recall of just 0.86.
    """
    recalls = np.linspace(0, 1, 101).tolist()
    judge = MeanAveragePrecision(iou_thresholds=[0.5], rec_thresholds=recalls)
    net = load_detectnet(CPU)
    for scene in held_out:
        found = find_objects(net, scene.pixels, threshold, merge)
        said = {"boxes": found.boxes, "scores": found.scores, "labels": found.labels}
        there = {"boxes": torch.tensor(scene.boxes), "labels": torch.tensor(scene.labels)}
        judge.update([said], [there])
    return judge.compute()["map_50"].item()


@pytest.mark.parametrize(
    ("threshold", "merge"), [(0.5, "nms"), (0.95, "nms"), (0.5, "cluster"), (0.3, "none")]
)
def test_ap50_is_what_a_third_party_measures(
    ask: Callable, held_out: list, threshold: float, merge: Merge
) -> None:
    _, about = ask("detectnet/precision", threshold=threshold, merge=merge)
    assert about["scenes"] == HELD_OUT
    # Scenes one by one give scores that differ in the last digit: neighbours may change places.
    assert about["ap50"] == pytest.approx(measured_anew(held_out, threshold, merge), abs=5e-4)


def test_ap50_moves_with_the_threshold_and_with_the_merging(ask: Callable) -> None:
    found = {
        (merge, threshold): ask("detectnet/precision", merge=merge, threshold=threshold)[1]["ap50"]
        for merge in ("nms", "cluster", "none")
        for threshold in (0.05, 0.95)
    }
    for merge in ("nms", "cluster", "none"):
        assert found[merge, 0.05] > found[merge, 0.95] + 0.02
    for threshold in (0.05, 0.95):
        assert found["nms", threshold] > found["cluster", threshold] > found["none", threshold]
    assert found["nms", 0.05] == pytest.approx(load_detectnet(CPU).ap50[HELD_OUT], abs=1e-3)


def test_the_curve_grows_while_one_asks_and_never_rises(ask: Callable) -> None:
    arrays, about = ask("detectnet/precision", merge="none")
    while about["done"] < len(arrays["thresholds"]):
        assert np.isnan(arrays["ap50"][about["done"] :]).all()
        arrays, about = ask("detectnet/precision", merge="none")
    assert arrays["thresholds"] == pytest.approx(np.arange(1, 20) / 20)
    assert (np.diff(arrays["ap50"]) <= 1e-12).all()  # a list that ends sooner finds no more
    assert arrays["ap50"][9] == about["ap50"]  # at 0.5, where nothing else is asked for


def test_a_threshold_between_those_of_the_slider_is_measured_too(ask: Callable) -> None:
    found = [ask("detectnet/precision", threshold=each)[1]["ap50"] for each in (0.5, 0.52, 0.55)]
    assert found == sorted(found, reverse=True)


def test_the_cells_boxes_thinned_out_by_torchvision_are_the_result(ask: Callable) -> None:
    arrays, about = ask("detectnet", scene=2, threshold=0.2)
    label, row, column = (arrays["coverage"] >= 0.2).nonzero()
    scores = torch.tensor(arrays["coverage"][label, row, column])
    boxes = torch.tensor(arrays["cells"][row, column])
    assert about["raw"] == len(boxes)
    kept = batched_nms(boxes, scores, torch.tensor(label), NMS_IOU)
    assert np.array_equal(arrays["boxes"], boxes[kept].numpy())


@pytest.mark.parametrize("merge", ["nms", "cluster", "none"])
def test_right_boxes_overlap_an_object_of_their_class_each_another(
    ask: Callable, merge: str
) -> None:
    arrays, about = ask("detectnet", scene=1, threshold=0.1, merge=merge)
    overlap = box_iou(torch.tensor(arrays["boxes"]), torch.tensor(arrays["truth_boxes"]))
    for truth, by in enumerate(arrays["found_by"]):
        if by >= 0:
            assert overlap[by, truth] >= 0.5
            assert arrays["labels"][by] == arrays["truth_labels"][truth]
    assert arrays["right"].sum() == (arrays["found_by"] >= 0).sum()
    assert len(arrays["boxes"]) <= about["raw"]
    if merge == "none":
        assert len(arrays["boxes"]) == about["raw"]


def test_plans_say_what_the_controls_say(ask: Callable) -> None:
    _, about = ask(
        "detectnet/training", box_weight=0.5, coverage_loss="focal", learning_rate=0.01, epochs=3
    )
    (own,) = about["runs"]
    settings = settings_from_dict(own["settings"])
    assert (settings.detector.box_weight, settings.detector.coverage_loss) == (0.5, "focal")
    assert (settings.train.learning_rate, settings.train.epochs) == (0.01, 3)
    assert settings.detector.start == "drawn"
    arrays, about = ask("detectnet/retraining", low=1e-4, high=0.02)
    low, high = (settings_from_dict(each["settings"]) for each in about["runs"])
    assert (low.train.learning_rate, high.train.learning_rate) == (1e-4, 0.02)
    assert replace(low, train=high.train) == high
    assert low.detector.start == "shipped"
    assert about["before"] == load_detectnet(CPU).ap50[60]
    assert arrays["pictures"].shape == (WATCHED_SCENES, 96, 96, 3)
    _, about = ask("detectnet/retraining", low=0.02, high=0.02)
    assert [each["label"] for each in about["runs"]] == ["low"]


def test_epochs_of_a_run_and_its_curves(
    ask: Callable, runs: Path, api: TestClient, scenes: list
) -> None:
    settings = own_training(1.0, "l2", 3e-3, 2)
    small = replace(settings.detector, scenes=16, start="shipped")
    settings = replace(settings, detector=small)
    run = create_run(settings, runs, name=name_comparison(settings))
    record(run.folder, CPU)
    arrays, _ = ask("detectnet/epoch", name=run.name, epoch=0)  # nothing learnt: what ships
    assert arrays["coverage"].shape == (WATCHED_SCENES, 3, 12, 12)
    for index in range(WATCHED_SCENES):
        found = find_objects(load_detectnet(CPU), scenes[index].pixels, 0.05)
        np.testing.assert_allclose(
            arrays["boxes"][arrays["scene"] == index], found.boxes, atol=1e-3
        )
    after, _ = ask("detectnet/epoch", name=run.name, epoch=2)
    assert not np.array_equal(after["coverage"], arrays["coverage"])
    curves, about = ask("runs/curves", names=run.name)
    assert about["runs"][0]["parts"] == ["coverage", "box"]
    assert (curves["step_parts_0"].shape, curves["epoch_parts_0"].shape) == ((2, 2), (2, 2))
    np.testing.assert_allclose(curves["step_parts_0"].sum(axis=1), curves["steps_0"][:, 1], 1e-5)
    np.testing.assert_allclose(curves["epoch_parts_0"].sum(axis=1), curves["epochs_0"][:, 3], 1e-5)
    for path in (f"runs/{run.name}/epoch", "detectnet/epoch?epoch=3&name=" + run.name):
        answer = api.get(f"/api/v1/{path}")
        assert 400 <= answer.status_code < 500
        assert answer.json()["detail"].endswith(".")


def test_a_classifiers_run_has_no_boxes(runs: Path, api: TestClient) -> None:
    run = create_run(replace(own_training(1, "l2", 0.1, 1), net=net_defaults("mlp")), runs)
    answer = api.get(f"/api/v1/detectnet/epoch?epoch=0&name={run.name}")
    assert answer.status_code == 409
    assert "classifier" in answer.json()["detail"]


@pytest.mark.parametrize(
    "wrong",
    [
        "?scene=0", "?scene=13", "?threshold=0", "?threshold=nan", "?merge=vote",
        "/precision?threshold=0", "/precision?merge=vote",
        "/training?box_weight=-1", "/training?coverage_loss=l1", "/training?learning_rate=1",
        "/training?epochs=31", "/retraining?low=0", "/retraining?high=inf",
        "/epoch?name=../x&epoch=0", "/epoch?name=a&epoch=-1", "/epoch?epoch=1",
    ],
)  # fmt: skip
def test_wrong_values_get_a_sentence(api: TestClient, wrong: str) -> None:
    answer = api.get(f"/api/v1/detectnet{wrong}")
    assert answer.status_code == 422
    assert answer.json()["detail"].endswith(".")

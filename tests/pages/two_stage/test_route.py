"""What the Two stages page is told: R-CNN on a photo, an opened scene, epochs of a real run."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from starlette.testclient import TestClient
from torchvision.ops import box_iou, nms

from engine.detection import torchvision_detectors
from engine.detection.detectnet.scenes import HELD_OUT_SEED, draw_scenes
from engine.detection.scene_nets.two_stages import Fate
from engine.nets import weights as weight_files
from engine.runs.folder import create_run
from engine.runs.recording import record
from engine.serving.comparisons.compute import name_comparison
from engine.serving.two_stage.contract import MOST_PROPOSALS
from engine.serving.two_stage.crops import FAINT, KEPT, REPEATS
from engine.serving.two_stage.learning import WATCHED_SCENES, own_training
from engine.serving.two_stage.opened import shipped
from engine.serving.two_stage.photo import NAME
from engine.train.settings import settings_from_dict
from tests.engine.detection.random_detectors import tensors_at_random

Ask = Callable[..., tuple[dict[str, np.ndarray], dict]]
PATH, OPENED = "two-stage", "two-stage/opened"
CPU = torch.device("cpu")


def test_what_is_kept_is_torchvision_s_nms_within_each_class(ask: Ask) -> None:
    arrays, about = ask(PATH, picture="coffee", score=0.2, iou=0.4)
    boxes, scores = (torch.from_numpy(arrays[name].copy()) for name in ("boxes", "scores"))
    labels, fate = arrays["labels"], arrays["fate"]
    assert ((scores.numpy() < 0.2) == (fate == FAINT)).all()
    kept = []
    for label in np.unique(labels):
        at = torch.from_numpy(np.flatnonzero((labels == label) & (fate != FAINT)))
        kept += at[nms(boxes[at], scores[at], 0.4)].tolist()
    assert sorted(kept) == np.flatnonzero(fate == KEPT).tolist()
    assert about["counts"] == {"sure": int((fate != FAINT).sum()), "kept": len(kept)}
    gone = np.flatnonzero(fate == REPEATS)
    better = arrays["better"][gone]
    overlap = box_iou(boxes[gone], boxes[better]).diagonal().numpy()
    np.testing.assert_allclose(arrays["overlap"][gone], overlap, atol=1e-5)


def test_a_shared_map_costs_less_and_more_boxes_cost_more(ask: Ask) -> None:
    arrays, about = ask(PATH, picture="coffee", proposals=MOST_PROPOSALS)
    ms = about["ms"]
    assert about["looked"] == len(arrays["boxes"]) <= MOST_PROPOSALS
    crops, one_map = ms["warp"] + ms["network"], ms["map"] + ms["align"] + ms["rest"]
    assert one_map < crops
    for name, whole in (("picture_ms", crops), ("map_ms", one_map)):
        assert (np.diff(arrays[name]) > 0).all()
        assert arrays[name][about["looked"] - 1] == pytest.approx(whole)


def test_a_followed_box_is_shown_as_the_network_got_it(ask: Ask) -> None:
    arrays, about = ask(PATH, picture="coffee", followed="3", crop_px=96, stride=16)
    assert about["followed"] == 3
    assert arrays["crop"].shape == (96, 96, 3)
    assert arrays["map_crop"].shape == (6, 6)
    best = about["said"]["picture"][0]
    assert best["prob"] == pytest.approx(arrays["scores"][3], abs=1e-6)
    assert best["name"] == about["names"][str(arrays["labels"][3])]
    arrays, about = ask(PATH, picture="coffee")
    assert about["followed"] == arrays["scores"].argmax()


def test_the_other_way_says_what_the_map_says(ask: Ask) -> None:
    by_map, about = ask(PATH, picture="coffee", way="map")
    by_picture, _ = ask(PATH, picture="coffee")
    sure = by_picture["fate"] != FAINT
    same = by_picture["labels"][sure] == by_map["labels"][sure]
    assert about["agree"] == pytest.approx(same.mean())
    assert about["agreed_of"] == sure.sum()


@pytest.mark.parametrize("scene", [1, 5, 12])
def test_an_opened_scene_ends_where_the_network_does(ask: Ask, scene: int) -> None:
    arrays, about = ask(OPENED, scene=scene)
    truth = draw_scenes(12, HELD_OUT_SEED)[scene - 1]
    assert np.array_equal(arrays["pixels"], truth.pixels)
    assert about["first"]["kept"] == len(arrays["proposals"]) == len(arrays["fate"])
    assert sum(about["first"].values()) == len(arrays["anchors"]) == sum(about["taught"].values())
    for thing, proposal in enumerate(arrays["found_by"]):
        if proposal < 0:
            continue
        assert arrays["fate"][proposal] == Fate.KEPT
        assert arrays["labels"][proposal] - 1 == truth.labels[thing]
        assert arrays["box_overlap"][proposal, thing] >= 0.5
        assert arrays["follow"][thing] == proposal


def test_training_makes_the_best_anchors_likely(ask: Ask) -> None:
    trained, _ = ask(OPENED, scene=2)
    fresh, _ = ask(OPENED, scene=2, weights="drawn")
    best = trained["best_anchor"]
    assert np.array_equal(best, fresh["best_anchor"])
    assert np.array_equal(trained["objectness_before"], fresh["objectness"])
    assert trained["objectness"][best].mean() > fresh["objectness"][best].mean() + 0.2
    assert trained["objectness"].mean() < fresh["objectness"].mean()


@pytest.fixture
def coco_at_random(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[float], None]]:
    """Torchvision's net is at hand, its weights drawn at random, its classes so far apart."""

    def at_hand(apart: float) -> None:
        tensors = tensors_at_random(NAME)
        tensors["roi_heads.box_predictor.cls_score.weight"] *= apart
        monkeypatch.setattr(torchvision_detectors, "read_weights", lambda _: tensors)

    torchvision_detectors._whole_ones.cache_clear()
    yield at_hand
    torchvision_detectors._whole_ones.cache_clear()


def refusal(api: TestClient, picture: str, status: int = 422) -> str:
    """Why the photo is not opened."""
    asked = {"of": "photo", "picture": picture, "lang": "en"}
    while (answer := api.get(f"/api/v1/{OPENED}", params=asked)).status_code == 202:
        continue
    assert answer.status_code == status
    return answer.text


def test_a_photo_is_opened_where_torchvision_s_net_is_at_hand(
    ask: Ask, coco_at_random: Callable[[float], None]
) -> None:
    coco_at_random(20)
    arrays, about = ask(OPENED, of="photo", picture="coffee")
    assert arrays["pixels"].shape == (320, 480, 3)
    assert 1 <= len(arrays["truth_labels"]) <= 10
    assert np.array_equal(arrays["follow"], arrays["found_by"])
    np.testing.assert_allclose(arrays["box_overlap"][arrays["follow"]].diagonal(), 1, atol=1e-5)
    assert "objectness_before" not in arrays
    assert len(about["names"]) == 90
    last = about["levels"][-1]
    count = last["rows"] * last["columns"] * len(last["sides_px"]) * len(last["ratios"])
    assert last["start"] + count == len(arrays["anchors"]) == sum(about["first"].values())
    for level in about["levels"]:
        corners = arrays["anchors"][level["start"]]
        width, height = corners[2:] - corners[:2]
        # torchvision rounds its anchors to whole pixels
        assert (width * height) ** 0.5 == pytest.approx(level["sides_px"][0], abs=1.5)
        assert height / width == pytest.approx(level["ratios"][0], rel=0.1)


def test_a_net_that_is_sure_of_nothing_is_said_so(
    api: TestClient, coco_at_random: Callable[[float], None]
) -> None:
    coco_at_random(0)
    assert "finds nothing" in refusal(api, "astronaut")


def test_without_its_weights_a_sentence_says_so(
    api: TestClient, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(weight_files, "find_cache", lambda: tmp_path)
    torchvision_detectors._whole_ones.cache_clear()
    assert "fasterrcnn_mobilenet_v3" in refusal(api, "rocket", 424)


def test_what_ships_finds_what_the_page_says_it_does() -> None:
    assert shipped().class_names == ("circle", "square", "triangle")
    assert shipped().ap50[300] >= 0.85


def test_a_training_is_planned_as_it_is_asked(ask: Ask) -> None:
    arrays, about = ask("two-stage/training", learning_rate=0.002, epochs=3)
    (run,) = about["runs"]
    assert settings_from_dict(run["settings"]) == own_training(0.002, 3)
    assert run["name"] == name_comparison(own_training(0.002, 3))
    assert arrays["pictures"].shape == (WATCHED_SCENES, 96, 96, 3)
    assert about["limits"] == {"epoch": {"low": 0, "high": 3}}


def test_an_epoch_shows_the_watched_scenes(ask: Ask, api: TestClient, runs: Path) -> None:
    settings = own_training(0.003, 1)
    small = replace(settings, detector=replace(settings.detector, scenes=16))
    run = create_run(small, runs, name=name_comparison(small))
    record(run.folder, CPU)
    before, _ = ask("two-stage/epoch", name=run.name, epoch=0)
    after, about = ask("two-stage/epoch", name=run.name, epoch=1)
    assert about["epoch"] == 1
    assert before["objectness"].shape == (WATCHED_SCENES, 24, 24)
    assert after["objectness"].mean() < before["objectness"].mean()  # mostly ground
    assert set(after["scene"].tolist()) <= set(range(WATCHED_SCENES))
    assert len(after["boxes"]) == len(after["scores"]) == len(after["right"])
    refused = api.get("/api/v1/detectnet/epoch", params={"name": run.name, "epoch": 1})
    assert refused.status_code == 409

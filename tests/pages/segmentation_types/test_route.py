"""What the page on the kinds of segmentation is told: five readings, and this scene's figures."""

from collections.abc import Callable

import numpy as np
import pytest
import torch
from starlette.testclient import TestClient
from torchmetrics.functional.classification import multiclass_jaccard_index

from engine.data.panoptic_scenes import CATEGORIES, PanopticSettings, draw_panoptic_scene
from engine.data.things import MAX_THINGS
from engine.segment.coarse_readings import classify
from engine.segment.held_out import measure
from engine.segment.learning import HELD_OUT_SEED
from engine.segment.reading import ask as ask_net
from engine.segment.weights import load_panoptic_net
from engine.serving.scenes_contract import MOST_THINGS

CPU = torch.device("cpu")
PATH = "segmentation-types"


@pytest.mark.parametrize(
    ("scene", "things", "difficulty"), [(1, 0, 0.0), (17, 7, 0.3), (40, 12, 1)]
)
def test_the_scene_and_its_maps_are_the_engines(
    ask: Callable, scene: int, things: int, difficulty: float
) -> None:
    arrays, about = ask(PATH, scene=scene, things=things, difficulty=difficulty, overlap=0.2)
    settings = PanopticSettings(things=(things, things), difficulty=difficulty, overlap=0.2)
    drawn = draw_panoptic_scene(HELD_OUT_SEED, scene - 1, settings)
    assert np.array_equal(arrays["pixels"], drawn.pixels)
    assert np.array_equal(arrays["truth_semantic"], drawn.semantic)
    maps = ask_net(load_panoptic_net(CPU), drawn.pixels)
    np.testing.assert_allclose(arrays["logits"], maps.logits, atol=1e-3)
    assert np.array_equal(arrays["semantic"], arrays["logits"].argmax(axis=0))
    np.testing.assert_allclose(arrays["presence"], classify(maps).presence, atol=1e-4)
    assert about["classes"] == list(CATEGORIES)
    assert (about["mask_ap"] is None) == (things == 0)
    assert np.array_equal(arrays["truth_boxes"], drawn.boxes.astype(np.int32))


def test_every_pixel_belongs_to_one_segment_and_the_boxes_are_tight(ask: Callable) -> None:
    arrays, about = ask(PATH, scene=17, things=7)
    ids = arrays["ids"]
    for segment in about["segments"]:
        assert (ids == segment["id"]).sum() == segment["area_px"]
    assert sum(each["area_px"] for each in about["segments"]) == (ids > 0).sum()
    for number, (x1, y1, x2, y2) in zip(arrays["box_ids"], arrays["boxes"], strict=True):
        mask = ids == number
        assert mask[y1:y2, x1:x2].sum() == mask.sum()
        assert all(side.any() for side in (mask[y1], mask[y2 - 1], mask[:, x1], mask[:, x2 - 1]))


def test_the_figures_are_torchmetrics_and_the_engines(ask: Callable) -> None:
    arrays, about = ask(PATH, scene=1, things=6)
    said, truth = (
        torch.from_numpy(arrays[k].astype(np.int64)) for k in ("semantic", "truth_semantic")
    )
    there = sorted(set(said.unique().tolist()) | set(truth.unique().tolist()))
    iou = multiclass_jaccard_index(said[None], truth[None], len(CATEGORIES), average="none")
    assert about["mean_iou"] == pytest.approx(float(iou[there].mean()), abs=1e-5)
    alone = measure(load_panoptic_net(CPU), 1, PanopticSettings(things=(6, 6))).as_numbers()
    for name in ("mean_iou", "pq", "sq", "rq", "mask_ap"):
        assert about[name] == pytest.approx(alone[name], abs=1e-6)
    wrong = (arrays["semantic"] != arrays["truth_semantic"]).astype(np.uint8)
    assert np.array_equal(arrays["costs"] & about["costs"]["mean_iou"], wrong)


def test_what_the_net_has_learnt_shows(ask: Callable) -> None:
    _, easy = ask(PATH, scene=17, things=7, difficulty=0)
    _, hard = ask(PATH, scene=17, things=7, difficulty=1)
    assert easy["pq"] > 0.6
    assert easy["mean_iou"] > hard["mean_iou"]


def test_the_most_things_are_the_engines() -> None:
    assert MOST_THINGS == MAX_THINGS


@pytest.mark.parametrize(
    "wrong",
    ["scene=0", "scene=41", "things=-1", "things=13", "difficulty=1.1", "difficulty=nan",
     "overlap=0.7", "overlap=inf", "scene=x"],
)  # fmt: skip
def test_wrong_values_get_a_sentence(api: TestClient, wrong: str) -> None:
    answer = api.get(f"/api/v1/{PATH}?{wrong}")
    assert answer.status_code == 422
    assert answer.json()["detail"].endswith(".")

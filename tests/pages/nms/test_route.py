"""What the NMS page is told: raw boxes of real detectors, and what is left of them."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
import torchvision
from starlette.testclient import TestClient

from engine.detection.boxes import box_iou
from engine.pictures import picture_store
from engine.serving.binary import unpack

Ask = Callable[..., tuple[dict[str, np.ndarray], dict]]


def names_left(arrays: dict[str, np.ndarray], about: dict) -> list[str]:
    return [about["names"][str(label)] for label in arrays["result_labels"]]


@pytest.mark.parametrize(
    "detector", ["nanodet", "sliding_window", "pnet", "hog_people", "haar_frontalface_default"]
)
@pytest.mark.parametrize("iou", [0.0, 0.3, 0.5, 1.0])
def test_what_is_left_is_what_torchvision_leaves(ask: Ask, detector: str, iou: float) -> None:
    asked = {"picture": "astronaut", "detector": detector, "scope": "all"}
    arrays, about = ask("nms", **asked, iou=iou, score=0.5)
    boxes, scores, labels = (torch.tensor(arrays[n]) for n in ("boxes", "scores", "labels"))
    expected = []
    for label in labels.unique():
        own = ((labels == label) & (scores >= 0.5)).nonzero()[:, 0]
        expected += own[torchvision.ops.nms(boxes[own], scores[own], iou)].tolist()
    assert sorted(arrays["source"].tolist()) == sorted(expected)
    assert np.array_equal(arrays["result_boxes"], arrays["boxes"][arrays["source"]])
    assert set(about["names"]) == {str(label) for label in labels.tolist()}


def test_ghosts_are_tied_to_what_they_overlap(ask: Ask) -> None:
    arrays, _ = ask("nms", picture="chelsea", iou=0.4)
    tied = np.flatnonzero(arrays["given_up_for"] >= 0)
    ghosts = tied[~np.isin(tied, arrays["source"])]
    assert len(ghosts) > 20
    result = arrays["given_up_for"][ghosts]
    overlap = box_iou(torch.tensor(arrays["boxes"]), torch.tensor(arrays["result_boxes"]))
    np.testing.assert_allclose(arrays["iou"][ghosts], overlap[ghosts, result], rtol=1e-6)
    assert (arrays["iou"][ghosts] > 0.4).all()


def test_the_page_opens_with_dozens_of_boxes_of_which_one_is_left(ask: Ask) -> None:
    arrays, about = ask("nms")
    assert about["counts"]["raw"] == 157  # of 3,549 cells
    assert about["counts"]["among"] == about["counts"]["above"] == len(arrays["boxes"]) > 36
    assert about["counts"]["left"] == 1
    assert about["runner_up"] is None
    assert (about["best"]["name"], names_left(arrays, about)) == ("cat", ["cat"])


def test_the_threshold_matters(ask: Ask) -> None:
    counts = [ask("nms", iou=iou)[1]["counts"]["left"] for iou in (1.0, 0.9, 0.7, 0.5, 0.3)]
    assert counts[0] > 36
    assert counts == sorted(set(counts), reverse=True)
    assert counts[-1] == 1


@pytest.mark.parametrize("kind", ["per_class", "agnostic"])
@pytest.mark.parametrize("picture", ["chelsea", "motorcycle", "astronaut"])
def test_above_the_second_score_one_is_left(ask: Ask, picture: str, kind: str) -> None:
    asked = {"picture": picture, "iou": 0.6, "kind": kind}
    _, about = ask("nms", **asked)
    assert about["counts"]["left"] > 1
    _, about = ask("nms", **asked, score=about["runner_up"] + 1e-4)
    assert about["counts"]["left"] == 1


def test_only_boxes_of_the_best_class_are_looked_at_unless_all_are_asked(ask: Ask) -> None:
    best, _ = ask("nms", picture="coffee")
    every, about = ask("nms", picture="coffee", scope="all")
    assert set(best["labels"]) == {every["labels"][0]}
    assert len(set(every["labels"])) > 1
    own = every["labels"] == every["labels"][0]
    np.testing.assert_array_equal(every["boxes"][own], best["boxes"])
    assert about["counts"]["among"] == about["counts"]["raw"]


def test_the_cells_of_nanodet_come_down_to_one_person(ask: Ask) -> None:
    asked = {"picture": "camera", "detector": "nanodet", "iou": 0.6, "scope": "all"}
    arrays, about = ask("nms", **asked, score=0.05)
    assert 400 < len(arrays["boxes"]) < 600  # cells of 3,549
    assert about["names"]["0"] == "person"
    arrays, about = ask("nms", **asked, score=0.5)
    assert names_left(arrays, about) == ["person"]
    assert np.allclose(arrays["result_boxes"][0], (4, 68, 319, 512), atol=3)
    assert (arrays["given_up_for"] == 0).sum() > 5


def test_things_are_named_in_the_reader_s_language(api: TestClient, ask: Ask) -> None:
    ask("nms", picture="camera", detector="nanodet")  # the detector has looked
    asked = {"picture": "camera", "detector": "nanodet"}
    answer = api.get("/api/v1/nms", params=asked, headers={"accept-language": "ko"})
    about: dict[str, Any] = unpack(answer.content, answer.headers["X-Arrays"])[1]
    assert about["names"]["0"] == "사람"


def test_no_threshold_keeps_the_rocket_and_one_box_a_tower(ask: Ask) -> None:
    """Two things close together: what the page's "a rocket is lost" shows."""
    rocket = {"picture": "rocket", "detector": "sliding_window", "scope": "all", "score": 0.3}
    for percent in range(20, 95, 5):
        arrays, about = ask("nms", **rocket, kind="agnostic", iou=percent / 100)
        found = names_left(arrays, about)
        assert "missile" not in found or found.count("crane") > 4
    assert "missile" in names_left(*ask("nms", **rocket, iou=0.3))
    lost = names_left(*ask("nms", **rocket, kind="agnostic", iou=0.3))
    assert "missile" not in lost


def test_one_helmet_has_two_names_unless_classes_are_one(ask: Ask) -> None:
    helmets = {"football helmet", "crash helmet"}
    asked = {"picture": "astronaut", "detector": "sliding_window", "scope": "all"}
    asked |= {"iou": 0.5, "score": 0.5}
    assert helmets <= set(names_left(*ask("nms", **asked)))
    agnostic = names_left(*ask("nms", **asked, kind="agnostic"))
    assert len(helmets & set(agnostic)) == 1


def test_each_way_has_its_own_controls(ask: Ask) -> None:
    used = {"per_class": "iou", "agnostic": "iou", "soft_linear": "iou"}
    used |= {"soft_gaussian": "sigma", "cluster": "neighbours"}
    for kind, name in used.items():
        _, about = ask("nms", kind=kind)
        enabled = [control for control, limit in about["limits"].items() if not limit["disabled"]]
        assert enabled == [name]


def test_a_picture_without_anything(ask: Ask) -> None:
    token = picture_store().put(np.zeros((40, 60, 3), np.uint8))
    for kind in ("per_class", "soft_gaussian", "cluster"):
        arrays, about = ask("nms", picture=token, detector="pnet", kind=kind)
        assert arrays["boxes"].shape == arrays["result_boxes"].shape == (0, 4)
        assert about["size"] == [40, 60]
        assert about["best"] is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"iou": "1.01"},
        {"iou": "nan"},
        {"score": "-0.1"},
        {"sigma": "0"},
        {"neighbours": "51"},
        {"kind": "hard"},
        {"detector": "eyes"},
        {"picture": "nobody"},
        {"picture": "x" * 81},
    ],
)
def test_wrong_values_are_a_sentence(api: TestClient, wrong: dict[str, str]) -> None:
    answer = api.get("/api/v1/nms", params=wrong)
    assert 400 <= answer.status_code < 500
    assert answer.json()["detail"].endswith(".")


def test_a_picture_too_thin_for_windows_is_a_sentence(api: TestClient) -> None:
    token = picture_store().put(np.zeros((4, 90, 3), np.uint8))
    asked = {"picture": token, "detector": "sliding_window"}
    answer = api.get("/api/v1/nms", params=asked)
    assert answer.status_code == 422
    assert "12 times" in answer.json()["detail"]

"""Two detectors beside one another: the engine's functions and torchvision's NMS check it."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from starlette.testclient import TestClient
from torchvision.ops import nms

from engine.detection.detectors import detect, list_detectors
from engine.pictures import picture_store, sample
from engine.serving import detections as detecting
from engine.serving import raw_boxes as house
from engine.serving.jobs import jobs
from engine.wire.arrays import unpack

Ask = Callable[..., tuple[dict[str, np.ndarray], dict]]
ASTRONAUT = sample("astronaut").pixels


def test_the_page_s_boxes_are_those_of_the_engine(ask: Ask) -> None:
    arrays, about = ask("detect/panels", picture="camera", left="nanodet", iou=0.6)
    assert about["left"]["meaning"] == "quality"
    assert about["left"]["least"] == 0.05
    best = arrays["left_boxes"][arrays["left_kept"][0]]
    expected = detect("nanodet", sample("camera").pixels, about["left"]["usual"], 0.6)
    assert np.allclose(expected.boxes[0].numpy(), best, atol=0.1)


def test_a_stage_names_things_in_the_reader_s_language(ask: Ask, api: TestClient) -> None:
    sides = {"picture": "camera", "left": "nanodet", "right": "haar_eye"}
    _, english = ask("detect/panels", **sides)
    answer = api.get("/api/v1/detect/panels", params=sides, headers={"accept-language": "ko"})
    korean: dict[str, Any] = unpack(answer.content, answer.headers["X-Arrays"])[1]
    assert (english["left"]["names"]["0"], korean["left"]["names"]["0"]) == ("person", "사람")
    assert set(korean["right"]["names"].values()) == {"눈"}


def test_all_detectors_are_listed_with_what_is_missing(
    api: TestClient, absent_weights: None
) -> None:
    headers = {"accept-language": "ko"}
    listed = api.get("/api/v1/detectors", headers=headers).json()
    assert [entry["name"] for entry in listed] == [entry.name for entry in list_detectors()]
    by_name = {entry["name"]: entry for entry in listed}
    assert by_name["mtcnn"]["missing"] is None
    assert "이 컴퓨터에 없습니다" in by_name["retinanet_resnet50_fpn"]["missing"]
    assert by_name["retinanet_resnet50_fpn"]["file_mib"] > 100


@pytest.mark.parametrize("iou", [0.0, 0.3, 1.0])
def test_the_page_is_sent_all_boxes_and_what_torchvision_keeps(ask: Ask, iou: float) -> None:
    arrays, about = ask(
        "detect/panels", picture="astronaut", left="pnet", right="haar_eye", iou=iou
    )
    for side in ("left", "right"):
        boxes = torch.tensor(arrays[f"{side}_boxes"])
        scores = torch.tensor(arrays[f"{side}_scores"])
        assert arrays[f"{side}_kept"].tolist() == nms(boxes, scores, iou).tolist()
        assert about[side]["ms"] > 0
    assert about["left"]["names"] == {"0": "face"}
    assert about["right"]["meaning"] == "agreement"
    assert about["left"]["least"] == 0.3
    assert "limits" not in about  # the sliders' ranges are the same whatever is chosen
    assert about["size"] == [512, 512]


def test_every_stop_of_the_iou_slider_is_prepared(
    ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    arrays, _ = ask("detect/panels", picture="camera", left="pnet", iou=0.5)
    boxes, scores = (torch.tensor(arrays[f"left_{name}"]) for name in ("boxes", "scores"))
    prepared = ("every IoU", "camera", "pnet")
    while jobs().ask(prepared, lambda: iter(()), wait_s=1) is not True:
        pass
    monkeypatch.setattr(detecting, "_suppress", None)  # nothing is worked out from here on
    for iou in detecting.IOU_STEPS:
        arrays, _ = ask("detect/panels", picture="camera", left="pnet", iou=iou)
        assert arrays["left_kept"].tolist() == nms(boxes, scores, iou).tolist()


@pytest.mark.parametrize("score", [0.3, 0.72, 0.97])
def test_kept_boxes_from_a_score_on_are_the_result_for_that_score(ask: Ask, score: float) -> None:
    arrays, _ = ask("detect/panels", picture="astronaut", left="pnet", iou=0.4)
    kept = arrays["left_kept"]
    chosen = kept[arrays["left_scores"][kept] >= np.float32(score)]
    expected = detect("pnet", ASTRONAUT, score, 0.4)
    assert np.array_equal(arrays["left_boxes"][chosen], expected.boxes.numpy())


def test_a_side_without_an_answer_leaves_the_other_alone(ask: Ask, absent_weights: None) -> None:
    sides = {"left": "retinanet_resnet50_fpn", "right": "mtcnn"}
    arrays, about = ask("detect/panels", picture="astronaut", **sides)
    assert "not on this computer" in about["left"]["why"]
    assert "left_boxes" not in arrays
    assert arrays["right_scores"][0] > 0.999
    _, about = ask("detect/panels", picture="astronaut", left="none", right="none")
    assert "left" not in about


def test_a_quick_detector_does_not_wait_for_a_slow_one(api: TestClient) -> None:
    token = picture_store().put(ASTRONAUT[::2, ::2])
    sides = {"picture": token, "left": "pnet", "right": "sliding_window"}
    left = {"picture": token, "left": "pnet", "right": "none"}
    while api.get("/api/v1/detect/panels", params=left).status_code == 202:
        pass
    with house._looking:  # whoever comes next has to wait
        answer = api.get("/api/v1/detect/panels", params=sides)
    assert answer.status_code == 200
    arrays, about = unpack(answer.content, answer.headers["X-Arrays"])
    assert about["unfinished"]
    assert len(arrays["left_boxes"])
    assert about["right"]["detector"] == "sliding_window"
    assert about["right"]["done"] < about["right"]["total"]
    assert "right_boxes" not in arrays


@pytest.mark.parametrize(
    ("detector", "knows", "thing"),
    [
        ("nanodet", "everyday", None),
        ("mtcnn", "one", "얼굴"),
        ("haar_eye", "one", "눈"),
        ("hog_people", "one", "사람"),
        ("sliding_window", "imagenet", None),
        ("detectnet", "shapes", None),
    ],
)
def test_each_side_says_what_it_can_know(
    api: TestClient, detector: str, knows: str, thing: str | None
) -> None:
    asked = {"picture": "coffee", "left": detector, "right": "none"}
    headers = {"accept-language": "ko"}
    while (answer := api.get("/api/v1/detect/panels", params=asked, headers=headers)).is_success:
        if answer.status_code == 200:
            break
    about = unpack(answer.content, answer.headers["X-Arrays"])[1]
    assert (about["left"]["knows"], about["left"]["thing"]) == (knows, thing)


def test_a_picture_that_suits_no_window_is_a_sentence_on_its_side(ask: Ask) -> None:
    token = picture_store().put(np.zeros((10, 400, 3), np.uint8))
    _, about = ask("detect/panels", picture=token, left="sliding_window", right="hog_people")
    assert "400 × 10" in about["left"]["why"]
    assert "why" not in about["right"]


@pytest.mark.parametrize(
    "query",
    [
        {"picture": "nobody"},
        {"iou": "2"},
        {"iou": "nan"},
        {"left": "a" * 65},
    ],
)
def test_wrong_questions_of_the_page_are_4xx(api: TestClient, query: dict[str, Any]) -> None:
    asked = {"picture": "chelsea"} | query
    answer = api.get("/api/v1/detect/panels", params=asked)
    assert 400 <= answer.status_code < 500
    assert answer.json()["detail"]

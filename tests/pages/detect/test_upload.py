"""A photo of the asker's own, sent to the API: checked by the engine and by the file itself."""

import io
import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
from PIL import Image
from starlette.testclient import TestClient

from engine.detection.detectors import detect
from engine.pictures import sample

ASTRONAUT = sample("astronaut").pixels


def png(pixels: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG", compress_level=1)
    return buffer.getvalue()


def post(api: TestClient, pixels: np.ndarray, **form: object) -> Any:
    files = {"file": ("photo.png", png(pixels), "image/png")}
    return api.post("/api/v1/detect", files=files, data={k: str(v) for k, v in form.items()})


def test_an_upload_is_answered_as_the_engine_answers(api: TestClient) -> None:
    answer = post(api, ASTRONAUT, detector="mtcnn").json()
    expected = detect("mtcnn", ASTRONAUT, 0.5, 0.5).to_dicts()
    assert answer["detector"] == "mtcnn"
    assert answer["detections"] == json.loads(json.dumps(expected))
    assert np.allclose(answer["detections"][0]["box"], (181.05, 62.16, 267.75, 172.05), atol=1)
    assert 0 < answer["ms"] < 60_000
    assert (answer["height_px"], answer["width_px"], answer["notes"]) == (512, 512, [])


def test_a_person_is_found_on_an_upload_where_he_stands(api: TestClient) -> None:
    answer = post(api, sample("camera").pixels, detector="nanodet", score=0.5, iou=0.6).json()
    (person,) = answer["detections"]
    assert person["label"] == "person"  # in English whatever the reader's language
    assert person["score"] > 0.8
    assert np.allclose(person["box"], (4, 68, 319, 512), atol=3)


def test_uploads_that_come_together_are_answered_each_with_its_own(api: TestClient) -> None:
    names = ["camera", "motorcycle", "chelsea", "camera", "astronaut", "coffee"]

    def ask_for(name: str) -> Any:
        return post(api, sample(name).pixels, detector="nanodet", score=0.3, iou=0.6).json()

    with ThreadPoolExecutor(len(names)) as threads:
        answers = list(threads.map(ask_for, names))
    for name, answer in zip(names, answers, strict=True):
        expected = detect("nanodet", sample(name).pixels, 0.3, 0.6).to_dicts()
        assert [row["label"] for row in answer["detections"]] == [row["label"] for row in expected]
        assert np.allclose(answer["detections"][0]["box"], expected[0]["box"], atol=0.1)


@pytest.mark.parametrize("score", [0.5, 0.9])
def test_the_highest_score_comes_first_and_none_below_the_threshold(
    api: TestClient, score: float
) -> None:
    found = post(api, ASTRONAUT, detector="pnet", score=score, iou=0.4).json()["detections"]
    scores = [row["score"] for row in found]
    assert scores == sorted(scores, reverse=True)
    assert scores[-1] >= score
    assert {row["label"] for row in found} == {"face"}


def test_boxes_on_a_large_file_lie_on_the_file_and_it_is_said(api: TestClient) -> None:
    large = np.zeros((5000, 8000, 3), np.uint8)  # 40 megapixels
    face = np.asarray(Image.fromarray(ASTRONAUT).resize((3000, 3000)))
    large[1000:4000, 2000:5000] = face
    answer = post(api, large, detector="mtcnn", score=0.95).json()
    assert (answer["height_px"], answer["width_px"]) == (5000, 8000)
    assert "8000 × 5000" in answer["notes"][0]
    expected = np.array((181.05, 62.16, 267.75, 172.05)) * 3000 / 512 + (2000, 1000) * 2
    assert np.allclose(answer["detections"][0]["box"], expected, atol=60)


def test_nothing_is_an_answer_too(api: TestClient) -> None:
    answer = post(api, np.full((1, 1, 3), 7, np.uint8), detector="haar_eye")
    assert answer.status_code == 200
    assert answer.json()["detections"] == []


@pytest.mark.parametrize(
    ("form", "status", "word"),
    [
        ({"detector": "yolo"}, 404, "mtcnn"),
        ({"detector": "Window"}, 404, "sliding_window"),
        ({"detector": "x" * 65}, 422, "length ≤ 64"),
        ({"detector": "retinanet_resnet50_fpn"}, 424, "not on this computer"),
        ({"score": "1.5"}, 422, "≤ 1"),
        ({"score": "nan"}, 422, "score cannot be 'nan'; accepted: 0.5, 1, …"),
        ({"iou": "-0.1"}, 422, "≥ 0"),
        ({"iou": "high"}, 422, "iou"),
    ],
)
def test_wrong_wishes_are_told_what_there_is(
    api: TestClient, form: dict[str, str], status: int, word: str, absent_weights: None
) -> None:
    answer = post(api, ASTRONAUT[:20, :20], **form)
    assert answer.status_code == status
    assert word in answer.json()["detail"]


def test_what_is_no_picture_is_refused(api: TestClient) -> None:
    answer = api.post("/api/v1/detect", files={"file": ("a.png", b"not a picture")})
    assert answer.status_code == 415
    assert api.post("/api/v1/detect").status_code == 422


def test_another_site_may_not_ask(api: TestClient) -> None:
    headers = {"origin": "http://elsewhere.example"}
    files = {"file": ("a.png", png(ASTRONAUT[:8, :8]))}
    assert api.post("/api/v1/detect", files=files, headers=headers).status_code == 403

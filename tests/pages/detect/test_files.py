"""What a detector found, as a file: pycocotools and the upload's own answer check it."""

import io
import json
import zipfile
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import numpy as np
import pytest
from PIL import Image
from pycocotools.coco import COCO
from starlette.testclient import TestClient

from engine.detection.detectors import detect
from engine.pictures import picture_store, sample

ASTRONAUT = sample("astronaut").pixels


def saved_name(answer: Any) -> str:
    """The name that a browser saves a file under."""
    said = answer.headers["content-disposition"]
    full = said.rpartition("filename*=UTF-8''")[2]
    return unquote(full) if full != said else said.rpartition('filename="')[2].rstrip('"')


def test_files_hold_what_is_on_screen(api: TestClient, tmp_path: Path) -> None:
    asked = {"picture": "astronaut", "detector": "pnet", "score": 0.9, "iou": 0.3}
    expected = detect("pnet", ASTRONAUT, 0.9, 0.3)
    answers = {
        form: api.get("/api/v1/detect/file", params=asked | {"form": form})
        for form in ("json", "yolo", "coco")
    }
    content = answers["json"].json()
    assert content["detections"] == json.loads(json.dumps(expected.to_dicts()))
    assert content["score"] == 0.9
    (tmp_path / "coco.json").write_bytes(answers["coco"].content)
    assert len(COCO(str(tmp_path / "coco.json")).anns) == len(expected) > 3
    assert answers["yolo"].content[:2] == b"PK"
    assert saved_name(answers["coco"]) == "astronaut_pnet.coco.json"


def test_files_hold_the_class_that_is_shown(api: TestClient) -> None:
    asked = {"picture": "coffee", "detector": "nanodet", "score": 0.2}
    every = api.get("/api/v1/detect/file", params=asked).json()["detections"]
    cups = api.get("/api/v1/detect/file", params=asked | {"only": "cup"}).json()["detections"]
    assert cups
    assert cups == [row for row in every if row["label"] == "cup"] != every


def test_a_file_names_no_secret(api: TestClient) -> None:
    token = picture_store().put(ASTRONAUT[:64, :64])
    answer = api.get("/api/v1/detect/file", params={"picture": token, "detector": "hog_people"})
    assert saved_name(answer) == "picture_hog_people.json"
    assert token not in answer.text
    wrong = api.get("/api/v1/detect/file", params={"picture": token, "detector": "hog"})
    assert wrong.status_code == 404
    wrong = api.get("/api/v1/detect/file", params={"picture": token, "form": "xml"})
    assert wrong.status_code == 422


@pytest.mark.parametrize("name", ['"; evil.exe', "../../내 사진.png", "a\r\nX-Evil: 1"])
def test_a_strangers_name_stays_a_name(api: TestClient, name: str) -> None:
    token = picture_store().put(ASTRONAUT[:64, :64], name)
    asked = {"picture": token, "detector": "hog_people", "form": "yolo"}
    answer = api.get("/api/v1/detect/file", params=asked)
    assert "x-evil" not in answer.headers
    assert "/" not in saved_name(answer)
    assert saved_name(answer).endswith("_hog_people.zip")
    inside = zipfile.ZipFile(io.BytesIO(answer.content)).namelist()
    assert all(Path(each).parent in (Path("labels"), Path()) for each in inside)


def test_files_of_a_large_photo_have_its_name_and_its_pixels(
    api: TestClient, tmp_path: Path
) -> None:
    file = io.BytesIO()
    Image.fromarray(ASTRONAUT).resize((2560, 2560)).save(file, "JPEG")
    sent = {"file": ("C:\\photos\\me.JPG", file.getvalue())}
    stored = api.post("/api/v1/pictures", files=sent).json()
    assert (stored["name"], stored["height_px"], stored["original_height_px"]) == (
        "me.JPG", 2048, 2560,
    )  # fmt: skip
    asked = {"picture": stored["token"], "detector": "hog_people", "score": 0.1}
    answers = {
        form: api.get("/api/v1/detect/file", params=asked | {"form": form})
        for form in ("json", "yolo", "coco")
    }
    said, coco = answers["json"].json(), answers["coco"].json()
    assert (said["picture"], said["height_px"], said["width_px"]) == ("me.JPG", 2560, 2560)
    assert coco["images"] == [{"id": 1, "file_name": "me.JPG", "height": 2560, "width": 2560}]
    boxes = np.array([each["box"] for each in said["detections"]])
    assert len(boxes)
    assert boxes.max() > 2048
    whole = api.post(
        "/api/v1/detect", files=sent, data={"detector": "hog_people", "score": "0.1"}
    ).json()
    np.testing.assert_allclose(boxes, [each["box"] for each in whole["detections"]], atol=0.01)
    with zipfile.ZipFile(io.BytesIO(answers["yolo"].content)) as archive:
        assert archive.namelist() == ["labels/me.txt", "classes.txt"]
        line = archive.read("labels/me.txt").decode().split("\n")[0].split()
    middle_x = float(line[1]) * 2560
    assert middle_x == pytest.approx(boxes[0, [0, 2]].clip(0, 2560).mean(), abs=0.01)

"""Detection over the API: the engine's functions, torchvision's NMS and pycocotools check it."""

import io
import json
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import numpy as np
import pytest
import torch
from PIL import Image
from pycocotools.coco import COCO
from starlette.testclient import TestClient
from torchvision.ops import nms

from engine.detection.detectors import detect, list_detectors
from engine.errors import InputError
from engine.pictures import picture_store, sample
from engine.serving import detections as detecting
from engine.serving.jobs import jobs
from engine.wire.arrays import unpack

Ask = Callable[..., tuple[dict[str, np.ndarray], dict]]
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


def test_the_page_s_boxes_are_those_of_an_upload(ask: Ask, api: TestClient) -> None:
    arrays, about = ask("detect/panels", picture="camera", left="nanodet", iou=0.6)
    assert about["left"]["meaning"] == "quality"
    assert about["left"]["least"] == 0.05
    best = arrays["left_boxes"][arrays["left_kept"][0]]
    answer = post(api, sample("camera").pixels, detector="nanodet", iou=0.6).json()
    assert np.allclose(answer["detections"][0]["box"], best, atol=0.1)


def test_a_stage_names_things_in_the_reader_s_language(ask: Ask, api: TestClient) -> None:
    sides = {"picture": "camera", "left": "nanodet", "right": "haar_eye"}
    _, english = ask("detect/panels", **sides)
    answer = api.get("/api/v1/detect/panels", params=sides, headers={"accept-language": "ko"})
    korean: dict[str, Any] = unpack(answer.content, answer.headers["X-Arrays"])[1]
    assert (english["left"]["names"]["0"], korean["left"]["names"]["0"]) == ("person", "사람")
    assert set(korean["right"]["names"].values()) == {"눈"}


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


@pytest.fixture
def absent_weights(monkeypatch: pytest.MonkeyPatch) -> None:
    """No file of torchvision's detectors, whatever this computer holds."""
    from engine.nets import weights

    find = weights.find_weights
    absent = "retinanet_resnet50_fpn_coco"
    there = lambda w: None if absent in w.url else find(w)  # noqa: E731
    monkeypatch.setattr(weights, "find_weights", there)


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
    from engine.serving import raw_boxes as house

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


def saved_name(answer: Any) -> str:
    """The name that a browser saves a file under."""
    said = answer.headers["content-disposition"]
    full = said.rpartition("filename*=UTF-8''")[2]
    return unquote(full) if full != said else said.rpartition('filename="')[2].rstrip('"')


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


def test_files_of_a_large_photo_hold_the_originals_pixels_and_name(
    api: TestClient, tmp_path: Path
) -> None:
    large = np.asarray(Image.fromarray(ASTRONAUT).resize((4096, 4096)))
    sent = {"file": ("holiday.jpeg", png(large), "image/jpeg")}
    token = api.post("/api/v1/pictures", files=sent).json()["token"]
    asked = {"picture": token, "detector": "nanodet", "score": 0.5}
    answers = {
        form: api.get("/api/v1/detect/file", params=asked | {"form": form})
        for form in ("json", "yolo", "coco")
    }
    assert saved_name(answers["coco"]) == "holiday_nanodet.coco.json"
    content = answers["json"].json()
    assert (content["picture"], content["height_px"]) == ("holiday.jpeg", 4096)
    (person,) = content["detections"]
    expected = 8 * detect("nanodet", ASTRONAUT, 0.5, 0.5).boxes[0].numpy()
    assert np.allclose(person["box"], expected, atol=30)
    (tmp_path / "coco.json").write_bytes(answers["coco"].content)
    coco = COCO(str(tmp_path / "coco.json"))
    (image,) = coco.dataset["images"]
    assert (image["file_name"], image["width"], image["height"]) == ("holiday.jpeg", 4096, 4096)
    assert coco.dataset["annotations"][0]["bbox"][2] > 2048
    inside = zipfile.ZipFile(io.BytesIO(answers["yolo"].content)).namelist()
    assert "labels/holiday.txt" in inside


def test_files_hold_the_class_that_is_shown(api: TestClient) -> None:
    asked = {"picture": "coffee", "detector": "nanodet", "score": 0.2}
    every = api.get("/api/v1/detect/file", params=asked).json()["detections"]
    cups = api.get("/api/v1/detect/file", params=asked | {"only": "cup"}).json()["detections"]
    assert cups
    assert cups == [row for row in every if row["label"] == "cup"] != every


def test_detectors_look_one_at_a_time_and_say_how_far_they_are() -> None:
    from engine.progress import Progress
    from engine.serving import raw_boxes as house

    with house._looking:  # another detector is at work
        first = house.raw_boxes(sample("rocket"), "haar_smile", wait_s=0.01)
        assert isinstance(first, Progress)
    found = house.raw_boxes_now(sample("rocket"), "haar_smile")
    assert found.size == sample("rocket").pixels.shape[:2]
    assert house.raw_boxes(sample("rocket"), "haar_smile", wait_s=0) is found  # kept
    with pytest.raises(InputError, match="no detector called"):
        house.raw_boxes_now(sample("rocket"), "nobody")


def test_a_detector_that_can_looks_at_all_pictures_that_wait() -> None:
    from engine.serving import raw_boxes as house

    names = ["camera", "chelsea", "coffee", "astronaut"]
    with ThreadPoolExecutor(len(names)) as threads:
        with house._looking:  # another detector is at work
            asked = [threads.submit(house.look_now, sample(n).pixels, "nanodet") for n in names]
            wait(asked, timeout=0.5)
            assert not any(each.done() for each in asked)
        seen = [each.result() for each in asked]
    assert len({raw.ms for raw in seen}) == 2  # the first began alone, the others came together
    for name, raw in zip(names, seen, strict=True):
        assert raw.size == sample(name).pixels.shape[:2]
        best = detect("nanodet", sample(name).pixels, 0.4, 0.6).to_dicts()[0]
        assert raw.found.class_names[raw.found.labels[0]] == best["label"]


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

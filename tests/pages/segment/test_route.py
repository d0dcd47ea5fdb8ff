"""Segmentation over the API: the engine, OpenCV, scikit-image and pycocotools check it."""

import base64
import io
from collections.abc import Callable
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any, get_args
from urllib.parse import unquote

import cv2
import numpy as np
import pytest
from PIL import Image
from pycocotools.coco import COCO
from skimage.segmentation import slic
from starlette.testclient import TestClient

from engine.data.panoptic_scenes import CATEGORIES, PanopticSettings, draw_panoptic_scene
from engine.pictures import picture_store, sample
from engine.segment.segmented_picture import Kind
from engine.segment.segmenter import Settings
from engine.segment.segmenters import SMALL_PX, list_segmenters, segment
from engine.serving import segmentations as segmenting
from engine.serving.binary import unpack

Ask = Callable[..., tuple[dict[str, np.ndarray], dict]]
CAT = sample("chelsea").pixels
ABSENT = "fcn_resnet50"


def png(pixels: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG", compress_level=1)
    return buffer.getvalue()


def post(api: TestClient, pixels: np.ndarray | None, **form: object) -> Any:
    files = {} if pixels is None else {"file": ("photo.png", png(pixels), "image/png")}
    return api.post("/api/v1/segment", files=files, data={k: str(v) for k, v in form.items()})


def label_map(answer: dict[str, Any]) -> np.ndarray:
    data = np.frombuffer(base64.b64decode(answer["label_map_png"]), np.uint8)
    read = cv2.imdecode(data, cv2.IMREAD_UNCHANGED)
    assert read is not None
    assert read.dtype == np.uint16
    return read


def test_people_are_cut_out_and_a_photo_without_any_says_so(api: TestClient) -> None:
    pixels = sample("astronaut").pixels
    answer = post(api, pixels, model="selfie").json()
    (row,) = answer["segments"]
    assert (row["class"], answer["kind"]) == ("person", "semantic")
    ids = label_map(answer)
    assert np.array_equal(ids, segment("selfie", pixels).found.ids)
    assert 0.5 < (ids == row["id"]).mean() < 0.6
    nobody = post(api, CAT, model="selfie").json()
    assert nobody["segments"] == []
    assert not label_map(nobody).any()


def test_a_stage_names_classes_in_the_reader_s_language(ask: Ask, api: TestClient) -> None:
    asked = {"picture": "astronaut", "method": "selfie"}
    _, english = ask("segment/reading", **asked)
    answer = api.get("/api/v1/segment/reading", params=asked, headers={"accept-language": "ko"})
    korean: dict[str, Any] = unpack(answer.content, answer.headers["X-Arrays"])[1]
    assert (english["names"], korean["names"]) == ({"0": "person"}, {"0": "사람"})


@pytest.fixture
def absent_weights(monkeypatch: pytest.MonkeyPatch) -> None:
    """No file of this network, whatever this computer holds."""
    from engine.nets import weights

    find = weights.find_weights
    there = lambda w: None if ABSENT in w.url else find(w)  # noqa: E731
    monkeypatch.setattr(weights, "find_weights", there)


def test_an_upload_is_answered_as_the_engine_answers(api: TestClient) -> None:
    answer = post(api, CAT, kind="semantic", model="grabcut").json()
    expected = segment("grabcut", CAT)
    assert set(answer) == {
        "kind", "model", "height_px", "width_px", "segments", "label_map_png", "ms", "notes",
    }  # fmt: skip
    assert (answer["kind"], answer["height_px"], answer["width_px"]) == ("semantic", 300, 451)
    assert answer["segments"] == expected.to_dicts()
    assert answer["segments"][0]["class"] == "Egyptian cat"
    found = label_map(answer)
    assert np.array_equal(found, expected.found.ids)
    assert answer["segments"][0]["area_px"] == np.count_nonzero(found == 1)
    assert 0 < answer["ms"] < 60_000


def test_regions_cover_every_pixel_exactly_once(api: TestClient) -> None:
    answer = post(api, CAT[:60, :90], model="slic").json()
    found = label_map(answer)
    assert answer["kind"] == "regions"
    areas = {row["id"]: row["area_px"] for row in answer["segments"]}
    assert areas == dict(zip(*map(list, np.unique(found, return_counts=True)), strict=True))
    assert sum(areas.values()) == 60 * 90
    assert found.max() == len(np.unique(slic(CAT[:60, :90], 150, 10)))


def test_a_scene_is_a_picture_too(api: TestClient) -> None:
    answer = post(api, None, scene=7, model="felzenszwalb").json()
    pixels = draw_panoptic_scene(7, 0, PanopticSettings()).pixels
    assert np.array_equal(label_map(answer), segment("felzenszwalb", pixels).found.ids)
    assert answer["notes"] == []


def test_the_panoptic_net_reads_a_scene_in_three_ways(api: TestClient) -> None:
    scene = draw_panoptic_scene(3, 0, PanopticSettings())
    answers = {kind: post(api, None, scene=3, kind=kind).json() for kind in get_args(Kind)[:3]}
    assert {answer["model"] for answer in answers.values()} == {"panoptic"}
    assert post(api, None, scene=3).json()["segments"] == answers["panoptic"]["segments"]
    whole = answers["panoptic"]
    areas = {row["id"]: row["area_px"] for row in whole["segments"]}
    assert areas == dict(
        zip(*map(list, np.unique(label_map(whole), return_counts=True)), strict=True)
    )
    assert sum(areas.values()) == scene.semantic.size
    names = np.array(CATEGORIES)
    table = {row["id"]: row["class"] for row in answers["semantic"]["segments"]}
    said = np.vectorize(table.get)(label_map(answers["semantic"]))
    assert (said == names[scene.semantic]).mean() > 0.9  # it has learnt
    things = label_map(answers["instance"])
    panoptic = label_map(whole)
    assert all(row["thing"] for row in answers["instance"]["segments"])
    assert np.array_equal(things[things > 0], panoptic[things > 0])
    assert len(answers["instance"]["segments"]) == len(scene.labels)


def test_forty_megapixels_are_looked_at_smaller_which_is_said(api: TestClient) -> None:
    answer = post(api, np.zeros((5000, 8000, 3), np.uint8), model="felzenszwalb").json()
    assert "8000 × 5000" in answer["notes"][0]
    assert label_map(answer).shape == (answer["height_px"], answer["width_px"]) == (5000, 8000)


@pytest.mark.parametrize(
    ("form", "status", "word"),
    [
        ({"model": "unet"}, 404, "grabcut"),
        ({"model": "x" * 65}, 422, "length ≤ 64"),
        ({"model": ABSENT}, 424, "not on this computer"),
        ({"kind": "all"}, 422, "'panoptic'"),
        ({"kind": "panoptic"}, 422, "semantic segments, not with panoptic"),
        ({"scene": "3"}, 422, "not both"),
        ({"scene": "first"}, 422, "scene"),
        ({"scene": "-1"}, 422, "≥ 0"),
    ],
)
def test_wrong_wishes_are_told_what_there_is(
    api: TestClient, form: dict[str, str], status: int, word: str, absent_weights: None
) -> None:
    answer = post(api, CAT[:20, :20], **form)
    assert answer.status_code == status
    assert word in answer.json()["detail"]


def test_what_is_no_picture_is_refused(api: TestClient) -> None:
    path = "/api/v1/segment"
    assert api.post(path, files={"file": ("a.png", b"not a picture")}).status_code == 415
    assert "neither" in api.post(path).json()["detail"]
    assert post(api, None, scene=2**63).status_code == 422
    one = post(api, np.zeros((1, 1, 3), np.uint8), model="grabcut")
    assert one.status_code == 422
    assert "GrabCut" in one.json()["detail"]
    headers = {"origin": "http://elsewhere.example"}
    assert api.post(path, data={"scene": "1"}, headers=headers).status_code == 403


def test_all_segmenters_are_listed_with_what_is_missing(
    api: TestClient, absent_weights: None
) -> None:
    listed = api.get("/api/v1/segmenters", headers={"accept-language": "ko"}).json()
    assert [entry["name"] for entry in listed] == [entry.name for entry in list_segmenters()]
    by_name = {entry["name"]: entry for entry in listed}
    assert by_name["slic"] == {
        "name": "slic", "title": "SLIC", "family": "superpixels", "kinds": ["regions"],
        "missing": None, "file_mib": None,
    }  # fmt: skip
    assert "이 컴퓨터에 없습니다" in by_name[ABSENT]["missing"]


def test_the_page_is_sent_grabcut_s_steps(ask: Ask) -> None:
    arrays, about = ask("segment/reading", picture="chelsea", method="grabcut", seed=0.3)
    assert arrays["ids"].shape == arrays["map"].shape == (213, SMALL_PX)
    assert arrays["masks"].shape == (5, 213, SMALL_PX)
    assert np.array_equal(arrays["masks"][-1], arrays["ids"])
    assert about["cut"]["areas_px"] == arrays["masks"].sum(axis=(1, 2)).tolist()
    assert about["cut"]["marked_px"] == np.bincount(arrays["marks"].ravel(), minlength=4).tolist()
    assert about["cut"]["class"] == about["names"]["0"] == "Egyptian cat"
    left, top, right, bottom = about["cut"]["box"]
    assert (arrays["marks"][top:bottom, left:right] > 0).all()
    assert not arrays["ids"][:, :left].any()
    again, _ = ask("segment/reading", picture="chelsea", method="grabcut", seed=0.6)
    assert np.array_equal(again["map"], arrays["map"])  # it looked once
    assert not np.array_equal(again["marks"], arrays["marks"])


def test_settings_of_other_methods_are_the_same_question(ask: Ask) -> None:
    picture = sample("camera")
    first = segmenting.read_now(picture, "slic", Settings(pieces=40, compactness=5))
    assert segmenting.read_now(picture, "slic", Settings(0.7, 40, 5, 9, 0.1)) is first
    arrays, about = ask(
        "segment/reading", picture="camera", method="slic", pieces=40, compactness=5
    )
    assert np.array_equal(arrays["ids"], first.reading.answer.found.ids)
    assert arrays["areas_px"].sum() == arrays["ids"].size
    assert about["void_px"] == 0


def test_a_method_without_an_answer_says_why(ask: Ask, absent_weights: None) -> None:
    _, about = ask("segment/reading", picture="chelsea", method=ABSENT)
    assert "not on this computer" in about["why"]
    token = picture_store().put(np.zeros((1, 1, 3), np.uint8))
    _, about = ask("segment/reading", picture=token, method="grabcut")
    assert "GrabCut" in about["why"]


@pytest.mark.parametrize(
    "query",
    [
        {"picture": "nobody"},
        {"method": "unet"},
        {"method": "a" * 65},
        {"seed": "0"},
        {"seed": "0.81"},
        {"pieces": "1"},
        {"pieces": "1001"},
        {"compactness": "0"},
        {"scale": "nan"},
        {"least": "2"},
    ],
)
@pytest.mark.parametrize("path", ["reading", "file"])
def test_wrong_questions_of_the_page_are_4xx(
    api: TestClient, path: str, query: dict[str, Any]
) -> None:
    answer = api.get(f"/api/v1/segment/{path}", params={"picture": "chelsea"} | query)
    assert 400 <= answer.status_code < 500
    assert answer.json()["detail"]


def test_files_are_on_the_picture_s_own_size_and_name_no_secret(
    api: TestClient, tmp_path: Path
) -> None:
    asked = {"picture": "chelsea", "method": "grabcut", "seed": 0.3}
    image = api.get("/api/v1/segment/file", params=asked)
    assert image.headers["content-disposition"].endswith('"chelsea_grabcut.segments.png"')
    ids = np.asarray(Image.open(io.BytesIO(image.content)))
    assert np.array_equal(ids, segment("grabcut", CAT, Settings(seed=0.3)).found.ids)
    path = tmp_path / "coco.json"
    path.write_bytes(api.get("/api/v1/segment/file", params=asked | {"form": "coco"}).content)
    with redirect_stdout(io.StringIO()):
        (note,) = COCO(str(path)).anns.values()
    assert note["area"] == np.count_nonzero(ids)
    token = picture_store().put(CAT[:64, :64], name='"; evil.exe')
    answer = api.get("/api/v1/segment/file", params={"picture": token, "method": "slic"})
    assert answer.headers["content-disposition"].endswith('"__ evil_slic.segments.png"')
    assert api.get("/api/v1/segment/file", params=asked | {"form": "xml"}).status_code == 422


def test_files_of_a_large_photo_have_its_name_and_its_size(api: TestClient) -> None:
    photo = Image.fromarray(CAT).resize((2600, 1700))
    file = io.BytesIO()
    photo.save(file, "JPEG")
    sent = {"file": ("휴가 1.jpeg", file.getvalue())}
    token = api.post("/api/v1/pictures", files=sent).json()["token"]
    asked = {"picture": token, "method": "slic", "pieces": 20}
    answer = api.get("/api/v1/segment/file", params=asked)
    named = answer.headers["content-disposition"]
    assert unquote(named.partition("UTF-8''")[2]) == "휴가 1_slic.segments.png"
    ids = np.asarray(Image.open(io.BytesIO(answer.content)))
    assert ids.shape == (1700, 2600)
    coco = api.get("/api/v1/segment/file", params=asked | {"form": "coco"}).json()
    assert coco["images"] == [{"id": 1, "file_name": "휴가 1.jpeg", "height": 1700, "width": 2600}]
    areas = np.bincount(ids.ravel())
    assert [note["area"] for note in coco["annotations"]] == areas[areas > 0].tolist()


def test_an_uploads_segments_are_those_of_the_file_not_of_the_copy(api: TestClient) -> None:
    photo = Image.fromarray(CAT).resize((2600, 1700))
    file = io.BytesIO()
    photo.save(file, "JPEG")
    answer = api.post(
        "/api/v1/segment", files={"file": file.getvalue()}, data={"model": "slic"}
    ).json()
    assert (answer["height_px"], answer["width_px"]) == (1700, 2600)
    ids = np.asarray(Image.open(io.BytesIO(base64.b64decode(answer["label_map_png"]))))
    assert ids.shape == (1700, 2600)
    areas = np.bincount(ids.ravel())
    assert [row["area_px"] for row in answer["segments"]] == areas[areas > 0].tolist()

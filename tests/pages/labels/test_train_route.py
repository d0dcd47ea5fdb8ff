"""Own labels as a data set, and a detector that learns from it, as a browser asks for them."""

import hashlib
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from skimage import data
from starlette.testclient import TestClient

from engine.data.data_set import DataSet
from engine.runs.own_data import read_labelled
from engine.runs.recording import record
from engine.serving.binary import unpack
from engine.serving.labels import contract
from engine.serving.own_sets import own_sets
from engine.train.settings import settings_from_dict
from tests.api_client import ME

YOU = {"X-Owner": "b" * 22}

pytestmark = pytest.mark.usefixtures("runs")


def photo(pixels: np.ndarray, orientation: int = 1) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = orientation
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG", exif=exif)
    return buffer.getvalue()


def box(corners: list[float], label: str, crowd: bool = False) -> dict[str, Any]:
    return {"box": corners, "label": label, "crowd": crowd}


def row(name: str, file: bytes, boxes: list[dict], size: tuple[int, int]) -> dict[str, Any]:
    digest = hashlib.sha256(file).hexdigest()
    return {"name": name, "digest": digest, "width": size[0], "height": size[1], "boxes": boxes}


CAT = photo(data.chelsea())  # 451 x 300
FLIPPED = photo(np.ascontiguousarray(data.chelsea()[:, ::-1]))
COFFEE = photo(data.coffee())  # 600 x 400
CAT_BOX, FLIPPED_BOX = [60.0, 10.0, 400.0, 290.0], [51.0, 10.0, 391.0, 290.0]
GIVEN = {
    "classes": ["cat", "cup", "unused"],
    "photos": [
        row("cat.png", CAT, [box(CAT_BOX, "cat")], (451, 300)),
        row(
            "coffee.png",
            COFFEE,
            [box([150, 50, 450, 300], "cup"), box([0, 0, 600, 400], "cup", crowd=True)],
            (600, 400),
        ),
        row("flipped.png", FLIPPED, [box(FLIPPED_BOX, "cat")], (451, 300)),
    ],
}
FILES = [CAT, COFFEE, FLIPPED]
HELD = GIVEN["photos"][2]["digest"]


def make(
    api: TestClient, given: Any = GIVEN, files: list[bytes] = FILES, lang: str = "en", **learnt: Any
) -> Any:
    sent = [("photos", (f"{n}.png", content)) for n, content in enumerate(files)]
    asked = {"held_out": HELD, "learner": "detectnet"} | learnt
    fields = {"labels": json.dumps(given), "learnt": json.dumps(asked)}
    headers = {"Accept-Language": lang}
    return api.post("/api/v1/labels/set", files=sent, data=fields, headers=headers)


def made(api: TestClient, **learnt: Any) -> dict[str, Any]:
    answer = make(api, **learnt)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_set_tells_what_there_is_to_learn_and_to_judge_by(api: TestClient) -> None:
    found = made(api)
    assert found["photos"] == 2
    assert found["held_out"] == "flipped.png"
    assert found["classes"] == [
        {"name": "cat", "learnt": 1, "held_out": 1, "known": True},
        {"name": "cup", "learnt": 1, "held_out": 0, "known": True},
    ]


def test_photos_lie_in_squares_with_their_boxes(api: TestClient) -> None:
    kept = own_sets().get_labelled(made(api, learner="nanodet")["token"])
    assert kept.images.shape == (3, 416, 416, 3)
    share = 416 / 451
    top, left, height, width = kept.frames[0].tolist()
    assert (top, left, height, width) == ((416 - height) // 2, 0, round(300 * share), 416)
    wanted = [each * share for each in CAT_BOX]
    wanted = [wanted[0], wanted[1] + top, wanted[2], wanted[3] + top]
    np.testing.assert_allclose(kept.truths[0, 0].numpy(), [0, *wanted], atol=1)
    assert kept.held_out.tolist() == [False, False, True]


def test_one_class_or_all_as_one(api: TestClient) -> None:
    alone = made(api, only="cat")
    assert [each["name"] for each in alone["classes"]] == ["cat"]
    assert alone["photos"] == 2  # a photo without a cat stays in
    together = made(api, together=True)
    assert [(each["name"], each["learnt"]) for each in together["classes"]] == [("object", 2)]


def test_a_turned_photo_is_learnt_upright(api: TestClient) -> None:
    stored = photo(np.ascontiguousarray(np.rot90(data.chelsea())), orientation=6)
    given = {**GIVEN, "photos": [*GIVEN["photos"]]}
    given["photos"][0] = row("cat.png", stored, [box(CAT_BOX, "cat")], (451, 300))
    given["photos"][0]["orientation"] = 6
    answer = make(api, given, [stored, COFFEE, FLIPPED])
    assert answer.status_code == 200, answer.text
    kept = own_sets().get_labelled(answer.json()["token"])
    straight = own_sets().get_labelled(made(api)["token"])
    difference = kept.images[0].int() - straight.images[0].int()
    assert difference.abs().float().mean() < 3


def _without(**changed: Any) -> dict[str, Any]:
    return {**GIVEN, "photos": [{**each, **changed} for each in GIVEN["photos"]]}


@pytest.mark.parametrize(
    ("given", "files", "learnt", "said"),
    [
        (_without(boxes=[]), FILES, {}, "nothing to learn from"),
        (GIVEN, FILES, {"held_out": "0" * 64}, "nothing to learn from"),
        (GIVEN, FILES, {"only": "dog"}, "nothing to learn from"),
        (GIVEN, FILES[:2], {}, "not those that the labels speak of"),
        (GIVEN, [CAT, FLIPPED, COFFEE], {}, "not those that the labels speak of"),
        (_without(width=450), FILES, {}, "not those that the labels speak of"),
        (GIVEN, FILES, {"held_out": "x"}, "held_out"),
        (GIVEN, FILES, {"learner": "yolo"}, "learner"),
        ([], FILES, {}, "labels"),
    ],
)
def test_what_cannot_be_learnt_from_is_a_sentence(
    api: TestClient, given: Any, files: list[bytes], learnt: dict, said: str
) -> None:
    answer = make(api, given, files, **learnt)
    assert answer.status_code == 422
    assert said in answer.json()["detail"]


def test_too_many_photos_are_a_sentence_in_both_languages(
    api: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    from engine.serving.labels import data_set

    monkeypatch.setattr(data_set, "MOST_LEARNT", 2)
    assert "3 photos are too many" in make(api).json()["detail"]
    assert "사진 3장" in make(api, lang="ko").json()["detail"]


def plan(api: TestClient, **asked: Any) -> dict[str, Any]:
    answer = api.get("/api/v1/labels/training", params=asked)
    assert answer.status_code == 200, answer.text
    return unpack(answer.content, answer.headers["X-Arrays"])[1]


@pytest.mark.parametrize("learner", ["nanodet", "detectnet"])
def test_the_plan_is_what_the_controls_say(api: TestClient, learner: str) -> None:
    about = plan(api, learner=learner, learns="neck", passes=7, learning_rate=0.02)
    settings = settings_from_dict(about["settings"])
    assert (settings.net.name, settings.data.name) == (learner, "own")
    assert (settings.train.epochs, settings.train.learning_rate) == (7, 0.02)
    assert about["limits"]["learns"]["disabled"] == (learner == "detectnet")
    if learner == "nanodet":
        assert settings.net.frozen_blocks == 5


def begun(api: TestClient, post: Callable, learner: str, **asked: Any) -> str:
    token = made(api, learner=learner)["token"]
    settings = plan(api, learner=learner, **asked)["settings"]
    status, answer = post("runs", {"settings": settings, "own_data": token})
    assert status == 200, answer
    return answer["name"]


def epoch(api: TestClient, name: str, number: int, owner: str = ME) -> Any:
    path = "/api/v1/labels/training/epoch"
    return api.get(path, params={"name": name, "epoch": number}, headers={"X-Owner": owner})


@pytest.mark.parametrize(("learner", "side"), [("detectnet", 128), ("nanodet", 416)])
def test_a_detector_learns_and_shows_the_held_out_photo_before_and_after(
    api: TestClient, post: Callable, runs: Path, learner: str, side: int
) -> None:
    name = begun(api, post, learner, passes=1)
    assert read_labelled(runs / name).side_px == side
    assert record(runs / name, torch.device("cpu")) == "finished"
    for number in (0, 1):
        answer = epoch(api, name, number)
        assert answer.status_code == 200, answer.text
        arrays, about = unpack(answer.content, answer.headers["X-Arrays"])
        height, width, _ = arrays["pixels"].shape
        assert (height, width) == (round(300 * side / 451), side)
        share = side / 451
        wanted = [each * share for each in FLIPPED_BOX]
        np.testing.assert_allclose(arrays["truth_boxes"][0], wanted, atol=1)
        assert about["classes"] == ["cat", "cup"]
        assert about["each"][1] is None  # no cup there
        assert arrays["boxes"].shape == (len(arrays["scores"]), 4)
        assert (arrays["boxes"] >= 0).all()
    if learner == "nanodet":  # it knows cats: before learning, as well as the shipped network does
        arrays, about = unpack(*_content(epoch(api, name, 0)))
        assert about["ap50"] > 0.5
        assert arrays["scores"][0] > 0.5
        assert arrays["right"][0] == 1


def _content(answer: Any) -> tuple[bytes, str]:
    return answer.content, answer.headers["X-Arrays"]


def test_a_run_on_own_photos_is_its_owners_alone(
    api: TestClient, post: Callable, runs: Path
) -> None:
    name = begun(api, post, "detectnet", passes=1)
    record(runs / name, torch.device("cpu"))
    assert epoch(api, name, 0).status_code == 200
    assert epoch(api, name, 0, owner=YOU["X-Owner"]).status_code == 404
    assert api.post(f"/api/v1/runs/{name}/stop", headers=YOU).status_code == 404
    assert epoch(api, name, 9).status_code == 404


def test_other_runs_have_no_held_out_photo(api: TestClient, post: Callable, runs: Path) -> None:
    settings = {"data": {"name": "digits", "per_class": 4}, "net": {"name": "softmax"}}
    _, answer = post("runs", {"settings": settings})
    refused = epoch(api, answer["name"], 0)
    assert refused.status_code == 409
    assert "held-out photo" in refused.json()["detail"]


def test_pictures_of_the_other_kind_are_refused(api: TestClient, post: Callable) -> None:
    images = torch.zeros(4, 12, 12, 3, dtype=torch.uint8)
    classes = own_sets().put(DataSet("own", images, torch.arange(4) % 2, ("a", "b"), "uploaded"))
    settings = plan(api)["settings"]
    status, answer = post("runs", {"settings": settings, "own_data": classes})
    assert status == 404
    assert "upload" in answer["detail"]
    boxes = made(api)["token"]
    settings = {"data": {"name": "own"}, "net": {"name": "mlp"}}
    assert post("runs", {"settings": settings, "own_data": boxes})[0] == 404


@pytest.mark.parametrize(
    "wrong",
    [
        {"learning_rate": 0},
        {"learning_rate": "nan"},
        {"passes": 61},
        {"learner": "yolo"},
        {"learns": "all"},
        {"begun": "../x"},
    ],
)
def test_hostile_values_are_one_sentence(api: TestClient, wrong: dict[str, Any]) -> None:
    answer = api.get("/api/v1/labels/training", params=wrong)
    assert answer.status_code == 422
    assert isinstance(answer.json()["detail"], str)


def test_the_most_of_the_contract_is_what_a_training_takes() -> None:
    assert contract.MOST_LEARNT <= contract.MOST_PHOTOS

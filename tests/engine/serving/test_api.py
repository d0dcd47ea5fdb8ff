"""The API as anyone uses it: health, documentation, pictures, classification, and refusals."""

import io
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from starlette.testclient import TestClient

from engine.serving.binary import unpack


def is_a_sentence(answer, status: int) -> bool:
    detail = answer.json()["detail"]
    return answer.status_code == status and detail[0].isupper() and detail.endswith(".")


def test_health_names_the_device_and_the_networks_at_hand(api: TestClient) -> None:
    health = api.get("/api/v1/health").json()
    assert health["status"] == "ok"
    assert health["device"]
    assert "mobilenet_v2" in health["models"]


def test_documentation_needs_no_other_host(api: TestClient) -> None:
    page = api.get("/api/docs").text
    assert "//cdn" not in page
    assert "https://" not in page
    for part in page.split('"'):
        if part.endswith((".js", ".css")):
            assert api.get(part).status_code == 200, part
    described = api.get("/api/openapi.json").json()["paths"]
    assert {"/v1/health", "/v1/classify", "/v1/pictures", "/v1/pictures/{token}"} <= set(described)


def test_coffee_is_espresso(api: TestClient, sample_file: Callable[[str], Path]) -> None:
    with sample_file("coffee.png").open("rb") as file:
        answer = api.post("/api/v1/classify", files={"file": file}, data={"top": "3"}).json()
    assert answer["model"] == "mobilenet_v2"
    assert answer["ms"] > 0
    assert answer["labels"][0]["name"] == "espresso"
    assert answer["labels"][0]["prob"] > 0.95
    probs = [label["prob"] for label in answer["labels"]]
    assert len(probs) == 3
    assert probs == sorted(probs, reverse=True)


def test_chelsea_is_an_egyptian_cat(api: TestClient, sample_file: Callable[[str], Path]) -> None:
    with sample_file("chelsea.png").open("rb") as file:
        answer = api.post("/api/v1/classify", files={"file": file}).json()
    assert answer["labels"][0]["name"] == "Egyptian cat"
    assert len(answer["labels"]) == 5


def test_a_picture_comes_back_by_its_token(api: TestClient) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (7, 5, 3), np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG")
    stored = api.post("/api/v1/pictures", files={"file": buffer.getvalue()}).json()
    assert (stored["height_px"], stored["width_px"]) == (7, 5)
    path = f"/api/v1/pictures/{stored['token']}"
    np.testing.assert_array_equal(Image.open(io.BytesIO(api.get(path).content)), pixels)
    raw = api.get(path, params={"form": "raw"})
    np.testing.assert_array_equal(unpack(raw.content, raw.headers["X-Arrays"])[0]["rgb"], pixels)
    assert api.delete(path).status_code == 204
    assert is_a_sentence(api.get(path), 404)


@pytest.mark.parametrize("data", [b"", b"<html></html>", b"<svg xmlns=''/>", b"\x89PNG\r\n\x1a\n"])
@pytest.mark.parametrize("path", ["classify", "pictures"])
def test_what_is_no_picture_is_refused_with_a_sentence(
    api: TestClient, path: str, data: bytes
) -> None:
    answer = api.post(f"/api/v1/{path}", files={"file": ("photo.png", data, "image/png")})
    assert answer.status_code in (413, 415, 422)
    assert is_a_sentence(answer, answer.status_code)


def test_a_file_above_the_limit_is_refused(api: TestClient) -> None:
    answer = api.post("/api/v1/pictures", files={"file": b"x" * (22 * 1024 * 1024)})
    assert is_a_sentence(answer, 413)


@pytest.mark.parametrize(
    ("path", "params"),
    [
        ("pictures/unknown", {}),
        ("pictures/chelsea", {"form": "svg"}),
        ("pictures/chelsea", {"max_side_px": "0"}),
        ("pictures/chelsea", {"max_side_px": "many"}),
        ("classify/why", {"picture": "nothing"}),
        ("classify/why", {"picture": "chelsea", "model": "no_such_net"}),
        ("classify/why", {"picture": "chelsea", "model": "resnet18"}),
        ("classify/why", {"picture": "chelsea", "method": "guess"}),
        ("classify/why", {"picture": "chelsea", "rank": "6"}),
        ("classify/why", {"picture": "chelsea", "removed": "101"}),
        ("classify/deletion", {"picture": "chelsea", "rank": "0"}),
        ("classify/deletion", {"picture": "x" * 5000}),
        ("home", {"picture": "chelsea", "depth": "20"}),
        ("home", {"picture": "chelsea", "depth": "1.5"}),
    ],
)
@pytest.mark.parametrize("language", ["en", "ko"])
def test_wrong_values_get_one_sentence(
    api: TestClient, path: str, params: dict[str, str], language: str
) -> None:
    headers = {"Accept-Language": language}
    answer = api.get(f"/api/v1/{path}", params=params, headers=headers)
    assert 400 <= answer.status_code < 500
    detail = answer.json()["detail"]
    assert detail.endswith(".")
    assert len(detail) < 400
    assert (language == "ko") == any("가" <= letter <= "힣" for letter in detail)


@pytest.mark.parametrize("data", [{"top": "0"}, {"top": "1001"}, {"top": "x"}, {"model": "no"}])
def test_wrong_form_values_get_one_sentence(
    api: TestClient, sample_file: Callable[[str], Path], data: dict[str, str]
) -> None:
    with sample_file("coffee.png").open("rb") as file:
        answer = api.post("/api/v1/classify", files={"file": file}, data=data)
    assert 400 <= answer.status_code < 500
    assert is_a_sentence(answer, answer.status_code)


def test_posts_from_elsewhere_are_refused(api: TestClient) -> None:
    headers = {"Origin": "http://evil.example"}
    answer = api.post("/api/v1/pictures", files={"file": b"x"}, headers=headers)
    assert is_a_sentence(answer, 403)


def test_unknown_paths_answer_in_the_same_form(api: TestClient) -> None:
    answer = api.get("/api/v1/nothing")
    assert answer.status_code == 404
    assert answer.json()["detail"]


def test_classification_says_what_was_done_to_the_file(api: TestClient) -> None:
    file, exif = io.BytesIO(), Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (2400, 1200), "red").save(file, "JPEG", exif=exif)
    headers = {"Accept-Language": "ko"}
    english, korean = (
        api.post("/api/v1/classify", files={"file": file.getvalue()}, headers=said).json()
        for said in ({}, headers)
    )
    assert (english["height_px"], english["width_px"]) == (2400, 1200)
    assert len(english["notes"]) == len(korean["notes"]) == 2
    assert "turned upright" in english["notes"][0]
    assert "1200 × 2400" in english["notes"][1]
    assert "바로 세웠습니다" in korean["notes"][0]


def test_uploads_are_never_written_to_a_file(
    api: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a file was opened for an upload")

    monkeypatch.setattr(tempfile, "TemporaryFile", refuse)
    pixels = np.random.default_rng(0).integers(0, 256, (1500, 1500, 3), np.uint8)
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    assert len(file.getvalue()) > 6_000_000
    answer = api.post("/api/v1/pictures", files={"file": ("large.png", file.getvalue())})
    assert answer.status_code == 200, answer.text
    assert answer.json()["name"] == "large.png"

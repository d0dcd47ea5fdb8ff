"""The thumbnails of Home's path: each is its page's own computation, and none holds up another."""

import time
from typing import Any

import numpy as np
import pytest
from starlette.testclient import TestClient

from engine.errors import InputError
from engine.pictures import picture_store, sample
from engine.progress import Progress
from engine.serving.binary import unpack
from engine.serving.home import thumbnails
from engine.serving.thumbnail import SIDE_PX, Thumbnail, chart, shares, small_segments
from pages.ui.chapters import CHAPTERS
from pages.ui.words import labels_with_prefix

STEMS = [stem for stems in CHAPTERS.values() for stem in stems]
PATIENCE_S = 120
Answer = tuple[dict[str, np.ndarray], dict[str, Any]]


def ask_for(api: TestClient, picture: str, stems: list[str]) -> Answer:
    """Thumbnails of these pages, asked for as the browser does: again and again."""
    arrays: dict[str, np.ndarray] = {}
    told: dict[str, Any] = {"pages": {}, "none": [], "on_picture": set()}
    wanted, until = list(stems), time.monotonic() + PATIENCE_S
    while wanted:
        assert time.monotonic() < until, wanted
        params = {"picture": picture, "pages": ",".join(wanted)}
        answer = api.get("/api/v1/home/thumbnails", params=params)
        assert answer.status_code == 200, answer.text
        found, about = unpack(answer.content, answer.headers["X-Arrays"])
        arrays |= found
        told["pages"] |= about["pages"]
        told["none"] += about["none"]
        told["on_picture"] |= set(about["on_picture"])
        assert {*about["pages"], *about["none"], *about["unfinished"]} == set(wanted)
        wanted = about["unfinished"]
    return arrays, told


@pytest.fixture(scope="module")
def of_astronaut(api: TestClient) -> Answer:
    return ask_for(api, "astronaut", STEMS)


def test_every_page_with_one_shows_it_small_and_has_words_for_it(of_astronaut: Answer) -> None:
    arrays, about = of_astronaut
    with_one = thumbnails.pages_with_thumbnails()
    assert with_one <= set(STEMS)
    assert set(about["pages"]) == with_one
    for stem in with_one:
        own = {
            name.partition(".")[2]: a for name, a in arrays.items() if name.startswith(stem + ".")
        }
        assert own, stem
        for name, array in own.items():
            assert array.nbytes < 400_000, (stem, name)
            assert name == "paths" or np.isfinite(array).all(), (stem, name)
        words = labels_with_prefix(stem, "thumbnail")[""]
        for value in about["pages"][stem]["told"]:
            assert f"{{{value}}}" in words, (stem, value)


def test_boxes_lie_on_the_picture(of_astronaut: Answer) -> None:
    arrays, _ = of_astronaut
    for name, boxes in arrays.items():
        if name.endswith(".boxes"):
            assert (boxes[:, 2:] > boxes[:, :2]).all(), name
            assert boxes.min(initial=0) > -0.5, name
            assert boxes.max(initial=0) < 1.5, name


def test_they_are_the_pages_own_numbers(api: TestClient, of_astronaut: Answer) -> None:
    """What three of them show is what their pages' own routes answer."""
    arrays, about = of_astronaut

    def page(path: str, **params: str) -> Answer:
        while True:
            answer = api.get(f"/api/v1/{path}", params={"picture": "astronaut", **params})
            if answer.status_code == 200:
                return unpack(answer.content, answer.headers["X-Arrays"])

    found, told = page("nms")
    assert about["pages"]["nms"]["told"]["left"] == told["counts"]["left"]
    size = (told["size"][0], told["size"][1])
    kept = arrays["nms.boxes"][arrays["nms.groups"] == 1]
    np.testing.assert_allclose(kept, shares(found["result_boxes"], size), rtol=1e-6)
    found, _ = page("classify/why")
    np.testing.assert_allclose(arrays["classify.maps"][0], found["blame"], rtol=1e-5)
    found, _ = page("average-precision", detector="detectnet")
    np.testing.assert_allclose(arrays["average_precision.paths"][0, :, 0], found["recall"])


def test_the_astronauts_face_is_found(of_astronaut: Answer) -> None:
    arrays, about = of_astronaut
    assert about["pages"]["face_cascade"]["told"]["faces"] == 1
    (face,) = arrays["face_cascade.boxes"][arrays["face_cascade.groups"] == 1]
    assert face[0] < 0.44 < face[2]
    assert face[1] < 0.22 < face[3]


def test_what_is_of_no_picture_is_made_once(
    api: TestClient, of_astronaut: Answer, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, about = of_astronaut
    own = sorted(thumbnails.pages_with_thumbnails() - about["on_picture"])
    assert {"overfitting", "training_studio", "detectnet"} <= set(own)

    def again() -> Thumbnail:
        pytest.fail("made again")

    monkeypatch.setattr(thumbnails, "_find", lambda page: (again, False))
    arrays, _ = ask_for(api, "coffee", own)
    assert arrays


@pytest.mark.parametrize("size", [(1, 1), (1, 300), (300, 2)])
def test_odd_pictures_leave_the_others_alone(api: TestClient, size: tuple[int, int]) -> None:
    token = picture_store().put(np.full((*size, 3), 90, np.uint8))
    arrays, about = ask_for(api, token, STEMS)
    assert "pixels" in about["pages"]
    assert all(np.isfinite(a).all() for name, a in arrays.items() if not name.endswith("paths"))
    assert not set(about["none"]) & {"overfitting", "detectnet", "upsampling"}


def test_one_that_fails_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> Thumbnail:
        raise InputError("picture_empty")

    def break_down() -> Thumbnail:
        raise ZeroDivisionError

    draws = {"pixels": refuse, "nms": break_down, "classify": lambda: Thumbnail()}
    monkeypatch.setattr(thumbnails, "_find", lambda page: (draws[page], False))
    monkeypatch.setattr(thumbnails, "_own", thumbnails.Cache(8))
    drawn = thumbnails.draw_thumbnails(sample("chelsea"), ["pixels", "nms", "classify", "no_page"])
    assert drawn.none == ["pixels", "nms", "no_page"]
    assert list(drawn.found) == ["classify"]


def test_a_slow_one_is_asked_for_again_and_the_rest_is_left_for_later(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now, tried = iter([0.0, 0.0, 0.1, 1.0]), []

    def draw() -> Progress:
        tried.append(1)
        return Progress(0, 1)

    monkeypatch.setattr(thumbnails, "monotonic", lambda: next(now))
    monkeypatch.setattr(thumbnails, "_find", lambda page: (draw, False))
    monkeypatch.setattr(thumbnails, "_own", thumbnails.Cache(8))
    drawn = thumbnails.draw_thumbnails(sample("chelsea"), ["pixels", "nms", "classify"])
    assert drawn.unfinished == ["pixels", "nms", "classify"]
    assert not drawn.found
    assert len(tried) == 2


@pytest.mark.parametrize("pages", ["../nms", "nms;pixels", "nms,", "NMS", "nms,,pixels"])
def test_only_names_are_asked_for(api: TestClient, pages: str) -> None:
    answer = api.get("/api/v1/home/thumbnails", params={"pages": pages})
    assert answer.status_code == 422
    assert answer.json()["detail"]


def test_a_picture_that_is_gone_is_said(api: TestClient) -> None:
    answer = api.get("/api/v1/home/thumbnails", params={"picture": "A" * 22, "pages": "pixels"})
    assert answer.status_code == 404


def test_a_chart_keeps_to_its_scale() -> None:
    paths = chart(np.array([1.0, 3.0]), np.array([2.0, 2.0]))
    np.testing.assert_allclose(paths, [[[0, 1], [1, 0]], [[0, 0.5], [1, 0.5]]])
    np.testing.assert_allclose(chart(np.array([0.5, 0.5]), low=0, high=1)[0, :, 1], 0.5)


def test_what_is_sent_is_small() -> None:
    assert max(small_segments(np.ones((2048, 700), np.int64)).shape) <= SIDE_PX
    assert small_segments(np.full((3, 2), 7)).tolist() == [[7, 7]] * 3

"""The Detect page, in both languages, with legal and hostile links."""

import urllib.request

import pytest

from engine.detection.detectors import detect, raw_detections
from engine.pictures import sample
from tests.pages.conftest import OpenPage

PATH = "detection/detect"
ABSENT = "retinanet_resnet50_fpn"


@pytest.mark.parametrize(("lang", "title"), [("en", "Two detectors look"), ("ko", "두 검출기가")])
def test_the_page_asks_and_answers_in_words(open_page: OpenPage, lang: str, title: str) -> None:
    app = open_page(PATH, lang, left="haar_eye", right="none", score="0.8")
    assert app.title[0].value.startswith(title)
    pixels = sample("chelsea").pixels
    numbers = len(raw_detections("haar_eye", pixels)), len(detect("haar_eye", pixels, 0.8, 0.5))
    told = [element.value for element in app.markdown if element.value.startswith("**Haar")]
    assert len(told) == 1
    assert all(str(number) in told[0] for number in numbers)


@pytest.mark.parametrize(
    ("lang", "picture", "left", "expected"),
    [
        ("en", "china", "nanodet", "none of its eighty things"),
        ("ko", "china", "nanodet", "아는 사물 80가지 중"),
        ("en", "chelsea", "mtcnn", "finds no face with a score of 1.00 or more"),
        ("ko", "chelsea", "haar_fullbody", "아는 것은 한 가지입니다"),
        ("en", "chelsea", "detectnet", "no drawn shape"),
    ],
)
def test_a_detector_that_finds_nothing_says_so_of_what_it_knows(
    open_page: OpenPage, lang: str, picture: str, left: str, expected: str
) -> None:
    app = open_page(PATH, lang, pic=picture, left=left, right="none", score="1")
    assert any(expected in element.value for element in app.markdown)


def test_the_class_shown_is_counted_alone(open_page: OpenPage) -> None:
    asked = {"pic": "coffee", "right": "none", "score": "0.2"}
    every = open_page(PATH, **asked)
    cups = open_page(PATH, **asked, only="cup")
    found = len(detect("nanodet", sample("coffee").pixels, 0.2, 0.5))
    assert any(f"of which {found} are left" in element.value for element in every.markdown)
    assert any("of which 1 is left" in element.value for element in cups.markdown)


def test_try_this_sets_the_stage_and_its_picture(open_page: OpenPage) -> None:
    app = open_page(PATH)
    app.button(key="detect_try_flower").click().run()
    assert not app.exception
    assert app.session_state["detect_state"]["values"]["left"] == "mtcnn"
    assert app.session_state["picture_ref"] == "flower"
    assert len([e for e in app.markdown if e.value.startswith(("**MTCNN", "**Haar"))]) == 2


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_an_absent_detector_is_offered_and_a_failed_download_says_why(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch, lang: str
) -> None:
    from engine.nets import weights

    def no_network(*_: object, **__: object) -> None:
        raise OSError("no network in this test")

    find = weights.find_weights
    there = lambda w: None if ABSENT in w.url else find(w)  # noqa: E731
    monkeypatch.setattr(weights, "find_weights", there)
    monkeypatch.setattr(urllib.request, "urlopen", no_network)
    app = open_page(PATH, lang, left=ABSENT, right="mtcnn")
    assert "130 MB" in app.info[0].value
    assert any(element.value.startswith("**MTCNN") for element in app.markdown)
    app.button(key=f"{ABSENT}_get").click().run()
    assert not app.exception
    assert len(app.error) == 1
    assert "retinanet_resnet50_fpn_coco" in app.error[0].value

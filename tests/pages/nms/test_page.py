"""The NMS page, in both languages, with legal and hostile links."""

import numpy as np
import pytest

from engine.pictures import picture_store
from tests.pages.conftest import OpenPage

PATH = "detection/nms"


@pytest.mark.parametrize(("lang", "title"), [("en", "Why does one cat"), ("ko", "고양이는 한")])
def test_the_page_asks_and_answers_in_words(open_page: OpenPage, lang: str, title: str) -> None:
    app = open_page(PATH, lang, iou="0.7")
    assert app.title[0].value.startswith(title)
    (said,) = [element.value for element in app.markdown if "157" in element.value]
    assert ("cat" if lang == "en" else "고양이") in said
    assert "0.05" in said
    assert "0.13" in said  # above it, one would be left


def test_one_box_is_one_box(open_page: OpenPage) -> None:
    app = open_page(PATH)
    assert any("and 1 is left" in element.value for element in app.markdown)


def test_a_picture_without_boxes_has_a_sentence(open_page: OpenPage) -> None:
    token = picture_store().put(np.zeros((40, 60, 3), np.uint8))
    app = open_page(PATH, pic=token, detector="pnet")
    assert any("gave no box" in element.value for element in app.markdown)


def test_only_detectors_at_hand_are_offered(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    from engine.nets import weights

    find = weights.find_weights
    there = lambda w: None if "coco" in w.url else find(w)  # noqa: E731
    monkeypatch.setattr(weights, "find_weights", there)
    app = open_page(PATH, detector="ssd300_vgg16")
    assert app.session_state["nms_state"]["values"]["detector"] == "nanodet"
    app = open_page(PATH, detector="hog_people", pic="astronaut")
    assert app.session_state["nms_state"]["values"]["detector"] == "hog_people"
    assert any("2000" in element.value for element in app.markdown)


def test_try_this_sets_the_stage_and_its_picture(open_page: OpenPage) -> None:
    app = open_page(PATH)
    app.button(key="nms_try_rocket").click().run()
    assert not app.exception
    assert app.session_state["nms_state"]["values"]["kind"] == "agnostic"
    assert app.session_state["picture_ref"] == "rocket"
    app.button(key="nms_try_raw").click().run()
    assert app.session_state["picture_ref"] == "rocket"
    assert app.session_state["nms_state"]["values"]["iou"] == 1

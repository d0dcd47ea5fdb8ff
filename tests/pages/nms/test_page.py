"""The NMS page, in both languages, with legal and hostile links."""

import pytest

from tests.pages.conftest import OpenPage

PATH = "detection/nms"


@pytest.mark.parametrize(("lang", "title"), [("en", "Why does one cat"), ("ko", "고양이는 한")])
def test_the_page_asks_and_answers_in_words(open_page: OpenPage, lang: str, title: str) -> None:
    app = open_page(PATH, lang, score="0.7")
    assert app.title[0].value.startswith(title)
    assert any("1290" in element.value and "0.7" in element.value for element in app.markdown)


def test_hostile_links_fall_back(open_page: OpenPage) -> None:
    app = open_page(
        PATH, iou="2", score="nan", kind="<b>", sigma="0", neighbours="-1", detector="x", step="-3"
    )
    assert app.session_state["nms_state"]["values"] == {
        "iou": 0.5,
        "score": 0.5,
        "kind": "per_class",
        "sigma": 0.5,
        "neighbours": 2,
        "detector": "sliding_window",
        "step": "",
    }


def test_only_detectors_at_hand_are_offered(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    from engine.nets import weights

    find = weights.find_weights
    there = lambda w: None if "coco" in w.url else find(w)  # noqa: E731
    monkeypatch.setattr(weights, "find_weights", there)
    app = open_page(PATH, detector="ssd300_vgg16")
    assert app.session_state["nms_state"]["values"]["detector"] == "sliding_window"
    app = open_page(PATH, detector="hog_people", picture="astronaut")
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

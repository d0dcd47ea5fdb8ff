"""IoU and average precision, in both languages, with legal and hostile links."""

import pytest

from tests.pages.conftest import OpenPage

PATH = "detection/average_precision"
STATE, OVERLAP = "average_precision_state", "average_precision_overlap_state"


@pytest.mark.parametrize(("lang", "title"), [("en", "When is a found box"), ("ko", "찾은 상자는")])
def test_the_page_opens_with_what_the_link_says(open_page: OpenPage, lang: str, title: str) -> None:
    app = open_page(PATH, lang, score="0.7", iou="0.75", truth="1,2,30,40", found_box="0,0,9,9")
    assert app.title[0].value.startswith(title)
    values = app.session_state[STATE]["values"]
    assert (values["score"], values["iou"], values["truth"]) == (0.7, 0.75, "1,2,30,40")
    assert app.session_state[OVERLAP]["values"]["found_box"] == "0,0,9,9"


def test_links_that_name_detectors_as_before_still_work(open_page: OpenPage) -> None:
    app = open_page(PATH, detector="faces", rival="photo", truth="354,121,523,336")
    values = app.session_state[STATE]["values"]
    assert (values["detector"], values["rival"]) == ("faces", "photo")
    assert values["truth"] == "354,121,523,336"


def test_any_detector_at_hand_can_be_judged(open_page: OpenPage) -> None:
    app = open_page(PATH, detector="nanodet", rival="haar_eye")
    values = app.session_state[STATE]["values"]
    assert (values["detector"], values["rival"]) == ("nanodet", "haar_eye")


def test_try_this_sets_each_stage(open_page: OpenPage) -> None:
    app = open_page(PATH)
    app.button(key="average_precision_try_face").click().run()
    assert not app.exception
    assert app.session_state[STATE]["values"]["truth"] == "354,121,523,336"
    assert app.session_state["picture_ref"] == "astronaut"
    app.button(key="average_precision_overlap_try_apart").click().run()
    assert app.session_state[OVERLAP]["values"]["truth_box"] == "50,50,350,350"

"""The Haar and HOG page, in both languages, with legal and hostile links."""

from collections.abc import Callable

import pytest

from tests.pages.conftest import OpenPage

PATH = "detection/haar_hog"


@pytest.mark.parametrize(("lang", "title"), [("en", "How did computers"), ("ko", "특징을 스스로")])
def test_the_page_asks(open_page: OpenPage, lang: str, title: str) -> None:
    app = open_page(PATH, lang, stage="12", cascade="smile", spot="100,20")
    assert app.title[0].value.startswith(title)
    values = app.session_state["haar_hog_state"]["values"]
    assert (values["stage"], values["cascade"], values["spot"]) == (12, "smile", "100,20")


def test_hostile_links_fall_back(open_page: OpenPage) -> None:
    app = open_page(
        PATH, stage="99", cascade="../x", factor="nan", neighbours="-1", spot="1,2,3", tree="a"
    )
    assert app.session_state["haar_hog_state"]["values"] == {
        "stage": 5,
        "cascade": "frontalface_default",
        "factor": 1.1,
        "neighbours": 3,
        "spot": "",
        "tree": "",
    }


def test_try_this_sets_the_stage_and_its_picture(open_page: OpenPage) -> None:
    app = open_page(PATH)
    app.button(key="haar_hog_try_eyes").click().run()
    assert not app.exception
    assert app.session_state["haar_hog_state"]["values"]["cascade"] == "eye"
    assert app.session_state["picture_ref"] == "astronaut"


def test_the_hog_stage_keeps_its_own_values(open_page: OpenPage) -> None:
    app = open_page(PATH, level="4", layer="cells", at="500,20")
    assert app.session_state["haar_hog_template_state"]["values"] == {
        "level": 4,
        "layer": "cells",
        "at": "500,20",
    }
    app = open_page(PATH, level="400", layer="dpm", at="5000,2")
    assert app.session_state["haar_hog_template_state"]["values"] == {
        "level": 0,
        "layer": "blocks",
        "at": "",
    }


def test_the_svm_stage_reads_boxes_and_nothing_else(open_page: OpenPage) -> None:
    app = open_page(PATH, boxes="1,2,30,40;5,6,70,80", taught="coffee", c="-1", rounds="2")
    values = app.session_state["haar_hog_svm_state"]["values"]
    assert values["boxes"] == "1,2,30,40;5,6,70,80"
    assert (values["taught"], values["c"], values["rounds"]) == ("coffee", -1, 2)
    app = open_page(PATH, boxes="1,2,nan,4", taught="../x", c="nan", background="<b>", rounds="9")
    values = app.session_state["haar_hog_svm_state"]["values"]
    assert values["boxes"].count(";") == 1
    assert (values["taught"], values["background"]) == ("chelsea", "")
    assert (values["c"], values["rounds"]) == (-2, 0)


def test_a_template_goes_along_to_another_picture(open_page: OpenPage) -> None:
    app = open_page(PATH)
    app.button(key="haar_hog_svm_try_cup").click().run()
    assert not app.exception
    assert app.session_state["haar_hog_svm_state"]["values"]["taught"] == "motorcycle"
    assert app.session_state["picture_ref"] == "coffee"


def test_a_first_visit_shows_a_face_and_finds_it(open_page: OpenPage, ask: Callable) -> None:
    app = open_page(PATH)
    assert app.session_state["haar_hog_state"]["values"]["cascade"] == "frontalface_default"
    arrays, _ = ask("haar-hog", picture="astronaut")
    found = [box for box in arrays["found"].tolist() if box[2] - box[0] > 50]
    assert found
    assert app.session_state["picture_shown"] == "astronaut"

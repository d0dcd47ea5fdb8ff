"""The face cascade, in both languages, with legal and hostile links."""

from collections.abc import Callable

import pytest

from tests.pages.conftest import OpenPage

PATH = "detection/face_cascade"
STATE = "face_cascade_state"


@pytest.mark.parametrize(("lang", "title"), [("en", "How can one face"), ("ko", "수만 개의 창")])
def test_the_page_opens_with_what_the_link_says(open_page: OpenPage, lang: str, title: str) -> None:
    app = open_page(PATH, lang, pnet="0.8", min_face="48", stage="4", window="3,9,23", level="3")
    assert app.title[0].value.startswith(title)
    values = app.session_state[STATE]["values"]
    assert (values["pnet"], values["min_face"], values["stage"]) == (0.8, 48, 4)
    assert (values["window"], values["level"]) == ("3,9,23", "3")


def test_hostile_links_fall_back(open_page: OpenPage) -> None:
    app = open_page(
        PATH, pnet="0.1", rnet="nan", onet="<b>", min_face="9999", factor="0.95", stage="8",
        level="-1", window="1,2",
    )  # fmt: skip
    assert app.session_state[STATE]["values"] == {
        "pnet": 0.6,
        "rnet": 0.7,
        "onet": 0.7,
        "min_face": 20,
        "factor": "0.709",
        "stage": 2,
        "level": "",
        "window": "",
    }


def test_try_this_sets_the_stage_and_its_picture(open_page: OpenPage) -> None:
    app = open_page(PATH)
    app.button(key="face_cascade_try_face").click().run()
    assert not app.exception
    assert app.session_state["picture_ref"] == "astronaut"
    assert app.session_state[STATE]["values"]["stage"] == 7
    app.button(key="face_cascade_try_large").click().run()
    assert app.session_state[STATE]["values"]["min_face"] == 120


def test_large_faces_only_still_finds_one_among_far_fewer_windows(
    open_page: OpenPage, ask: Callable
) -> None:
    app = open_page(PATH, pic="chelsea")
    app.button(key="face_cascade_try_large").click().run()
    assert app.session_state["picture_ref"] == "astronaut"
    values = app.session_state["face_cascade_state"]["values"]
    arrays, about = ask("face-cascade", picture="astronaut", **values)
    _, first = ask("face-cascade", picture="astronaut")
    assert len(arrays["face_boxes"]) == 1
    assert about["counts"][0] < first["counts"][0] / 50

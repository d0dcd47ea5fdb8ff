"""Fully convolutional, in both languages, with legal and hostile links."""

import pytest

from tests.pages.conftest import OpenPage

PATH = "detection/fully_convolutional"
STATE, WEIGHTS = "fully_convolutional_state", "fully_convolutional_weights_state"


@pytest.mark.parametrize(("lang", "title"), [("en", "Must every window"), ("ko", "창을 하나하나")])
def test_the_page_opens_with_what_the_link_says(open_page: OpenPage, lang: str, title: str) -> None:
    app = open_page(PATH, lang, stride="2", padding="zeros", cell="3,4", weight="17")
    assert app.title[0].value.startswith(title)
    values = app.session_state[STATE]["values"]
    assert (values["stride"], values["padding"], values["cell"]) == (2, "zeros", "3,4")
    assert app.session_state[WEIGHTS]["values"] == {"weight": "17"}


def test_hostile_links_fall_back(open_page: OpenPage) -> None:
    app = open_page(
        PATH, stride="nan", target="<b>", padding="x", upsample="", opacity="-1", cell="-1,1",
        weight="99999",
    )  # fmt: skip
    assert app.session_state[STATE]["values"] == {
        "stride": 4,
        "target": "square",
        "padding": "none",
        "upsample": "nearest",
        "opacity": 70,
        "cell": "",
    }
    assert app.session_state[WEIGHTS]["values"] == {"weight": ""}


def test_try_this_sets_the_stage(open_page: OpenPage) -> None:
    app = open_page(PATH)
    app.button(key="fully_convolutional_try_transposed").click().run()
    assert not app.exception
    values = app.session_state[STATE]["values"]
    assert (values["stride"], values["upsample"]) == (8, "transposed")

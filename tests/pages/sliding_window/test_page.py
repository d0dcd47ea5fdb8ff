"""Sliding window, in both languages, with legal and hostile links."""

import pytest

from tests.pages.conftest import OpenPage

PATH = "detection/sliding_window"


@pytest.mark.parametrize(("lang", "title"), [("en", "How does a classifier"), ("ko", "분류기는")])
def test_the_page_opens_with_what_the_link_says(open_page: OpenPage, lang: str, title: str) -> None:
    app = open_page(PATH, lang, threshold="80", target="square", cell="3,4")
    assert app.title[0].value.startswith(title)
    values = app.session_state["sliding_window_state"]["values"]
    assert (values["threshold"], values["target"], values["cell"]) == (80, "square", "3,4")


def test_hostile_links_fall_back(open_page: OpenPage) -> None:
    app = open_page(
        PATH, threshold="nan", stride="9", window="5", scales="0", target="<b>", cell="-1,1"
    )
    values = app.session_state["sliding_window_state"]["values"]
    assert (values["threshold"], values["stride"], values["window"]) == (50, 2, 30)
    assert (values["scales"], values["target"], values["cell"]) == (1, "guess", "")


def test_try_this_sets_the_stage(open_page: OpenPage) -> None:
    app = open_page(PATH)
    app.button(key="sliding_window_try_squares").click().run()
    assert not app.exception
    assert app.session_state["sliding_window_state"]["values"]["target"] == "square"

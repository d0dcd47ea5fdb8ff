"""Home: the question, the live stage, and a way to every page, in both languages."""

import pytest
from streamlit.testing.v1 import AppTest

from pages.ui.chapters import CHAPTERS
from tests.pages.conftest import OpenPage


@pytest.mark.parametrize(
    ("lang", "title"), [("en", "What does a network keep"), ("ko", "신경망은 내 사진에서")]
)
def test_home_asks_and_leads_on(open_page: OpenPage, lang: str, title: str) -> None:
    app = open_page("start/home", lang)
    assert app.title[0].value.startswith(title)
    links = [element.proto.page for element in app.get("page_link")]
    stems = [stem for stems in CHAPTERS.values() for stem in stems]
    assert links == [stem.replace("_", "-") for stem in stems]
    assert app.session_state["home_state"]["values"] == {"depth": 4}


def depth_of(app: AppTest) -> object:
    return app.session_state["home_state"]["values"]["depth"]


def test_the_link_sets_the_depth(open_page: OpenPage) -> None:
    assert depth_of(open_page("start/home", depth="7")) == 7


def test_what_the_browser_commits_is_checked_like_a_link(open_page: OpenPage) -> None:
    app = open_page("start/home", depth="7")
    app.session_state["home_stage"] = {"values": {"depth": 99}}
    app.run()
    assert not app.exception
    assert depth_of(app) == 7

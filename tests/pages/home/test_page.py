"""Home: the question, the live stage, and the way to every page, in both languages."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from pages.start.home import path
from pages.ui.chapters import CHAPTERS
from tests.pages.conftest import OpenPage

Described = list[dict[str, Any]]


@pytest.fixture
def described(monkeypatch: pytest.MonkeyPatch) -> Described:
    """What the path's component is given."""
    given: Described = []
    real: Callable[..., Any] = path._path

    def noted(*args: Any, data: dict[str, Any], **rest: Any) -> Any:
        given.append(data)
        return real(*args, data=data, **rest)

    monkeypatch.setattr(path, "_path", noted)
    return given


@pytest.mark.parametrize(
    ("lang", "title"), [("en", "What does a network keep"), ("ko", "신경망은 내 사진에서")]
)
def test_home_asks_and_leads_on(
    open_page: OpenPage, described: Described, lang: str, title: str
) -> None:
    app = open_page("start/home", lang, pic="coffee")
    assert app.title[0].value.startswith(title)
    told = described[-1]
    assert (told["lang"], told["picture"]) == (lang, "coffee")
    order = [page["stem"] for chapter in told["chapters"] for page in chapter["pages"]]
    assert order == [stem for stems in CHAPTERS.values() for stem in stems]
    for chapter in told["chapters"]:
        for page in chapter["pages"]:
            assert page["url"] == page["stem"].replace("_", "-")
            assert page["name"]
            assert page["question"].endswith("?")
    links = [element.proto.page for element in app.get("page_link")]
    assert links == [stem.replace("_", "-") for stem in order], "what a card presses"
    assert app.session_state["home_state"]["values"] == {"depth": 4}


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_it_says_where_a_photo_goes_what_runs_where_and_in_which_order(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch, lang: str
) -> None:
    monkeypatch.setenv("FOVEA_PICTURE_HOURS", "3")
    app = open_page("start/home", lang)
    said = " ".join(part.value for part in app.markdown)
    assert re.search(r"\b3 (hours|시간)|길어야 3시간", said), "the hours are the server's"
    assert re.search(r"\*\*[^*]*(CPU|CUDA|NVIDIA|cpu)[^*]*\*\*", said), "the device is the engine's"
    for words in {"en": ("never written to a disk", "Your own photo", "In your browser"),
                  "ko": ("디스크에는 쓰지 않습니다", "내 사진", "브라우저")}[lang]:  # fmt: skip
        assert words in said
    assert "{" not in said


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

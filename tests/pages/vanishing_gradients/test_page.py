"""Vanishing gradients, in both languages, with legal and hostile links."""

import pytest

from tests.pages.conftest import OpenPage

PATH = "neurons/vanishing_gradients"


@pytest.mark.parametrize(("lang", "title"), [("en", "Why did deep"), ("ko", "깊은 신경망은")])
def test_the_page_asks_and_answers_in_words(open_page: OpenPage, lang: str, title: str) -> None:
    app = open_page(PATH, lang, depth="20")
    assert app.title[0].value.startswith(title)
    assert any("20" in element.value and "0.1" in element.value for element in app.markdown)


def test_hostile_links_fall_back(open_page: OpenPage) -> None:
    app = open_page(PATH, depth="51", activation="<b>", width="-1", skip="maybe", rate="inf")
    values = app.session_state["vanishing_gradients_state"]["values"]
    assert (values["depth"], values["activation"], values["width"]) == (12, "sigmoid", 32)
    assert values["skip"] is False
    assert app.session_state["vanishing_gradients_race_state"]["values"] == {"rate": 0.1}


def test_try_this_sets_the_stage(open_page: OpenPage) -> None:
    app = open_page(PATH)
    app.button(key="vanishing_gradients_try_norm").click().run()
    assert not app.exception
    assert app.session_state["vanishing_gradients_state"]["values"]["norm"] == "batch"

"""Vanishing gradients, in both languages: its words follow the numbers, its presets their names."""

import pytest
from streamlit.testing.v1 import AppTest

from engine.serving.vanishing_gradients.contract import Question
from pages.ui.controls import controls_of, first_state
from tests.pages.conftest import OpenPage

PATH = "neurons/vanishing_gradients"
FIRST = first_state(controls_of(Question))
PRESETS = {
    "vanish": {"depth": 30},
    "revive": {"activation": "relu", "init": "he"},
    "norm": {"norm": "batch"},
    "skip": {"skip": True},
    "explode": {"depth": 30, "activation": "relu", "init": "he", "skip": True},
}


def result(app: AppTest) -> str:
    return next(e.value for e in app.markdown if e.value.startswith("**"))


@pytest.mark.parametrize(("lang", "title"), [("en", "Why did deep"), ("ko", "깊은 신경망은")])
def test_the_page_asks(open_page: OpenPage, lang: str, title: str) -> None:
    assert open_page(PATH, lang).title[0].value.startswith(title)


@pytest.mark.parametrize(
    ("link", "says"),
    [
        ({}, ["vanishes", "1.92 × 10⁻⁹", "right within"]),
        ({"depth": "30"}, ["vanishes", "1.82 × 10⁻²⁵", "right within"]),
        ({"depth": "30", "init": "small"}, ["is gone", "less than 32 bits can hold"]),
        ({"depth": "30", "activation": "relu", "init": "he"}, ["holds", "21700", "0.729"]),
        ({"norm": "batch"}, ["holds", "knows nothing of normalisation"]),
        (
            {"depth": "30", "activation": "relu", "init": "he", "skip": "1"},
            ["explodes", "9 × 10⁶", "4.44 × 10⁶"],
        ),
    ],
)
def test_the_word_follows_the_number(
    open_page: OpenPage, link: dict[str, str], says: list[str]
) -> None:
    said = result(open_page(PATH, **link))
    assert all(words in said for words in says), said


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_changes_what_its_name_says_and_nothing_else(
    open_page: OpenPage, name: str
) -> None:
    app = open_page(PATH, width="64", norm="layer")  # whatever was set before
    app.button(key=f"vanishing_gradients_try_{name}").click().run()
    assert not app.exception
    assert app.session_state["vanishing_gradients_state"]["values"] == FIRST | PRESETS[name]

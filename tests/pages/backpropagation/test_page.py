"""Backpropagation, in both languages: its words follow the numbers, its presets their names."""

import pytest
from streamlit.testing.v1 import AppTest

from engine.serving.backpropagation.contract import Question
from pages.ui.controls import controls_of, first_state
from tests.pages.conftest import OpenPage

PATH = "neurons/backpropagation"
FIRST = first_state(controls_of(Question))
PRESETS = {
    "worked": {"activation", "output", "outputs", "examples", "weights", "batch"},
    "sigmoid": {"activation"},
    "relu": {"activation"},
    "kink": {"activation", "weights"},
    "far": {"rate"},
    "probability": {"loss"},
    "large": {"inputs", "hidden", "outputs"},
}


def result(app: AppTest) -> str:
    return next(e.value for e in app.markdown if e.value.startswith("**"))


@pytest.mark.parametrize(("lang", "title"), [("en", "How does a mistake"), ("ko", "실수는")])
def test_the_page_asks_and_its_first_step_helps(open_page: OpenPage, lang: str, title: str) -> None:
    app = open_page(PATH, lang)
    assert app.title[0].value.startswith(title)
    assert {"en": "lowers the loss", "ko": "손실이 줄어듭니다"}[lang] in result(app)


@pytest.mark.parametrize(
    ("link", "says"),
    [
        ({"rate": "20"}, "raises the loss"),
        ({"activation": "relu", "weights": ",".join(["0"] * 9), "batch": ";".join(["1,1,0"] * 4)},
         "changes nothing"),
    ],
)  # fmt: skip
def test_the_word_follows_the_number(open_page: OpenPage, link: dict[str, str], says: str) -> None:
    assert says in result(open_page(PATH, **link))


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_changes_what_its_name_says_and_nothing_else(
    open_page: OpenPage, name: str
) -> None:
    app = open_page(PATH, hidden="3", example="2")  # whatever was set before
    app.button(key=f"backpropagation_try_{name}").click().run()
    assert not app.exception
    values = app.session_state["backpropagation_state"]["values"]
    assert {key for key in FIRST if values[key] != FIRST[key]} == PRESETS[name]
    assert result(app)

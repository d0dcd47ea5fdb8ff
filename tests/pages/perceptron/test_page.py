"""Perceptron, in both languages: its words follow the steps, its presets their names."""

import pytest
from streamlit.testing.v1 import AppTest

from engine.serving.perceptron.contract import (
    CLOUDS,
    OR,
    RING,
    XOR,
    DigitQuestion,
    HiddenQuestion,
    Question,
)
from pages.ui.controls import controls_of, first_state
from tests.pages.conftest import OpenPage

PATH = "neurons/perceptron"
NARROW = "0.00,0.00,0;0.02,0.00,1;2.00,2.00,1;-2.00,2.00,0"
FIRST = {
    name: first_state(controls_of(contract))
    for name, contract in (("", Question), ("_hidden", HiddenQuestion), ("_digit", DigitQuestion))
}
PRESETS = {
    "and": ("", {}),
    "or": ("", {"points": OR}),
    "xor": ("", {"points": XOR, "step": 399}),
    "clouds": ("", {"points": CLOUDS}),
    "ring": ("", {"points": RING}),
    "one": ("_hidden", {"units": 1}),
    "two": ("_hidden", {}),
    "begin": ("_hidden", {"moment": 0}),
    "round": ("_hidden", {"task": "ring", "units": 3}),
    "flat": ("_hidden", {"activation": "threshold"}),
    "untaught": ("_digit", {"passes": 0}),
    "once": ("_digit", {"passes": 1}),
    "eight": ("_digit", {"digit": "8"}),
    "empty": ("_digit", {"drawing": "0" * 64}),
}


def result(app: AppTest) -> str:
    return next(e.value for e in app.markdown if e.value.startswith("**"))


@pytest.mark.parametrize(("lang", "title"), [("en", "What can one"), ("ko", "노드 하나는")])
def test_the_page_asks(open_page: OpenPage, lang: str, title: str) -> None:
    assert open_page(PATH, lang).title[0].value.startswith(title)


@pytest.mark.parametrize(
    ("link", "says"),
    [
        ({}, ["Learnt", "34 steps", "18 of which"]),
        ({"points": XOR}, ["Never", "after step 4", "after step 0"]),
        ({"points": RING}, ["Never", "400 steps", "still moving"]),
        ({"points": NARROW}, ["Not yet", "narrow"]),
    ],
)
def test_the_word_follows_the_steps(
    open_page: OpenPage, link: dict[str, str], says: list[str]
) -> None:
    said = result(open_page(PATH, **link))
    assert all(words in said for words in says), said


def test_a_preset_changes_what_its_name_says_and_nothing_else(open_page: OpenPage) -> None:
    app = open_page(PATH, rate="3", units="5", digit="7")  # whatever was set before
    for name, (stage, changes) in PRESETS.items():
        app.button(key=f"perceptron{stage}_try_{name}").click().run()
        assert not app.exception
        shown = app.session_state[f"perceptron{stage}_state"]["values"]
        assert shown == FIRST[stage] | changes, name

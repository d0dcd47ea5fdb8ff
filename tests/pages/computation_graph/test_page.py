"""Computation graph, in both languages: its words follow the numbers, its presets their names."""

import pytest
from streamlit.testing.v1 import AppTest

from engine.serving.computation_graph.contract import Question
from pages.ui.controls import controls_of, first_state
from tests.pages.conftest import OpenPage

PATH = "neurons/computation_graph"
FIRST = first_state(controls_of(Question, "x", "y", "program", "block", "expression"))
PRESETS = {
    "twice": {"expression"},
    "branch": {"expression"},
    "other_branch": {"expression", "x"},
    "net": {"program"},
    "block": {"program"},
}


def said(app: AppTest) -> str:
    return " ".join(element.value for element in app.markdown)


@pytest.mark.parametrize(
    ("lang", "title", "says"),
    [
        ("en", "What does PyTorch", ("4 operations and 2 leaves", "7 edges", "8 bytes")),
        ("ko", "PyTorch는 계산에서", ("연산 4개, 리프 2개, 에지 7개", "8바이트")),
    ],
)
def test_the_page_asks_and_its_graph_is_told(
    open_page: OpenPage, lang: str, title: str, says: tuple[str, ...]
) -> None:
    app = open_page(PATH, lang)
    assert app.title[0].value.startswith(title)
    for each in says:
        assert each in said(app)


@pytest.mark.parametrize(
    ("link", "says"),
    [
        ({"expression": "x + y"}, "no value of its own"),
        ({"expression": "x * x if x > y else x + y"}, "has no node in the graph"),
        ({"program": "block"}, "MiB**"),
    ],
)
def test_the_words_follow_the_numbers(open_page: OpenPage, link: dict[str, str], says: str) -> None:
    assert says in said(open_page(PATH, **link))


def test_a_division_by_zero_is_a_sentence(open_page: OpenPage) -> None:
    app = open_page(PATH, y="0")
    shown = " ".join(element.value for element in (*app.error, *app.warning, *app.info))
    assert "divides by zero" in shown + said(app)


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_changes_what_its_name_says_and_nothing_else(
    open_page: OpenPage, name: str
) -> None:
    app = open_page(PATH, y="1.5", node="2")  # whatever was set before
    app.button(key=f"computation_graph_try_{name}").click().run()
    assert not app.exception
    values = app.session_state["computation_graph_state"]["values"]
    assert {key for key in FIRST if values[key] != FIRST[key]} == PRESETS[name]

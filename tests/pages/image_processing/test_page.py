"""Image processing, in both languages: its words follow the numbers, its presets their names."""

import tomllib
from dataclasses import fields

import pytest
from streamlit.testing.v1 import AppTest

from engine.processing import FAMILIES, OPERATIONS, parse_chain
from engine.serving.image_processing.contract import Question
from pages.ui.chapters import PAGES
from pages.ui.controls import controls_of, first_state
from tests.pages.conftest import OpenPage

PATH = "images/image_processing"
FIRST = first_state(controls_of(Question, "divider", "before", "look", "chain", "step"))
PRESETS = {
    "gaussian": ["salt_and_pepper", "gaussian_blur"],
    "gaussian_noise": ["gaussian_noise", "non_local_means"],
    "small": ["resize", "resize"],
    "clahe": ["clahe"],
    "edges": ["gaussian_blur", "canny"],
    "otsu": ["otsu"],
    "perspective": ["perspective"],
}


def said(app: AppTest) -> str:
    return " ".join(element.value for element in app.markdown)


@pytest.mark.parametrize(
    ("lang", "title", "says"),
    [
        ("en", "Which filter", "more than with any other filter here in its place"),
        ("ko", "어떤 필터가", "같은 자리에 놓은 다른 필터보다 높습니다"),
    ],
)
def test_the_first_state_shows_that_the_median_wins(
    open_page: OpenPage, lang: str, title: str, says: str
) -> None:
    app = open_page(PATH, lang)
    assert app.title[0].value.startswith(title)
    assert says in said(app)
    (code,) = app.code
    assert "cv2.medianBlur(picture, 3)" in code.value


@pytest.mark.parametrize(
    ("chain", "says"),
    [
        ("salt_and_pepper,10,1;gaussian_blur,3,0", "in its place **Median** would reach"),
        ("gaussian_noise,2,1;gaussian_blur,31,10", "does not help here"),
        ("median_blur,3", "Two fields"),
    ],
)
def test_the_words_follow_the_numbers(open_page: OpenPage, chain: str, says: str) -> None:
    assert says in said(open_page(PATH, chain=chain))


def test_a_chain_that_is_none_is_a_sentence(open_page: OpenPage) -> None:
    app = open_page(PATH, chain="median_blur,4")
    assert "accepted: 1, 3, … 31" in " ".join(element.value for element in app.error)


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_changes_the_chain_and_nothing_else(open_page: OpenPage, name: str) -> None:
    app = open_page(PATH, look="difference", step="0")
    app.button(key=f"image_processing_try_{name}").click().run()
    assert not app.exception
    values = app.session_state["image_processing_state"]["values"]
    assert {key for key in FIRST if values[key] != FIRST[key]} == {"chain"}
    assert [step.operation.NAME for step in parse_chain(values["chain"])] == PRESETS[name]


def test_every_operation_field_and_value_has_its_words() -> None:
    words = tomllib.loads((PAGES / PATH / "labels.toml").read_text(encoding="utf-8")).keys()
    needed = {f"stage_family_{family}" for family in FAMILIES}
    for name, kind in OPERATIONS.items():
        needed |= {f"stage_op_{name}", f"stage_what_{name}"}
        for field in fields(kind):
            needed.add(f"stage_field_{field.name}")
            bounds = field.metadata["bounds"]
            needed |= {f"stage_value_{each}" for each in getattr(bounds, "names", ())}
    assert needed <= words
    told = [key for key in words if key.startswith(("stage_op_", "stage_field_", "stage_value_"))]
    assert set(told) <= needed  # and none that nothing uses

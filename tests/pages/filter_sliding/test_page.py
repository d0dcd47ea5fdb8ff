"""Filter sliding, in both languages: the layer in words, committed values, links."""

import tomllib
from typing import get_args

import pytest

from engine.convolution.kernels import PRESETS, PRESETS_1D
from engine.convolution.slide import RANGES
from engine.serving.filter_sliding.contract import PRESETS as CHOICES
from engine.serving.filter_sliding.contract import Question
from engine.serving.filter_sliding.setting import SCENES
from pages.ui.chapters import page_folder
from pages.ui.controls import Slider, controls_of
from tests.pages.conftest import OpenPage

PATH = "convolution/filter_sliding"
DEFAULTS = {
    "stride": 1, "kernel_size": 3, "padding": 0, "same": False, "dilation": 1, "transposed": False,
    "preset": "sobel_x", "filters": 1, "scene": "crop32", "colour": False, "weights": "",
    "bias": "0", "spot": "50,50,100", "cell": "9,9", "filter": "0", "channel": "0",
}  # fmt: skip
TITLES = {
    "en": "What does a filter do as it slides over a picture?",
    "ko": "필터는 사진 위를 훑으면서 무엇을 할까요?",
}


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_the_layer_in_words(open_page: OpenPage, lang: str) -> None:
    app = open_page(PATH, lang)
    assert app.title[0].value == TITLES[lang]
    assert any("32 × 32 × 1" in e.value and "**30 × 30 × 1**" in e.value for e in app.markdown)
    assert app.session_state["filter_sliding_state"]["values"] == DEFAULTS
    answer = [e.value for e in app.markdown if "28 × 28 × 6" in e.value]
    assert answer
    assert "456" in answer[0]
    assert "14,455,392" in answer[0]
    assert not app.error


def test_committed_values_change_the_words(open_page: OpenPage) -> None:
    app = open_page(PATH)
    state = app.session_state["filter_sliding_state"]
    state["values"] = DEFAULTS | {"stride": 2, "colour": True, "filters": 6}
    app.session_state["filter_sliding_state"] = state
    app.run()
    assert not app.exception
    assert any("**15 × 15 × 6** with **168** parameters" in e.value for e in app.markdown)


def test_a_link_opens_what_it_says(open_page: OpenPage) -> None:
    weights = "0,0,0,0,-1.5,0,0,0,0"
    app = open_page(PATH, scene="tiny", weights=weights, cell="2,3", spot="10,20,30", bias="-2.5")
    values = app.session_state["filter_sliding_state"]["values"]
    changes = {"scene": "tiny", "weights": weights, "cell": "2,3", "spot": "10,20,30"}
    assert values == DEFAULTS | changes | {"bias": "-2.5"}


def test_values_that_do_not_go_together_get_a_sentence(open_page: OpenPage) -> None:
    app = open_page(PATH, scene="tiny", kernel_size="5", dilation="3")
    assert len(app.error) == 1
    assert "7 × 7" in app.error[0].value


@pytest.mark.parametrize(
    "name",
    ["numbers", "classic", "same", "halves", "dilated", "transposed", "signal", "learnt"],
)
def test_try_this_sets_a_state_that_works(open_page: OpenPage, name: str) -> None:
    app = open_page(PATH)
    app.button(key=f"filter_sliding_try_{name}").click().run()
    assert not app.exception
    assert not app.error
    assert app.session_state["filter_sliding_state"]["values"] != DEFAULTS


def test_the_page_offers_what_the_engine_has() -> None:
    assert sorted(CHOICES) == sorted({*PRESETS, *PRESETS_1D})
    # Filters beyond the first follow in the engine's order, so the list has to show that order.
    assert [name for name in CHOICES if name in PRESETS] == list(PRESETS)
    assert [name for name in CHOICES if name in PRESETS_1D] == list(PRESETS_1D)
    scenes = get_args(Question.model_fields["scene"].annotation)
    assert scenes == tuple(SCENES)
    folder = page_folder("filter_sliding")
    assert folder is not None
    labels = tomllib.loads((folder / "labels.toml").read_text(encoding="utf-8"))
    for name, offered in (("preset", CHOICES), ("scene", scenes)):
        prefix = f"option_{name}_"
        named = {key.removeprefix(prefix) for key in labels if key.startswith(prefix)}
        assert named == set(offered)


@pytest.mark.parametrize("name", ["stride", "kernel_size", "padding", "dilation"])
def test_a_slider_reaches_what_the_engine_slides(name: str) -> None:
    slider = next(each for each in controls_of(Question) if each.name == name)
    assert isinstance(slider, Slider)
    assert range(int(slider.low), int(slider.high) + 1) == RANGES[name]

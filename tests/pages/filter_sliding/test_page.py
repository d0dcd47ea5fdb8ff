"""Filter sliding, in both languages: the layer in words, committed values, hostile links."""

import re
import tomllib
from pathlib import Path

import pytest

from engine.convolution.kernels import PRESETS, PRESETS_1D
from engine.serving.filter_sliding.setting import SCENES
from tests.pages.conftest import OpenPage

ROOT = Path(__file__).resolve().parents[3]
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


def test_hostile_links_fall_back(open_page: OpenPage) -> None:
    app = open_page(
        PATH, stride="99", kernel_size="nan", padding="1e9", same="perhaps", dilation="-1",
        transposed="<b>", preset="rm -rf", filters="0", scene="../../etc", colour="2",
        weights="1;2;3", bias="inf", spot="1,2", cell="a,b", filter="9", channel="-1",
    )  # fmt: skip
    assert app.session_state["filter_sliding_state"]["values"] == DEFAULTS


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
    page = (ROOT / "pages/convolution/filter_sliding/page.py").read_text(encoding="utf-8")
    presets = listed(page, "PRESETS")
    assert sorted(presets) == sorted({*PRESETS, *PRESETS_1D})
    # Filters beyond the first follow in the engine's order, so the list has to show that order.
    assert [name for name in presets if name in PRESETS] == list(PRESETS)
    assert [name for name in presets if name in PRESETS_1D] == list(PRESETS_1D)
    assert listed(page, "SCENES") == list(SCENES)
    labels = tomllib.loads(
        (ROOT / "pages/convolution/filter_sliding/labels.toml").read_text(encoding="utf-8")
    )
    for name in ("preset", "scene"):
        prefix = f"option_{name}_"
        named = {key.removeprefix(prefix) for key in labels if key.startswith(prefix)}
        assert named == set(presets if name == "preset" else SCENES)


def listed(source: str, name: str) -> list[str]:
    """The texts in the page's list of that name."""
    found = re.search(rf"^{name} = \[(.*?)\]", source, re.DOTALL | re.MULTILINE)
    assert found is not None
    return re.findall(r'"(\w+)"', found[1])

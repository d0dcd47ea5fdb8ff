"""Feature maps, in both languages: the layer in words, committed values, links."""

import pytest

from tests.pages.conftest import OpenPage

PATH = "convolution/feature_maps"
DEFAULTS = {
    "layer": 4, "opacity": 80, "scope": "local", "part": 1, "model": "mobilenet_v2", "channel": "",
}  # fmt: skip


@pytest.mark.parametrize(
    ("lang", "title", "says"),
    [
        ("en", "What does each layer see in your picture?", "have become 56 × 56 × 24 = 75,264"),
        ("ko", "각 층은 내 사진에서 무엇을 볼까요?", "56 × 56 × 24 = 75,264개가 됩니다"),
    ],
)
def test_the_layer_stands_in_words(open_page: OpenPage, lang: str, title: str, says: str) -> None:
    app = open_page(PATH, lang)
    assert app.title[0].value == title
    assert any(says in element.value for element in app.markdown)
    assert app.session_state["feature_maps_state"]["values"] == DEFAULTS
    assert app.session_state["feature_maps_surgery_state"]["values"] == {"factor": 0, "operated": 1}
    pooling = app.session_state["feature_maps_pooling_state"]["values"]
    assert pooling == {"shift": 1, "window": 2, "kind": "max"}


@pytest.mark.parametrize(
    ("layer", "en", "ko"),
    [
        ("1", "**Low level:**", "**저수준:**"),
        ("8", "**Middle level:**", "**중간 수준:**"),
        ("19", "**High level:**", "**고수준:**"),
    ],
)
def test_the_level_is_said(open_page: OpenPage, layer: str, en: str, ko: str) -> None:
    for lang, says in (("en", en), ("ko", ko)):
        app = open_page(PATH, lang, layer=layer)
        assert any(says in element.value for element in app.markdown)


def test_a_link_sets_all_three_stages(open_page: OpenPage) -> None:
    query = {"layer": "19", "channel": "mobilenet_v2:19:7", "factor": "-1", "shift": "8"}
    app = open_page(PATH, **query)
    values = app.session_state["feature_maps_state"]["values"]
    assert (values["layer"], values["channel"]) == (19, "mobilenet_v2:19:7")
    assert app.session_state["feature_maps_surgery_state"]["values"]["factor"] == -1
    assert app.session_state["feature_maps_pooling_state"]["values"]["shift"] == 8
    assert any("7 × 7 × 1280" in element.value for element in app.markdown)


def test_try_this_sets_the_stage(open_page: OpenPage) -> None:
    app = open_page(PATH, channel="mobilenet_v2:4:3")
    app.button(key="feature_maps_try_deepest").click().run()
    assert not app.exception
    values = app.session_state["feature_maps_state"]["values"]
    assert (values["layer"], values["channel"]) == (19, "")
    app.button(key="feature_maps_surgery_try_silence_many").click().run()
    assert not app.exception
    surgery = app.session_state["feature_maps_surgery_state"]["values"]
    assert surgery == {"factor": 0, "operated": 16}

"""Flatten, in both languages, its words and its suggestions."""

import pytest

from engine.serving.flatten.compute import layers_with_weights
from tests.pages.conftest import OpenPage

PATH = "convolution/flatten"
FIRST = {"share": 0.2, "laid": 60, "side": 32, "seed": 0, "cell": "15,15"}


@pytest.mark.parametrize(("lang", "title"), [("en", "What is lost"), ("ko", "사진을 평탄화")])
def test_the_page_asks_and_counts(open_page: OpenPage, lang: str, title: str) -> None:
    app = open_page(PATH, lang, side="16")
    assert app.title[0].value.startswith(title)
    for name in ("mlp", "cnn"):
        params = sum(row.params for row in layers_with_weights(name, 16))
        assert any(f"**{params:,}**" in element.value for element in app.markdown)


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_the_first_layer_is_reckoned_out(open_page: OpenPage, lang: str) -> None:
    app = open_page(PATH, lang)
    assert any("3,072 × 64 + 64 = 196,672" in element.value for element in app.markdown)


@pytest.mark.parametrize(
    ("share", "en", "ko"),
    [
        ("0", "All 900 windows", "900개가 모두"),
        ("0.2", "still hold", "개만 원래"),
        ("1", "None of 900", "하나도 없습니다"),
    ],
)
def test_what_is_left_is_said_by_the_number(
    open_page: OpenPage, share: str, en: str, ko: str
) -> None:
    for lang, says in (("en", en), ("ko", ko)):
        app = open_page(PATH, lang, share=share)
        assert any(says in element.value for element in app.markdown)
        assert not any("nothing is left" in element.value for element in app.markdown)


def test_try_this_sets_the_stage(open_page: OpenPage) -> None:
    app = open_page(PATH)
    app.button(key="flatten_try_large").click().run()
    assert not app.exception
    assert app.session_state["flatten_state"]["values"] == FIRST | {"side": 64}

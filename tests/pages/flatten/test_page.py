"""Flatten, in both languages, its words and its suggestions."""

import pytest

from engine.serving.flatten.compute import layers_with_weights
from tests.pages.conftest import OpenPage

PATH = "convolution/flatten"
FIRST = {"share": 0.2, "side": 32, "seed": 0, "cell": "15,15"}


@pytest.mark.parametrize(("lang", "title"), [("en", "What is lost"), ("ko", "사진을 평탄화")])
def test_the_page_asks_and_counts(open_page: OpenPage, lang: str, title: str) -> None:
    app = open_page(PATH, lang, side="16")
    assert app.title[0].value.startswith(title)
    for name in ("mlp", "cnn"):
        params = sum(row.params for row in layers_with_weights(name, 16))
        assert any(f"**{params:,}**" in element.value for element in app.markdown)


def test_try_this_sets_the_stage(open_page: OpenPage) -> None:
    app = open_page(PATH)
    app.button(key="flatten_try_large").click().run()
    assert not app.exception
    assert app.session_state["flatten_state"]["values"] == FIRST | {"side": 64}

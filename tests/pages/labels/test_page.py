"""The Labels page, in both languages."""

import pytest

from tests.pages.conftest import OpenPage

PATH = "training/labels"


@pytest.mark.parametrize(
    ("lang", "title"), [("en", "How does a photo get"), ("ko", "검출기가 배우는")]
)
def test_the_page_asks_in_words(open_page: OpenPage, lang: str, title: str) -> None:
    app = open_page(PATH, lang)
    assert app.title[0].value.startswith(title)


def test_presets_change_what_their_names_say(open_page: OpenPage) -> None:
    app = open_page(PATH, score="0.7", form="voc")
    assert app.session_state["labels_state"]["values"]["form"] == "voc"
    first = {"score": 0.2, "zoom": 1, "form": "coco", "upright": True}
    changes = {"many": {"score": 0.1}, "sure": {"score": 0.5}, "near": {"zoom": 3}}
    for name, changed in changes.items():
        app.button(key=f"labels_try_{name}").click().run()
        assert app.session_state["labels_state"]["values"] == first | changed

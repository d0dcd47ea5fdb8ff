"""The Selective Search page, in both languages, with legal and odd links."""

import pytest

from engine.progress import Progress
from pages.ui.engine import Answer
from tests.pages.conftest import OpenPage

PATH = "detection/selective_search"


@pytest.mark.parametrize(
    ("lang", "title"), [("en", "Which boxes are worth"), ("ko", "무엇이 있는지 아직")]
)
def test_the_page_asks_in_words(open_page: OpenPage, lang: str, title: str) -> None:
    app = open_page(PATH, lang)
    assert not app.exception
    assert app.title[0].value.startswith(title)


def test_presets_change_what_their_names_say(open_page: OpenPage) -> None:
    app = open_page(PATH, left="40", scale="300")
    first = {"left": 15, "shown": "lines", "mode": "one", "space": "hsv", "scale": 100}
    first |= {"colour": 1, "texture": 1, "size": 1, "fill": 1, "node": "", "truth": ""}
    changes = {
        "first": {"left": 1500},
        "boxes": {"left": 1, "shown": "boxes"},
        "colour": {"texture": 0, "size": 0, "fill": 0},
        "size": {"colour": 0, "texture": 0, "fill": 0},
        "sizeless": {"size": 0},
        "grey": {"space": "grey"},
        "fast": {"mode": "fast"},
    }
    for name, changed in changes.items():
        app.button(key=f"selective_search_try_{name}").click().run()
        assert not app.exception
        assert app.session_state["selective_search_state"]["values"] == first | changed
    app.button(key="selective_search_try_cup").click().run()
    assert app.session_state["picture_ref"] == "coffee"


@pytest.mark.parametrize(
    ("found", "wanted"),
    [
        ({"ninety": 41, "window_ninety": 3840, "boxes": 204.4, "found": 0.987}, "within **41 prop"),
        ({"ninety": None, "window_ninety": 3840, "boxes": 20.0, "found": 0.5}, "only **50 %**"),
        ({"ninety": 41, "window_ninety": None, "boxes": 20.0, "found": 0.95}, "No grid that was"),
        ({"ninety": None, "window_ninety": None, "boxes": 20.0, "found": 0.4}, "by no grid"),
    ],
)
def test_the_sentence_follows_the_numbers(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch, found: dict, wanted: str
) -> None:
    from pages.ui import result

    def ask(path: str, *_: object, **__: object) -> Answer | Progress:
        return (
            Answer(found | {"most_windows": 29000})
            if path == "selective-search/recall"
            else Progress(0, 1)
        )

    monkeypatch.setattr(result, "ask", ask)
    app = open_page(PATH)
    assert any(wanted in element.value for element in app.markdown)

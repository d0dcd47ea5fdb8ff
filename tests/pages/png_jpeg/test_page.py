"""The PNG and JPEG page in both languages: sentences by the number, presets, links."""

import pytest

from engine.serving.png_jpeg import curves
from engine.serving.png_jpeg.compute import measured
from tests.pages.conftest import OpenPage

PATH = "images/png_jpeg"


@pytest.fixture(autouse=True)
def few_files(monkeypatch: pytest.MonkeyPatch) -> None:
    """The curves have tests of their own; here they would only take the machine's time."""
    monkeypatch.setattr(curves, "FIRST", (50,))


def words(app) -> str:
    return "\n".join(element.value for element in app.markdown)


@pytest.mark.parametrize(
    ("lang", "title", "seen", "verdict"),
    [
        ("en", "What does a picture lose", "the loss is plain to see", "for **a drawing** only"),
        ("ko", "사진이 파일이 되면", "손실이 한눈에 보입니다", "**단색 그림** 뿐입니다"),
    ],
)
def test_what_was_measured_stands_in_words(
    open_page: OpenPage, lang: str, title: str, seen: str, verdict: str
) -> None:
    app = open_page(PATH, lang)
    assert app.title[0].value.startswith(title)
    said = words(app)
    assert f"{measured('chelsea', 'own', 'jpeg', 10).file_bytes:,}" in said
    assert f"{measured('chelsea', 'noise', 'png', 90).file_bytes:,}" in said
    assert seen in said
    assert verdict in said


@pytest.mark.parametrize(
    ("asked", "seen"),
    [
        ({"form": "png"}, "Every value comes back"),
        ({"quality": "97"}, "hardly anybody sees"),
        ({"quality": "40"}, "seen from near"),
    ],
)
def test_the_sentence_follows_the_error(
    open_page: OpenPage, asked: dict[str, str], seen: str
) -> None:
    assert seen in words(open_page(PATH, "en", **asked))


def test_presets_change_what_their_names_say(open_page: OpenPage) -> None:
    app = open_page(PATH, quality="3", form="avif", chroma="4:2:2")
    first = {"quality": 10, "form": "jpeg", "against": "png", "against_quality": 90}
    first |= {"subject": "own", "lens": "375,345"}
    changes = {"usual": {"quality": 75}, "noise": {"subject": "noise", "quality": 90}}
    changes["webp"] = {"form": "webp", "against": "jpeg", "against_quality": 10}
    changes["letters"] = {"subject": "drawing", "lens": "400,220"}
    for name, changed in changes.items():
        app.button(key=f"png_jpeg_try_{name}").click().run()
        assert not app.exception
        assert app.session_state["png_jpeg_state"]["values"] == first | changed
    block = {"component": "y", "chroma": "4:2:0", "place": "375,345", "wave": "1,0"}
    app.button(key="png_jpeg_block_try_coarse").click().run()
    assert app.session_state["png_jpeg_block_state"]["values"] == block | {"block_quality": 5}
    app.button(key="png_jpeg_block_try_full").click().run()
    changed = {"component": "cb", "chroma": "4:4:4", "block_quality": 30}
    assert app.session_state["png_jpeg_block_state"]["values"] == block | changed
    saved = {"generation": 10, "between": "crop", "again_quality": 75}
    tries = {"tenth_same": {"between": "nothing"}, "tenth_low": {"again_quality": 50}}
    for name, changed in tries.items():
        app.button(key=f"png_jpeg_again_try_{name}").click().run()
        assert app.session_state["png_jpeg_again_state"]["values"] == saved | changed


def test_what_ten_saves_cost_stands_in_words(open_page: OpenPage) -> None:
    assert "Each save rounds anew" in words(open_page(PATH, "en"))
    assert "nothing left to lose" in words(open_page(PATH, "en", between="nothing"))

"""Pixels, in both languages: measured numbers in words, try-this, links."""

import pytest

from engine.pictures import picture_store, sample
from engine.serving.pixels.compute import Setting, weigh
from tests.pages.conftest import OpenPage

PATH = "images/pixels"
DEFAULTS = {
    "zoom": 48,
    "resolution": 512,
    "bits": "24",
    "dither": False,
    "channels": "rgb",
    "at": "0.3674,0.34",
}


def words(app) -> str:
    return "\n".join(element.value for element in app.markdown)


@pytest.mark.parametrize(
    ("lang", "title", "result"),
    [
        ("en", "What is a picture made of?", "**451 × 300 pixels at 24 bit each are 405,900 bytes"),
        ("ko", "사진은 무엇으로", "**451 × 300픽셀에 픽셀당 24비트면 405,900바이트"),
    ],
)
def test_the_measured_sizes_stand_in_words(
    open_page: OpenPage, lang: str, title: str, result: str
) -> None:
    app = open_page(PATH, lang)
    assert app.title[0].value.startswith(title)
    assert app.session_state["pixels_state"]["values"] == DEFAULTS
    told = words(app)
    assert result in told
    weight = weigh(sample("chelsea"), Setting(512, 24, False, "rgb"))
    assert f"{weight.png.file_bytes:,}" in told
    assert f"{weight.jpegs[0].psnr_db:.1f} dB" in told
    black_and_white = weigh(sample("chelsea"), Setting(512, 1, False, "rgb"))
    assert f"{black_and_white.jpegs[0].file_bytes:,}" in told


def test_a_link_sets_the_stage(open_page: OpenPage) -> None:
    asked = {"zoom": "12.5", "resolution": "16", "bits": "1", "dither": "1", "at": "0,1"}
    app = open_page(PATH, pic="coffee", **asked)
    values = app.session_state["pixels_state"]["values"]
    assert values == DEFAULTS | asked | {"zoom": 12.5, "resolution": 16, "dither": True}
    assert "**16 × 11 pixels at 1 bit each are 22 bytes.**" in words(app)


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("whole", {}),
        ("sixteen", {"resolution": 16}),
        ("dithered", {"bits": "1", "dither": True}),
        ("blue", {"channels": "b"}),
    ],
)
def test_try_this_sets_the_stage(open_page: OpenPage, name: str, changes: dict) -> None:
    app = open_page(PATH, channels="r", bits="8", zoom="3")
    app.button(key=f"pixels_try_{name}").click().run()
    assert not app.exception
    values = app.session_state["pixels_state"]["values"]
    assert values == DEFAULTS | {"zoom": 1} | changes


def test_a_picture_of_one_pixel(open_page: OpenPage) -> None:
    token = picture_store().put(sample("chelsea").pixels[:1, :1])
    app = open_page(PATH, pic=token)
    assert "**1 × 1 pixels at 24 bit each are 3 bytes.**" in words(app)
    picture_store().forget(token)

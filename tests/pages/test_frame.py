"""The frame of every page: the learner's picture, language and link, whatever is thrown at them."""

import io

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from engine.errors import InputError
from engine.pictures import ACCEPTED_FORMATS, picture_store, resolve
from tests.pages.conftest import OpenPage

PATH = "images/pixels"
HTML = b"<!doctype html><title>Not a picture</title>" * 20


def encoded(form: str, size: tuple[int, int] = (40, 30), **options: object) -> bytes:
    data = io.BytesIO()
    Image.new("RGB", size, (200, 30, 90)).save(data, form, **options)
    return data.getvalue()


def turned_jpeg() -> bytes:
    exif = Image.Exif()
    exif[0x0112] = 6  # held upright: the stored rows are the picture's columns
    return encoded("JPEG", exif=exif)


def uploaded(app: AppTest, name: str, data: bytes) -> AppTest:
    taken = app.session_state["picture_round"]
    app.file_uploader(key=f"picture_upload_{taken}").upload(name, data, "image/png").run()
    assert not app.exception
    return app


def link(app: AppTest) -> dict[str, str | None]:
    """What this run had written into the address bar."""
    return app.session_state["link_values"]


def result(app: AppTest) -> str:
    return next(e.value for e in app.markdown if e.value.startswith("**"))


def test_an_uploaded_picture_is_shown_and_stands_in_the_link(open_page: OpenPage) -> None:
    app = uploaded(open_page(PATH), "photo.png", encoded("PNG"))
    token = link(app)["pic"]
    assert token is not None
    np.testing.assert_array_equal(resolve(token).pixels, np.full((30, 40, 3), (200, 30, 90)))
    assert result(app).startswith("**40 × 30 pixels")
    assert result(open_page(PATH, pic=token)).startswith("**40 × 30 pixels")  # another visitor
    assert not app.error


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (encoded("PNG"), []),
        (turned_jpeg(), ["turned upright"]),
        (encoded("PNG", size=(4000, 1)), ["Scaled down from 4000 × 1"]),
        (encoded("GIF", save_all=True, append_images=[Image.new("RGB", (40, 30))]), ["animation"]),
    ],
    ids=["plain", "turned", "large", "animated"],
)
def test_what_was_done_on_the_way_in_is_told(
    open_page: OpenPage, data: bytes, says: list[str]
) -> None:
    app = uploaded(open_page(PATH), "any", data)
    told = " ".join(element.value for element in app.info)
    assert all(words in told for words in says)
    assert bool(told) == bool(says)


@pytest.mark.parametrize("lang", ["en", "ko"])
@pytest.mark.parametrize(
    ("name", "data", "key"),
    [
        ("page.png", HTML, "picture_not_recognised"),
        ("cut.jpg", encoded("JPEG", size=(400, 300))[:900], "picture_damaged"),
        ("drawing.svg", b'<svg xmlns="http://www.w3.org/2000/svg"/>', "picture_svg"),
        ("nothing.png", b"", "picture_empty"),
    ],
)
def test_a_broken_file_gets_a_sentence_and_changes_nothing(
    open_page: OpenPage, lang: str, name: str, data: bytes, key: str
) -> None:
    app = uploaded(open_page(PATH, lang, pic="coffee", zoom="3"), name, data)
    formats = ", ".join(ACCEPTED_FORMATS)
    sentence = InputError(key, formats=formats, format="JPEG").sentence(lang)
    assert [element.value for element in app.error] == [sentence]
    assert link(app)["pic"] == "coffee"
    assert app.session_state["pixels_state"]["values"]["zoom"] == 3
    assert result(app).startswith("**512 × 341")
    uploaded(app, "photo.png", encoded("PNG"))  # the next file is taken as if nothing had been
    assert result(app).startswith("**40 × 30")
    assert not app.error


@pytest.mark.parametrize("token", ["AAAAAAAAAAAAAAAAAAAAAA", "../../etc/passwd", "x" * 5000, "<b>"])
def test_an_unknown_picture_opens_with_a_sample_and_a_word(open_page: OpenPage, token: str) -> None:
    app = open_page("start/home", pic=token)
    assert ["no longer kept" in element.value for element in app.info] == [True]
    assert link(app)["pic"] is None
    app.run()
    assert not app.info  # said once


def test_a_picture_can_be_forgotten(open_page: OpenPage) -> None:
    app = uploaded(open_page(PATH), "photo.png", encoded("PNG"))
    token = link(app)["pic"]
    assert token is not None
    app.button(key="picture_forget").click().run()
    assert not app.exception
    assert link(app)["pic"] is None
    assert result(app).startswith("**451 × 300")
    with pytest.raises(InputError, match="no such picture"):
        picture_store().get(token)
    assert [b.key for b in app.button if b.key == "picture_forget"] == []


def test_a_picture_that_is_gone_meanwhile_gives_way_to_a_sample(open_page: OpenPage) -> None:
    app = uploaded(open_page(PATH), "photo.png", encoded("PNG"))
    picture_store().forget(str(link(app)["pic"]))
    app.run()
    assert not app.exception
    assert "no longer kept" in app.info[0].value
    assert result(app).startswith("**451 × 300")


def test_the_language_switch_keeps_page_picture_and_values(open_page: OpenPage) -> None:
    app = open_page(PATH, "en", pic="coffee", zoom="3", bits="8")
    app.button_group(key="frame_language").set_value("ko").run()
    assert not app.exception
    assert app.title[0].value.startswith("사진은")
    assert link(app)["lang"] == "ko"
    assert (link(app)["pic"], link(app)["zoom"], link(app)["bits"]) == ("coffee", "3", "8")
    assert link(app)["resolution"] is None  # as it was: not in the link


def test_the_picture_goes_from_page_to_page(open_page: OpenPage) -> None:
    app = open_page("start/home", "ko", pic="flower")
    app.switch_page(f"{PATH}/page.py").run()
    assert link(app)["pic"] == "flower"
    assert link(app)["lang"] == "ko"
    assert result(app).startswith("**512 × 342")


@pytest.mark.parametrize("lang", ["fr", "", "<script>alert(1)</script>", "x" * 9000, "en\x00"])
def test_a_language_that_is_none_falls_back(open_page: OpenPage, lang: str) -> None:
    app = open_page(PATH, lang)
    assert link(app)["lang"] == "en"
    assert app.title[0].value == "What is a picture made of?"


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "{data}{0}{}",
        "x" * 20_000,
        "1;drop table",
        "\x00\N{GRINNING FACE}",
        "-9e999",
        "[object Object]",
    ],
)
def test_no_value_of_a_link_breaks_a_page(open_page: OpenPage, hostile: str) -> None:
    names = ("pic", "lang", "zoom", "resolution", "bits", "dither", "channels", "at", "unheard_of")
    app = open_page(PATH, hostile, **{name: hostile for name in names if name != "lang"})
    told = [*app.markdown, *app.info, *app.title, *app.caption]
    assert not [element for element in told if hostile in element.value]
    assert result(app).startswith("**451 × 300")


def test_samples_are_offered_by_name(open_page: OpenPage) -> None:
    app = open_page(PATH, pic="camera")
    assert link(app)["pic"] == "camera"
    assert result(app).startswith("**512 × 512")


def test_a_page_opens_with_a_sample_that_suits_it_until_one_is_chosen(open_page: OpenPage) -> None:
    app = open_page("detection/face_cascade")
    assert app.session_state["picture_ref"] is None
    assert link(app)["pic"] is None
    # only what differs from the page's own sample stands in the link
    assert link(open_page("detection/face_cascade", pic="astronaut"))["pic"] is None
    assert link(open_page("detection/face_cascade", pic="chelsea"))["pic"] == "chelsea"
    assert link(open_page(PATH, pic="astronaut"))["pic"] == "astronaut"

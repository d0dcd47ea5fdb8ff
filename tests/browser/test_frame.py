"""The frame of every page in a real browser: own pictures, links, languages, themes, history."""

import io
import re
from collections.abc import Iterator

import pytest
from PIL import Image
from playwright.sync_api import Browser, FilePayload, Page, expect

from engine.errors import InputError
from engine.pictures import ACCEPTED_FORMATS
from tests.browser.fixtures import first_visit
from tests.browser.stage_driver import (
    CANVAS,
    drag,
    hash_at_rest,
    open_stage,
    painted,
    pixels_hash,
    release,
    wait_painted,
)

HTML = b"<!doctype html><title>Not a picture</title>" * 20
BACKGROUNDS = {"light": "rgb(255, 255, 255)", "dark": "rgb(16, 20, 24)"}


def photo(form: str = "PNG", size: tuple[int, int] = (40, 30)) -> bytes:
    data = io.BytesIO()
    Image.new("RGB", size, (200, 30, 90)).save(data, form)
    return data.getvalue()


def choose_file(page: Page, name: str, data: bytes) -> None:
    """Behind "Your own picture", whether that is open already or not."""
    field = page.locator("input[type=file]")
    if not field.count():
        page.get_by_test_id("stPopoverButton").click()
    expect(field).to_have_count(1)
    field.set_input_files(FilePayload(name=name, mimeType="image/png", buffer=data))


def reckoning(page: Page, text: str) -> None:
    """The picture on the stage has this size (and so is this picture)."""
    expect(page.locator(".readout .reckoning")).to_contain_text(text)


def test_an_own_picture_is_shown_linked_and_survives_a_reload(page: Page, app_url: str) -> None:
    open_stage(page, f"{app_url}/pixels?lang=en")
    before = hash_at_rest(page)
    choose_file(page, "photo.png", photo())
    page.wait_for_url(re.compile(r"pic=[\w-]{22}\b"))
    reckoning(page, "40 pixels × 24 bit = 120 bytes a row; × 30 rows = 3,600 bytes")
    assert pixels_hash(page) != before
    mine = page.locator("[data-testid^='picture-'][aria-pressed='true']")
    expect(mine).to_have_attribute("title", "your picture")
    page.reload()
    page.wait_for_selector(f"{CANVAS}[data-painted]")
    reckoning(page, "3,600 bytes")


def test_the_uploaded_file_itself_is_not_kept_and_may_come_again(page: Page, app_url: str) -> None:
    open_stage(page, f"{app_url}/pixels?lang=en")
    tokens = []
    for _ in range(2):
        choose_file(page, "photo.png", photo())
        seen = re.escape(tokens[-1]) if tokens else "none"
        page.wait_for_url(re.compile(rf"pic=(?!{seen})[\w-]{{22}}\b"))
        tokens += re.findall(r"pic=([\w-]{22})", page.url)
        expect(page.get_by_text("photo.png")).to_have_count(0)
    metrics = page.request.get(f"{app_url}/_stcore/metrics").text()
    assert "cache_memory_bytes" in metrics
    assert "UploadedFileManager" not in metrics  # listed where it holds anything


@pytest.mark.parametrize(
    ("lang", "name", "data", "key"),
    [
        ("en", "page.png", HTML, "picture_not_recognised"),
        ("ko", "cut.jpg", photo("JPEG", (400, 300))[:900], "picture_damaged"),
    ],
)
def test_a_broken_file_gets_a_sentence_and_the_old_picture_stays(
    page: Page, app_url: str, lang: str, name: str, data: bytes, key: str
) -> None:
    open_stage(page, f"{app_url}/pixels?lang={lang}&pic=coffee&zoom=3")
    before = pixels_hash(page)
    choose_file(page, name, data)
    formats = ", ".join(ACCEPTED_FORMATS)
    sentence = InputError(key, formats=formats, format="JPEG").sentence(lang)
    expect(page.get_by_test_id("stAlert")).to_have_text(sentence)
    assert "pic=coffee" in page.url
    wait_painted(page, zoom=3)
    assert hash_at_rest(page) == before
    expect(page.get_by_test_id("picture-coffee")).to_have_attribute("aria-pressed", "true")
    drag(page, "zoom", 6)  # and the page is up
    wait_painted(page, zoom=6)


def test_an_unknown_picture_opens_with_a_sample_and_a_word(page: Page, app_url: str) -> None:
    open_stage(page, f"{app_url}/pixels?lang=en&pic=AAAAAAAAAAAAAAAAAAAAAA")
    expect(page.get_by_test_id("stAlert")).to_contain_text("no longer kept")
    page.wait_for_url(lambda url: "pic=" not in url)
    reckoning(page, "405,900 bytes")


def test_the_language_switch_keeps_page_picture_and_values(page: Page, app_url: str) -> None:
    values = open_stage(page, f"{app_url}/pixels?lang=en&pic=coffee&zoom=3&resolution=64&bits=8")
    page.get_by_text("한국어").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("사진은")
    expect(page.locator(".control", has_text="비트 깊이")).to_be_visible()
    page.wait_for_url("**lang=ko*")
    expect(page).to_have_title("픽셀 · Fovea")
    assert painted(page) == values
    reckoning(page, "64픽셀 × 8비트 = 한 행 64바이트")
    assert page.evaluate("document.documentElement.lang") == "ko"
    for part in ("/pixels?", "pic=coffee", "zoom=3", "resolution=64", "bits=8"):
        assert part in page.url


def test_a_copied_link_reproduces_the_screen(page: Page, app_url: str, browser: Browser) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    open_stage(page, f"{app_url}/pixels?lang=en&pic=flower")
    page.get_by_test_id("stage-bits").select_option("1")
    page.get_by_test_id("stage-dither").check()
    drag(page, "zoom", 5)
    release(page, "zoom")
    page.wait_for_url("**zoom=5*")
    button = page.get_by_test_id("copy-link")
    button.click()
    expect(button).to_have_text("Copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.url
    expect(button).to_have_text("Copy link")
    page.mouse.move(0, 0)
    other = first_visit(browser)
    try:
        assert open_stage(other, copied) == painted(page)
        assert pixels_hash(other) == pixels_hash(page)
    finally:
        other.context.close()


def test_back_leads_to_the_page_before(page: Page, app_url: str) -> None:
    open_stage(page, f"{app_url}/?lang=en&pic=coffee")
    page.goto(f"{app_url}/pixels?lang=en&pic=coffee")
    page.wait_for_selector(f"{CANVAS}[data-painted]")
    entries = page.evaluate("history.length")
    for zoom in (2, 4, 8):
        drag(page, "zoom", zoom)
        release(page, "zoom")
        page.wait_for_url(f"**zoom={zoom}*")
    assert page.evaluate("history.length") == entries
    page.go_back()
    page.wait_for_url(f"{app_url}/?*")
    expect(page.get_by_test_id("stage-depth")).to_be_visible()


@pytest.mark.parametrize(
    "query",
    [
        "zoom=<script>document.title='hit'</script>&bits=<img src=x onerror=document.title='hit'>",
        "lang=%00&pic=%ff%fe&zoom=NaN&resolution=1e309&dither=2&channels=&at=,",
        "zoom=" + "9" * 4000 + "&at=" + "0.5" * 1000 + "&pic=" + "A" * 2000,
        "zoom=2&zoom=3&lang=en&lang=ko&bits[]=1&__proto__=1&constructor=2",
    ],
)
def test_hostile_links_open_as_pages(page: Page, app_url: str, query: str) -> None:
    values = open_stage(page, f"{app_url}/pixels?{query}")
    assert values["resolution"] == 512
    assert values["bits"] == "24"
    assert page.title() in ("Pixels · Fovea", "픽셀 · Fovea")  # no script of the link has run
    expect(page.get_by_test_id("stException")).to_have_count(0)


@pytest.fixture(params=["light", "dark"])
def themed(request: pytest.FixtureRequest, browser: Browser) -> Iterator[tuple[str, Page]]:
    page = first_visit(browser, color_scheme=request.param)
    yield request.param, page
    page.context.close()


def test_both_themes_are_drawn(themed: tuple[str, Page], app_url: str) -> None:
    theme, page = themed
    open_stage(page, f"{app_url}/pixels?lang=en&zoom=1")
    background = "element => getComputedStyle(element).backgroundColor"
    assert page.get_by_test_id("stApp").evaluate(background) == BACKGROUNDS[theme]
    assert page.get_by_test_id("stage-bits").evaluate(background) == BACKGROUNDS[theme]
    text = page.locator(".readout").evaluate("element => getComputedStyle(element).color")
    brightness = sum(map(int, re.findall(r"\d+", text)[:3])) / 3
    assert (brightness > 180) if theme == "dark" else (brightness < 80)


def test_the_code_that_ran_is_written_down_when_asked_for(page: Page, app_url: str) -> None:
    open_stage(page, f"{app_url}/pixels?lang=en")
    expect(page.get_by_test_id("code")).to_have_count(0)
    page.locator(".st-key-show_code summary").click()
    expect(page.get_by_test_id("code").first).to_contain_text("def resize_longest(")
    expect(page.locator(".st-key-show_code figcaption").first).to_have_text(
        re.compile(r"^engine/pictures/raster\.py:\d+$")
    )
    page.locator(".st-key-show_code summary").click()
    expect(page.get_by_test_id("code").first).to_be_hidden()

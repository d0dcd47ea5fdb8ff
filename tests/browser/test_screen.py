"""The screen is without torch, and its pages load nothing that its policy does not name.

Every test that drives a browser has a screen whose process cannot import torch, torchvision,
OpenCV, Captum or pandas. Every page is opened here in Korean, in English by
:mod:`tests.browser.test_layout`.
"""

import io
import re
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from engine.wire.visitors import COOKIE
from pages.ui.chapters import CHAPTERS, url_path
from tests.browser.stage_driver import RUN_ENDED, note_violations, open_stage

STEMS = ("home", *(stem for stems in CHAPTERS.values() for stem in stems))


@pytest.fixture
def tab(page: Page) -> tuple[Page, list[str]]:
    """A page, and what the browser refused it."""
    return page, note_violations(page)


def test_every_page_opens_in_korean_without_torch_and_within_its_policy(
    app_url: str, refusals: Path, tab: tuple[Page, list[str]]
) -> None:
    page, violations = tab
    for stem in STEMS:
        page.goto(f"{app_url}/{url_path(stem)}?lang=ko")
        expect(page.locator("h1")).to_be_visible()
        page.wait_for_selector(RUN_ENDED)
        assert page.get_by_test_id("stException").count() == 0, stem
        assert not violations, (stem, violations)
        assert not refusals.exists(), (stem, refusals.read_text())
    page.wait_for_function("() => document.documentElement.lang === 'ko'")


def test_a_chart_is_drawn_within_the_policy(app_url: str, tab: tuple[Page, list[str]]) -> None:
    page, violations = tab
    page.goto(f"{app_url}/classify?lang=en")
    expect(page.locator(".plot.js-plotly-plot").first).to_be_visible()
    assert not violations


def test_a_photo_is_taken_without_decoding_it_here(
    app_url: str, refusals: Path, tab: tuple[Page, list[str]]
) -> None:
    page, violations = tab
    data = io.BytesIO()
    Image.new("RGB", (40, 30), (200, 30, 90)).save(data, "PNG")
    open_stage(page, f"{app_url}/pixels?lang=en")
    page.get_by_test_id("stPopoverButton").click()
    page.locator("input[type=file]").set_input_files(
        {"name": "photo.png", "mimeType": "image/png", "buffer": data.getvalue()}
    )
    page.wait_for_url(re.compile(r"pic=[\w-]{22}\b"))
    expect(page.locator(".readout .reckoning")).to_contain_text("3,600 bytes")
    assert not violations
    assert not refusals.exists()


def test_answers_say_what_a_browser_may_do_with_them(app_url: str, page: Page) -> None:
    opened = page.goto(f"{app_url}/?lang=en")
    assert opened is not None
    told = opened.headers
    assert told["x-content-type-options"] == "nosniff"
    assert told["referrer-policy"] == "same-origin"
    assert "default-src 'none'" in told["content-security-policy"]
    picture = page.request.get(f"{app_url}/api/v1/pictures/chelsea?max_side_px=32")
    assert picture.headers["content-security-policy"] == "default-src 'none'"
    assert picture.headers["x-content-type-options"] == "nosniff"
    script = page.request.get(f"{app_url}/_stcore/health")
    assert script.headers["x-content-type-options"] == "nosniff"


def test_a_visitor_is_known_by_a_cookie_that_scripts_cannot_read(
    app_url: str, page: Page, browser: Browser
) -> None:
    page.goto(f"{app_url}/?lang=en")
    (cookie,) = [each for each in page.context.cookies() if each.get("name") == COOKIE]
    assert cookie.get("httpOnly")
    assert cookie.get("sameSite") == "Lax"
    assert COOKIE not in page.evaluate("document.cookie")
    page.reload()
    (again,) = [each for each in page.context.cookies() if each.get("name") == COOKIE]
    assert again.get("value") == cookie.get("value")
    other = browser.new_context()
    other.new_page().goto(f"{app_url}/?lang=en")
    (another,) = [each for each in other.cookies() if each.get("name") == COOKIE]
    other.close()
    assert another.get("value") != cookie.get("value")

"""Home in a real browser: drag the depth, read the shape of the maps, follow the path."""

import re

from playwright.sync_api import Page, expect

from pages.ui.chapters import CHAPTERS
from tests.browser.stage_driver import (
    drag,
    open_stage,
    painted,
    pixels_hash,
    release,
    scroll_to,
    wait_painted,
)

STEMS = [stem for stems in CHAPTERS.values() for stem in stems]


def test_dragging_repaints_and_releasing_writes_the_link(page: Page, app_url: str) -> None:
    assert open_stage(page, f"{app_url}/?lang=en") == {"depth": 4}
    before = pixels_hash(page)
    drag(page, "depth", 15)
    wait_painted(page, depth=15)
    assert pixels_hash(page) != before
    canvas = page.get_by_test_id("stage-canvas")
    assert "7 × 7" in (canvas.get_attribute("aria-label") or "")
    assert "depth" not in page.url
    release(page, "depth")
    page.wait_for_url("**depth=15**")


def test_a_link_reproduces_what_was_on_screen(page: Page, app_url: str) -> None:
    assert open_stage(page, f"{app_url}/?lang=ko&pic=coffee&depth=9") == {"depth": 9}
    expect(page.locator("h1")).to_contain_text("신경망은")
    expect(page.get_by_text("espresso")).to_be_visible()
    page.get_by_test_id("stage-reset").click()
    wait_painted(page, depth=4)
    assert painted(page) == {"depth": 4}


def test_the_path_shows_the_learners_picture_and_leads_to_its_pages(
    page: Page, app_url: str
) -> None:
    page.goto(f"{app_url}/?lang=en")
    cards = page.locator("[data-testid^=card-]")
    expect(cards).to_have_count(len(STEMS))
    first = page.get_by_test_id("card-pixels")
    assert first.bounding_box() is not None
    box = first.locator("canvas").bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= 800, "the path begins on the first screen"
    shown = page.get_by_test_id("thumbnail-pixels")
    expect(shown).to_have_attribute("data-painted", '{"picture":"chelsea"}')
    before = shown.evaluate("canvas => canvas.toDataURL()")
    page.get_by_test_id("picture-coffee").click()
    expect(shown).to_have_attribute("data-painted", '{"picture":"coffee"}')
    assert shown.evaluate("canvas => canvas.toDataURL()") != before
    last = page.get_by_test_id(f"thumbnail-{STEMS[-1]}")
    assert last.get_attribute("data-painted") is None, "what nobody sees is not asked for"
    scroll_to(last)
    expect(last).to_have_attribute("data-painted", '{"picture":"coffee"}')
    expect(last).to_have_attribute("aria-label", re.compile("Your picture, and the [0-9]+ % of it"))
    page.get_by_test_id("card-nms").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/nms?**pic=coffee**")  # in this session: the picture came along
    expect(page.locator("h1")).to_contain_text("dozens of boxes")

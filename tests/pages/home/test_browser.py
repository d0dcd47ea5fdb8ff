"""Home in a real browser: drag the depth, read the shape of the maps, follow the path."""

from playwright.sync_api import Page, expect

from tests.browser.stage_driver import (
    drag,
    open_stage,
    painted,
    pixels_hash,
    release,
    wait_painted,
)


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

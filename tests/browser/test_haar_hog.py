"""Haar and HOG in a real browser: drag the stage, open a window, walk over its features."""

from playwright.sync_api import Page, expect

from tests.browser.stage_driver import (
    CANVAS,
    drag,
    open_stage,
    painted,
    pixels_hash,
    release,
    wait_painted,
)

URL = "haar-hog?lang=en&pic=astronaut&factor=1.4"


def row(page: Page, name: str) -> float:
    return float(page.get_by_test_id(f"row-{name}").first.inner_text().replace(",", ""))


def test_dragging_the_stage_leaves_fewer_windows(page: Page, app_url: str) -> None:
    open_stage(page, f"{app_url}/{URL}&stage=1")
    expect(page.get_by_test_id("verdict")).to_contain_text("passed all 25 stages")
    many, before = row(page, "left"), pixels_hash(page)
    drag(page, "stage", 25)
    wait_painted(page, stage=25)
    assert 0 < row(page, "left") < 100 < many
    assert pixels_hash(page) != before
    assert page.get_by_test_id("row-opencv").inner_text().endswith("=")
    release(page, "stage")
    page.wait_for_url("**stage=25**")


def test_a_click_opens_a_window_and_buttons_walk_over_its_features(
    page: Page, app_url: str
) -> None:
    open_stage(page, f"{app_url}/{URL}&stage=25")
    verdict = page.get_by_test_id("verdict")
    expect(verdict).to_contain_text("passed all")
    page.locator(CANVAS).first.click(position={"x": 40, "y": 330})
    expect(verdict).to_contain_text("stopped at stage")
    counter = page.get_by_test_id("feature")
    expect(counter).to_contain_text("feature 1 /")
    before = row(page, "value"), pixels_hash(page)
    page.get_by_test_id("stage-next").click()
    expect(counter).to_contain_text("feature 2 /")
    assert (row(page, "value"), pixels_hash(page)) != before
    page.locator(CANVAS).first.press("ArrowRight")
    wait_painted(page, tree="1")
    x = int(painted(page)["spot"].split(",")[0])
    page.locator(CANVAS).first.press("ArrowRight")
    page.wait_for_url(f"**spot={x + 4}%2C**")

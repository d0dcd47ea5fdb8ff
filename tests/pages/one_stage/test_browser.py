"""The One stage page in a real browser: shrink the picture, open a cell, draw a box."""

import re

from playwright.sync_api import Page, expect

from tests.browser.stage_driver import (
    CANVAS,
    chart,
    chart_series,
    drag,
    open_stage,
    pixels_hash,
    release,
    scroll_to,
    wait_chart,
    wait_length,
    wait_painted,
)

URL = "one-stage?lang=en"


def counts(page: Page) -> list[list[int]]:
    """Rows of the table: cells of each grid and of all."""
    rows = page.get_by_test_id("counts").locator("tbody tr")
    return [
        [int(text) for text in rows.nth(k).locator("td.number").all_inner_texts()]
        for k in range(rows.count())
    ]


def test_a_smaller_picture_is_had_by_another_grid(page: Page, app_url: str) -> None:
    open_stage(page, f"{app_url}/{URL}&zoom=100")
    wait_painted(page, zoom=100)  # the page's other stages may be there before
    picture = page.locator(CANVAS).first
    expect(picture).to_have_attribute("aria-label", re.compile("13 × 13"))
    before = pixels_hash(page)
    drag(page, "zoom", 12)
    wait_painted(page, zoom=12)
    expect(picture).to_have_attribute("aria-label", re.compile("52 × 52"))
    assert pixels_hash(page) != before
    release(page, "zoom")
    page.wait_for_url("**zoom=12**")
    assert counts(page)[0] == [2704, 676, 169, 3549]
    some = counts(page)[2][-1]
    page.get_by_role("button", name="believe every cell").click()
    wait_painted(page, score=0.05, zoom=40)
    assert counts(page)[2][-1] > some
    wait_chart(page, "zooms", zoom=40)
    wait_length(page, "zooms", 13)  # all sizes are being looked at
    assert len(chart_series(page, "zooms")) == 3
    # a cell is opened with the keys, its sides as distributions
    picture.focus()
    title = page.get_by_test_id("cell").locator("h4")
    opened = title.inner_text()
    page.keyboard.press("ArrowDown")
    page.wait_for_url("**cell=**")
    expect(title).not_to_have_text(opened)
    left = next(iter(chart_series(page, "side-left").values()))
    assert len(left["y"]) == 11
    assert abs(sum(left["y"]) - 1) < 1e-3
    page.keyboard.press("Escape")
    expect(title).to_have_text(opened)


def test_a_box_is_given_its_anchor(page: Page, app_url: str) -> None:
    open_stage(page, f"{app_url}/{URL}")
    best = page.get_by_test_id("best-anchor")
    scroll_to(best)
    expect(best).to_contain_text("positive")
    page.get_by_role("button", name="a tiny box").click()
    expect(best).to_contain_text("would be negative")
    expect(page.get_by_test_id("shapes")).to_contain_text("positive, as the best")
    canvas = page.locator(CANVAS).nth(1)
    canvas.focus()
    before = best.inner_text()
    for _ in range(8):
        page.keyboard.press("Shift+ArrowRight")
        page.keyboard.press("Shift+ArrowDown")
    expect(best).not_to_have_text(before)
    scroll_to(chart(page, "levels"))
    assert len(chart_series(page, "levels")) >= 5


def test_gamma_moves_the_loss_and_a_race_is_offered(page: Page, app_url: str) -> None:
    open_stage(page, f"{app_url}/{URL}")
    table = page.get_by_test_id("focal-table")
    scroll_to(table)
    easy = table.locator("tbody tr").first.locator("td.number")
    expect(easy.nth(1)).not_to_have_text(easy.nth(0).inner_text())
    assert len(chart_series(page, "shares")) == 3
    drag(page, "gamma", 0)
    wait_chart(page, "shares", gamma=0)
    expect(easy.nth(1)).to_have_text(easy.nth(0).inner_text())
    bars = chart_series(page, "shares")
    assert len(bars) == 2  # γ = 0 once
    assert all(abs(sum(series["y"]) - 100) < 0.1 for series in bars.values())
    release(page, "gamma")
    page.wait_for_url("**gamma=0**")
    train = page.get_by_test_id("stage-train")
    scroll_to(train)
    expect(train).to_be_visible()
    expect(page.get_by_test_id("run-γ = 0")).to_contain_text("not trained yet")

"""Inception module in a real browser: fewer channels, another pixel, a broader bottleneck."""

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
    wait_chart,
    wait_painted,
)


def test_channels_go_a_pixel_is_summed_and_widths_are_compared(page: Page, app_url: str) -> None:
    open_stage(page, f"{app_url}/inception?lang=en")
    picture = page.locator(CANVAS).first
    expect(picture).to_have_attribute("aria-label", re.compile("40 channels out of four branches"))
    saved, before = page.get_by_test_id("saved"), pixels_hash(page)
    expect(saved).to_contain_text("×5.36")
    drag(page, "share", 25)
    wait_painted(page, share=25)
    assert pixels_hash(page) != before
    expect(page.get_by_test_id("changed")).to_contain_text("With 25 % of the bottleneck channels")
    release(page, "share")
    page.wait_for_url("**share=25**")
    chart(page, "products").scroll_into_view_if_needed()
    wait_chart(page, "products", pixel="")
    products = chart_series(page, "products")["product"]["y"]
    assert len(products) == 24
    maps = page.locator(CANVAS).nth(1)
    maps.focus()
    page.keyboard.press("ArrowDown")
    wait_chart(page, "products", pixel="22,32")  # one below the middle of 43 × 64
    assert chart_series(page, "products")["product"]["y"] != products
    chart(page, "widths").scroll_into_view_if_needed()
    wait_chart(page, "widths", width=16)
    curves = chart_series(page, "widths")
    assert len(curves) == 4
    drag(page, "width", 200)
    wait_chart(page, "widths", width=200)
    expect(page.get_by_test_id("ways")).to_contain_text("120 M")

"""Architectures in a real browser: walk through both strips, choose others, read the chart."""

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
    wait_painted,
)


def test_two_networks_are_opened_and_others_chosen(page: Page, app_url: str) -> None:
    open_stage(page, f"{app_url}/architectures?lang=en")
    picture = page.locator(CANVAS).first
    expect(picture).to_have_attribute("aria-label", re.compile("middle.0 .*×8"))
    before = pixels_hash(page)
    drag(page, "along", 0)
    wait_painted(page, along=0)
    assert pixels_hash(page) != before
    release(page, "along")
    page.wait_for_url("**along=0**")
    # a bar is a block, and so is a key
    picture.focus()
    page.keyboard.press("End")
    wait_painted(page, along=100)
    expect(page.get_by_test_id("steps-xception")).to_contain_text("dense")
    page.get_by_role("button", name="VGG's dense layers").click()
    wait_painted(page, first="vgg16", second="resnet50")
    wait_chart(page, "first", first="vgg16")
    shares = chart_series(page, "first")["VGG-16"]["y"]
    assert sum(shares[-3:]) > 89
    expect(page.get_by_test_id("totals")).to_contain_text("138 M")


def test_all_are_points_and_the_cheapest_is_named(page: Page, app_url: str) -> None:
    open_stage(page, f"{app_url}/architectures?lang=en&least=70")
    scroll_to(chart(page, "all"))
    wait_chart(page, "all", least=70)
    enough = chart_series(page, "all")["70 % or more"]
    assert min(enough["y"]) >= 70
    picks = page.get_by_test_id("picks")
    before = picks.inner_text()
    drag(page, "least", 80)
    wait_chart(page, "all", least=80)
    expect(picks).not_to_have_text(before)
    assert len(chart_series(page, "all")["80 % or more"]["y"]) < len(enough["y"])
    scroll_to(chart(page, "skips"))
    wait_chart(page, "skips", layers=30)
    drawn = chart_series(page, "skips")
    plain, skipping = (drawn[name]["y"] for name in ("plain", "with skip connections"))
    assert plain[0] / plain[-1] < 1e-6 < 0.1 < skipping[0] / skipping[-1]

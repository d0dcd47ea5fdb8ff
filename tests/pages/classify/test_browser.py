"""Classify in a real browser: fade the blame, remove what is blamed, ask why for another class."""

import re

from playwright.sync_api import Page, expect

from tests.browser.stage_driver import (
    chart,
    chart_series,
    drag,
    open_stage,
    pixels_hash,
    release,
    wait_chart,
    wait_painted,
)


def test_opacity_moves_the_picture_while_dragging(page: Page, app_url: str) -> None:
    open_stage(page, f"{app_url}/classify?lang=en&pic=coffee")
    before = pixels_hash(page)
    drag(page, "opacity", 90)
    wait_painted(page, opacity=90)
    assert pixels_hash(page) != before
    release(page, "opacity")
    page.wait_for_url("**opacity=90**")


def test_removing_what_is_blamed_lowers_the_probability(page: Page, app_url: str) -> None:
    open_stage(page, f"{app_url}/classify?lang=en&pic=coffee")
    best = page.get_by_test_id("class-1")
    expect(best).to_contain_text("espresso")
    whole = float(re.findall(r"([\d.]+) %", best.inner_text())[0])
    drag(page, "removed", 40)
    wait_painted(page, removed=40)
    told = page.get_by_test_id("prob-without").inner_text()
    before, after = map(float, re.findall(r"falls from ([\d.]+) % to ([\d.]+) %\.", told)[0])
    assert after < before == whole
    expect(best).to_contain_text(f"{before:.1f} → {after:.1f} %")


def test_the_word_rises_where_the_probability_rises(page: Page, app_url: str) -> None:
    open_stage(page, f"{app_url}/classify?lang=en&pic=chelsea&removed=30")
    told = page.get_by_test_id("prob-without").inner_text()
    before, after = map(float, re.findall(r"rises from ([\d.]+) % to ([\d.]+) %", told)[0])
    assert after > before
    expect(page.get_by_test_id("verdict")).to_contain_text("fails the test")


def test_another_class_can_be_asked_about(page: Page, app_url: str) -> None:
    open_stage(page, f"{app_url}/classify?lang=ko&pic=chelsea")
    before = pixels_hash(page)
    page.get_by_test_id("class-3").click()
    wait_painted(page, rank="3")
    assert pixels_hash(page) != before
    page.wait_for_url("**rank=3**")


def test_a_changed_picture_is_classified_anew(page: Page, app_url: str) -> None:
    open_stage(page, f"{app_url}/classify?lang=en&pic=coffee")
    page.get_by_test_id("picture-chelsea").click()
    expect(page.get_by_test_id("class-1")).to_contain_text("Egyptian cat")


def test_the_deletion_curves_mark_the_picture_on_screen(page: Page, app_url: str) -> None:
    open_stage(page, f"{app_url}/classify?lang=en&pic=coffee")
    expect(chart(page, "deletion")).to_contain_text("Deletion curves")
    wait_chart(page, "deletion", removed=0)
    drag(page, "removed", 40)
    wait_chart(page, "deletion", removed=40)
    series = chart_series(page, "deletion")
    here = series["the picture on the left"]
    blamed = series["most blamed first"]
    expect(page.get_by_test_id("verdict")).to_contain_text("passes the test")
    assert here["x"] == [40]
    at = min(range(21), key=lambda i: abs(blamed["x"][i] - 40))
    assert abs(here["y"][0] - blamed["y"][at]) < 3  # the same pixels are gone
    told = page.get_by_test_id("prob-without").inner_text()
    assert f"{here['y'][0]:.1f} %" in told
    expect(chart(page, "deletion").locator(".chart-key").first).to_contain_text("area 0.")

"""Vanishing gradients in a real browser: drag the depth, switch the norm, run the race."""

from playwright.sync_api import Page, expect

from tests.browser.stage_driver import (
    chart_series,
    drag,
    open_stage,
    pixels_hash,
    release,
    wait_painted,
)


def ratio(page: Page) -> float:
    return float(page.get_by_test_id("row-ratio").inner_text().replace("−", "-"))


def test_depth_takes_the_gradient_away_and_norm_brings_it_back(page: Page, app_url: str) -> None:
    open_stage(page, f"{app_url}/vanishing-gradients?lang=en&depth=4")
    shallow, before = ratio(page), pixels_hash(page)
    drag(page, "depth", 16)
    wait_painted(page, depth=16)
    assert pixels_hash(page) != before
    assert ratio(page) < 1e-6 * shallow
    release(page, "depth")
    page.wait_for_url("**depth=16**")
    page.get_by_test_id("stage-norm").select_option("batch")
    wait_painted(page, norm="batch")
    assert ratio(page) > 1e-3


def test_the_race_runs_and_the_rival_learns(page: Page, app_url: str) -> None:
    open_stage(page, f"{app_url}/vanishing-gradients?lang=en&depth=12")
    page.get_by_test_id("stage-race").click()
    expect(page.get_by_text("After 200 steps")).to_be_visible(timeout=60_000)
    right = page.get_by_test_id("race-rival").inner_text().split()[-3]
    assert float(right) > 80
    series = chart_series(page, "race_losses")
    assert len(series["your net"]["y"]) == len(series["the other"]["y"]) == 200
    assert series["the other"]["y"][-1] < series["your net"]["y"][-1]
    assert {len(bars["x"]) for bars in chart_series(page, "race_moves").values()} == {12}

"""Vanishing gradients in a real browser: drag the depth, switch the norm, run the race."""

from playwright.sync_api import Page, expect

from tests.browser.stage_driver import (
    chart_ranges,
    chart_series,
    drag,
    open_stage,
    pixels_hash,
    release,
    wait_chart,
    wait_length,
)


def measured(page: Page) -> list[float]:
    return chart_series(page, "gradients")["measured"]["y"]


def test_depth_takes_the_gradient_away_and_norm_brings_it_back(page: Page, app_url: str) -> None:
    open_stage(page, f"{app_url}/vanishing-gradients?lang=en&depth=4")
    shallow, before = measured(page), pixels_hash(page)
    drag(page, "depth", 16)
    wait_chart(page, "gradients", depth=16)
    assert pixels_hash(page) != before
    deep = measured(page)
    assert len(deep) == 16
    assert deep[0] / deep[-1] < 1e-6 * shallow[0] / shallow[-1]
    release(page, "depth")
    page.wait_for_url("**depth=16**")
    page.get_by_test_id("stage-norm").select_option("batch")
    wait_chart(page, "gradients", norm="batch")
    normed = measured(page)
    assert normed[0] / normed[-1] > 1e-3


def test_the_axis_follows_the_data_and_numbers_are_written_out(page: Page, app_url: str) -> None:
    link = "/vanishing-gradients?lang=en&depth=30"
    open_stage(page, f"{app_url}{link}")
    low, high = chart_ranges(page, "gradients")["y"]
    assert low < -24.7 < high  # powers of ten: every bar ends within the axis
    expect(page.get_by_test_id("row-first")).to_have_text("1.82 × 10⁻²⁵")
    expect(page.locator(".readout").first).to_contain_text(
        "all 128 pictures give the very same numbers"
    )
    open_stage(page, f"{app_url}{link}&activation=relu&init=he&skip=1")
    low, high = chart_ranges(page, "gradients")["y"]
    assert high > 6.9
    expect(page.get_by_test_id("row-loss")).to_have_text("4.27 × 10⁶")


def test_the_pictures_still_differ_where_norm_keeps_them_apart(page: Page, app_url: str) -> None:
    open_stage(page, f"{app_url}/vanishing-gradients?lang=en&depth=30")
    across = chart_series(page, "outputs")["of one unit, from picture to picture"]["y"]
    assert across[0] > 0.09
    assert across[-1] == 0
    page.get_by_test_id("stage-norm").select_option("batch")
    wait_chart(page, "outputs", norm="batch")
    across = chart_series(page, "outputs")["of one unit, from picture to picture"]["y"]
    assert across[-1] > 0.1


def test_the_race_runs_and_the_rival_learns(page: Page, app_url: str) -> None:
    open_stage(page, f"{app_url}/vanishing-gradients?lang=en&depth=12")
    page.get_by_test_id("stage-race").click()
    expect(page.get_by_text("After 200 steps")).to_be_visible()
    right = page.get_by_test_id("race-rival").inner_text().split()[-3]
    assert float(right) > 80
    wait_length(page, "race_losses", 200)
    series = chart_series(page, "race_losses")
    assert series.keys() == {"your net", "the other"}
    assert series["the other"]["y"][-1] < series["your net"]["y"][-1]
    assert {len(bars["x"]) for bars in chart_series(page, "race_moves").values()} == {12}

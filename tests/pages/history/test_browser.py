"""History in a real browser: drag the years, walk by keys, open the page of a station."""

import re

from playwright.sync_api import Page, expect

from tests.browser.stage_driver import (
    chart,
    drag,
    open_stage,
    pixels_hash,
    release,
    scroll_to,
    wait_chart,
    wait_painted,
)


def test_the_years_are_dragged_walked_and_opened(page: Page, app_url: str) -> None:
    open_stage(page, f"{app_url}/history?lang=en")
    card = page.get_by_test_id("station")
    expect(card).to_have_text("2012 · AlexNet")
    before = pixels_hash(page)
    drag(page, "year", 1986)
    wait_painted(page, year=1986)
    expect(card).to_have_text("1986 · Backpropagation")
    expect(page.get_by_test_id("dispute")).to_contain_text("Linnainmaa 1970")
    assert pixels_hash(page) != before
    release(page, "year")
    page.wait_for_url("**year=1986**")
    # keys go from station to station, and so do the buttons
    plot = chart(page, "stations").locator(".plot")
    plot.focus()
    page.keyboard.press("ArrowLeft")
    expect(card).to_have_text("1980 · Neocognitron")
    page.keyboard.press("ArrowRight")
    expect(card).to_have_text("1986 · Backpropagation")
    page.get_by_test_id("stage-later").click()
    expect(card).to_contain_text("1986 · Hidden units")
    # one thread alone, and its first station
    page.get_by_test_id("stage-thread").select_option("segmentation")
    wait_painted(page, thread="segmentation")
    expect(card).to_have_text("1979 · Otsu's threshold")
    drag(page, "year", 1950)
    expect(page.get_by_test_id("none-yet")).to_contain_text("1979")
    page.get_by_test_id("stage-later").click()
    expect(card).to_have_text("1979 · Otsu's threshold")
    expect(page.get_by_test_id("paper")).to_have_attribute("href", re.compile("doi.org/10.1109"))
    page.get_by_role("button", name="1969: what one neuron cannot").click()
    expect(card).to_have_text("1969 · XOR")
    page.get_by_test_id("open-page").click()
    page.wait_for_url("**/perceptron?**")
    wait_painted(page, step=399, points="0.00,0.00,0;0.00,1.00,1;1.00,0.00,1;1.00,1.00,0")


def test_errors_and_costs_follow_the_year_and_links_lead_further_down(
    page: Page, app_url: str
) -> None:
    open_stage(page, f"{app_url}/history?lang=en&until=2012")
    scroll_to(chart(page, "cost"))
    wait_chart(page, "error", until=2012)
    winner = page.get_by_test_id("winner")
    expect(winner).to_contain_text("16.4 %")
    expect(winner).to_contain_text("61.1 M")  # counted first of all
    drag(page, "until", 2015)
    wait_chart(page, "cost", until=2015)
    expect(winner).to_contain_text("3.57 %")
    # a station whose state stands further down opens its page there
    page.goto(f"{app_url}/perceptron?lang=en&passes=1#passes")
    control = page.get_by_test_id("stage-passes")
    expect(control).to_have_value("1")
    expect(control).to_be_in_viewport()
    expect(page).not_to_have_url(re.compile("#"))

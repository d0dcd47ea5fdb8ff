"""Feature maps in a real browser: drag the layer, point at cells and channels, operate, move."""

import re

from playwright.sync_api import Page, expect

from tests.browser.stage_driver import (
    CANVAS,
    chart_series,
    drag,
    open_stage,
    pixels_hash,
    release,
    wait_chart,
    wait_painted,
)


def test_the_layer_moves_everything_while_dragging(page: Page, app_url: str) -> None:
    open_stage(page, f"{app_url}/feature-maps?lang=en&pic=coffee")
    before = pixels_hash(page)
    drag(page, "layer", 19)
    wait_painted(page, layer=19)
    assert pixels_hash(page) != before
    expect(page.get_by_test_id("fact-shape")).to_have_text("7 × 7 × 1280")
    release(page, "layer")
    page.wait_for_url("**layer=19**")
    part = page.get_by_test_id("stage-part")
    assert part.get_attribute("max") == "27"


def test_pointing_at_a_cell_says_what_it_sees(page: Page, app_url: str) -> None:
    open_stage(page, f"{app_url}/feature-maps?lang=en&pic=coffee&layer=5")
    facts = page.get_by_test_id("channel-facts")
    page.locator(CANVAS).first.hover(position={"x": 140, "y": 260})
    expect(facts).to_contain_text("it sees 27 × 27 px")
    before = facts.inner_text()
    page.locator(CANVAS).first.click(position={"x": 140, "y": 260})
    page.keyboard.press("ArrowDown")
    expect(facts).not_to_have_text(before)


def test_the_arrow_keys_choose_a_channel(page: Page, app_url: str) -> None:
    open_stage(page, f"{app_url}/feature-maps?lang=ko&layer=5")
    strongest = page.get_by_test_id("channel-facts").inner_text()
    page.locator(CANVAS).first.focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_test_id("channel-facts")).to_contain_text("32개 가운데 2번째")
    assert page.get_by_test_id("channel-facts").inner_text() != strongest
    page.wait_for_url("**channel=mobilenet_v2%3A5%3A**")


def test_the_patches_come_by_themselves(page: Page, app_url: str) -> None:
    open_stage(page, f"{app_url}/feature-maps?lang=en&layer=3")
    expect(page.get_by_test_id("patches").locator("canvas")).to_have_count(9)


def test_surgery_on_more_channels_changes_the_answer(page: Page, app_url: str) -> None:
    open_stage(page, f"{app_url}/feature-maps?lang=en&pic=coffee&layer=5")
    facts = page.get_by_test_id("surgery-facts")
    expect(facts).to_contain_text("Channels:")
    one = facts.inner_text()
    drag(page, "operated", 16)
    expect(facts).not_to_have_text(one)
    before, after = (float(n) for n in re.findall(r"([\d.]+) %", facts.inner_text())[:2])
    assert after < before


def test_moving_the_picture_changes_the_maps(page: Page, app_url: str) -> None:
    open_stage(page, f"{app_url}/feature-maps?lang=en&layer=2&shift=0")
    facts = page.get_by_test_id("pooling-facts")
    expect(facts).to_contain_text("changes by 0.0 %")
    drag(page, "shift", 6)
    expect(facts).to_contain_text("moves by 6 px, which is 3 cells")
    expect(facts).not_to_contain_text("changes by 0.0 %")


def test_the_change_under_a_shift_is_drawn_and_marked(page: Page, app_url: str) -> None:
    page.goto(f"{app_url}/feature-maps?lang=en")
    wait_chart(page, "pooling")
    drag(page, "shift", 3)
    wait_chart(page, "pooling", shift=3)
    lines = list(chart_series(page, "pooling").values())
    assert len(lines) == 2
    told = page.get_by_test_id("pooling-facts").inner_text()
    for line in lines:
        assert line["y"][0] == 0  # an unmoved picture changes nothing
        assert f"{line['y'][3]:.1f}" in told

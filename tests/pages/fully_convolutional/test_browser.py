"""Fully convolutional in a real browser: drag the stride, pad, walk over the weights."""

from playwright.sync_api import Page, expect

from tests.browser.stage_driver import CANVAS, drag, open_stage, pixels_hash, release, wait_painted

LINK = "fully-convolutional?lang=en"

RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")


def row(page: Page, name: str) -> float:
    text = page.get_by_test_id(f"row-{name}").inner_text()
    plain = text.replace(",", "").replace("−", "-").replace(" × 10", "e").translate(RAISED)
    return float(plain)


def test_the_stride_moves_both_heatmaps_while_dragging(page: Page, app_url: str) -> None:
    open_stage(page, f"{app_url}/{LINK}")
    wait_painted(page, stride=4)  # the stage below is painted sooner
    windows, before = row(page, "windows"), pixels_hash(page)
    drag(page, "stride", 1)
    wait_painted(page, stride=1)
    assert row(page, "windows") > 10 * windows
    assert pixels_hash(page) != before
    expect(page.get_by_text("whole picture, passes: 16")).to_be_visible()
    drag(page, "stride", 8)
    wait_painted(page, stride=8)
    release(page, "stride")
    page.wait_for_url("**stride=8**")
    expect(page.get_by_test_id("row-faster")).to_contain_text("×")


def test_padding_makes_the_two_ways_differ(page: Page, app_url: str) -> None:
    open_stage(page, f"{app_url}/{LINK}")
    wait_painted(page, stride=4)  # the stage below is painted sooner
    assert row(page, "apart_logit") < 1e-4
    page.get_by_test_id("stage-padding").select_option("zeros")
    wait_painted(page, padding="zeros")
    assert row(page, "apart_logit") > 1
    before = pixels_hash(page)
    page.locator(CANVAS).first.click(position={"x": 150, "y": 120})
    page.wait_for_url("**cell=**")
    assert pixels_hash(page) != before


def test_a_weight_stands_in_both_layers(page: Page, app_url: str) -> None:
    open_stage(page, f"{app_url}/{LINK}&weight=437")
    place = page.get_by_test_id("weight-place")
    expect(place).to_have_text("17, 2, 2")
    dense = page.get_by_test_id("weight-dense")
    expect(dense).to_have_text(page.get_by_test_id("weight-kernel").inner_text())
    weights = page.locator(CANVAS).nth(1)
    weights.press("ArrowRight")
    expect(place).to_have_text("17, 2, 3")
    page.wait_for_url("**weight=438**")
    box = weights.bounding_box()
    assert box is not None
    weights.hover(position={"x": 3, "y": 27})
    expect(place).to_have_text("0, 0, 0")
    weights.hover(position={"x": box["width"] / 2 + 30, "y": 30})
    expect(place).not_to_have_text("0, 0, 0")

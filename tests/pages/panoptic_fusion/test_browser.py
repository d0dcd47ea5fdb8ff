"""Panoptic fusion in a real browser: the threshold, the steps, where a pixel points."""

from playwright.sync_api import Page, expect

from tests.browser.stage_driver import CANVAS, drag, open_stage, pixels_hash, wait_painted


def test_a_threshold_that_hardly_any_peak_passes_costs_things(page: Page, app_url: str):
    open_stage(page, f"{app_url}/panoptic-fusion?lang=en")
    missed = page.get_by_test_id("verdicts").locator("tr[data-outcome=false_negative]")
    before, few = pixels_hash(page), missed.count()
    drag(page, "threshold", 1)
    wait_painted(page, threshold=1)
    assert pixels_hash(page) != before
    assert missed.count() > few
    expect(missed.first).to_contain_text("FN")


def test_steps_are_pressed_and_a_pixel_says_how_it_was_won(page: Page, app_url: str):
    open_stage(page, f"{app_url}/panoptic-fusion?lang=en")
    before = pixels_hash(page)
    canvas = page.locator(CANVAS).first
    box = canvas.bounding_box()
    assert box
    page.mouse.click(box["x"] + 30, box["y"] + box["height"] - 60)
    wait_painted(page, step=1)
    assert pixels_hash(page) != before
    canvas.focus()
    canvas.press("ArrowLeft")
    wait_painted(page, pixel="48,47")
    assert page.get_by_test_id("row-class").inner_text()
    assert page.get_by_test_id("row-segment").inner_text()

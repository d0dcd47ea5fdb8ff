"""Augmentation in a real browser: drag a strength, point at samples, draw again."""

from playwright.sync_api import Page, expect

from tests.browser.stage_driver import CANVAS, drag, open_stage, pixels_hash, release, wait_painted


def test_dragging_a_strength_changes_the_samples(page: Page, app_url: str) -> None:
    open_stage(page, f"{app_url}/augmentation?lang=en&flip=0&rotate=0.1")
    before = pixels_hash(page)
    drag(page, "rotate", 0.9)
    wait_painted(page, rotate=0.9)
    assert pixels_hash(page) != before
    release(page, "rotate")
    page.wait_for_url("**rotate=0.9**")
    expect(page.get_by_test_id("draw-rotate")).to_contain_text("°")
    expect(page.get_by_test_id("verdict-rotate")).to_have_attribute("data-level", "risky")


def test_samples_are_read_by_keyboard_and_drawn_again(page: Page, app_url: str) -> None:
    open_stage(page, f"{app_url}/augmentation?lang=en&subject=digit&flip=0.5&rotate=0")
    heading = page.get_by_test_id("sample")
    expect(heading).to_have_text("Sample 1: what was drawn")
    canvas = page.locator(CANVAS).first
    canvas.focus()
    canvas.press("ArrowRight")
    canvas.press("ArrowRight")
    expect(heading).to_have_text("Sample 2: what was drawn")
    expect(page.get_by_test_id("verdict-flip")).to_have_attribute("data-level", "lost")
    first = pixels_hash(page)
    page.get_by_test_id("stage-again").click()
    wait_painted(page, seed=1)
    assert pixels_hash(page) != first
    expect(page.get_by_test_id("run-with")).to_contain_text("your augmentations")

"""Flatten in a real browser: shuffle while dragging, read sums and counts, move the window."""

from playwright.sync_api import Page, expect

from tests.browser.stage_driver import CANVAS, drag, open_stage, pixels_hash, release, wait_painted


def number(page: Page, row: str) -> float:
    return float(page.get_by_test_id(row).inner_text().replace("−", "-"))


def test_shuffling_parts_neighbours_and_spares_the_unit(page: Page, app_url: str) -> None:
    open_stage(page, f"{app_url}/flatten?lang=en&share=0")
    before = pixels_hash(page)
    assert number(page, "correlation-shuffled") == number(page, "correlation-ordered")
    drag(page, "share", 0.9)
    wait_painted(page, share=0.9)
    assert pixels_hash(page) != before
    assert number(page, "correlation-shuffled") < 0.3
    assert number(page, "unit-moved") == number(page, "unit-ordered")
    assert number(page, "unit-shuffled") != number(page, "unit-ordered")
    release(page, "share")
    page.wait_for_url("**share=0.9**")


def test_rows_are_laid_end_to_end_while_dragging(page: Page, app_url: str) -> None:
    open_stage(page, f"{app_url}/flatten?lang=en&laid=0")
    before = pixels_hash(page)
    drag(page, "laid", 50)
    wait_painted(page, laid=50)
    assert pixels_hash(page) != before
    release(page, "laid")
    page.wait_for_url("**laid=50**")


def test_the_window_moves_and_the_size_changes_the_counts(page: Page, app_url: str) -> None:
    open_stage(page, f"{app_url}/flatten?lang=en&share=1")
    before = pixels_hash(page)
    canvas = page.locator(CANVAS).first
    canvas.focus()
    canvas.press("ArrowRight")
    wait_painted(page, cell="15,16")
    assert pixels_hash(page) != before
    small = page.get_by_test_id("params-mlp").inner_text()
    drag(page, "side", 64)
    wait_painted(page, side=64)
    expect(page.get_by_test_id("params-mlp")).not_to_have_text(small)
    expect(page.get_by_test_id("run-cnn_shuffled")).to_contain_text("CNN, shuffled")

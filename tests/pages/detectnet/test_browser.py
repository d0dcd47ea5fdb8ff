"""DetectNet in a real browser: the threshold, a cell, and a training epoch by epoch."""

from playwright.sync_api import Page, expect

from tests.browser.stage_driver import CANVAS, drag, open_stage, pixels_hash, wait_painted


def test_a_lower_threshold_lets_more_cells_propose_and_a_cell_tells_its_box(
    page: Page, app_url: str
):
    open_stage(page, f"{app_url}/detectnet?lang=en&merge=none&threshold=0.95&scene=2")
    before, raw = pixels_hash(page), int(page.get_by_test_id("row-raw").inner_text())
    drag(page, "threshold", 0.05)
    wait_painted(page, threshold=0.05)
    assert pixels_hash(page) != before
    assert int(page.get_by_test_id("row-raw").inner_text()) > raw
    canvas = page.locator(CANVAS).first
    canvas.focus()
    canvas.press("ArrowUp")
    wait_painted(page, cell="5,6")
    assert page.get_by_test_id("row-edge-left").inner_text().endswith(" px")
    assert "row 6" in page.locator("h4").first.inner_text()


def test_a_training_shows_its_losses_and_its_scenes_epoch_by_epoch(page: Page, app_url: str):
    open_stage(page, f"{app_url}/detectnet?lang=en&epochs=1&coverage_loss=focal")
    page.get_by_test_id("stage-train").first.click()
    own = page.get_by_test_id("run-own")
    expect(own).to_have_attribute("data-status", "finished", timeout=60_000)
    expect(own).to_contain_text("Epoch 1: AP50")
    curves = page.locator(CANVAS).nth(1)
    after = curves.evaluate("canvas => canvas.toDataURL()")
    drag(page, "epoch", 0)
    expect(own).not_to_contain_text("AP50")  # before the first epoch nothing was measured
    assert curves.evaluate("canvas => canvas.toDataURL()") != after

"""DetectNet in a real browser: the threshold, a cell, and a training epoch by epoch."""

import re

from playwright.sync_api import Page, expect

from tests.browser.stage_driver import (
    CANVAS,
    chart,
    chart_series,
    drag,
    open_stage,
    pixels_hash,
    release,
    wait_painted,
)


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


def ap50(page: Page) -> float:
    """What the readout says, once it is measured, in percent."""
    cell = page.get_by_test_id("row-ap50")
    expect(cell).to_have_text(re.compile(r"^\d+\.\d %$"))
    return float(cell.inner_text().removesuffix(" %"))


def test_ap50_follows_threshold_and_merging(page: Page, app_url: str):
    open_stage(page, f"{app_url}/detectnet?lang=en&threshold=0.5")
    by_nms = ap50(page)
    drag(page, "threshold", 0.95)
    wait_painted(page, threshold=0.95)
    assert ap50(page) < by_nms
    drag(page, "threshold", 0.5)
    wait_painted(page, threshold=0.5)
    assert ap50(page) == by_nms
    page.get_by_test_id("stage-merge").first.select_option("none")
    wait_painted(page, merge="none")
    assert ap50(page) < by_nms - 20
    precision = chart(page, "precision")
    expect(precision.get_by_role("button", name="every cell's")).to_be_visible()
    drawn = chart_series(page, "precision")  # both ways that have been looked at
    assert {"NMS", "every cell's"} <= drawn.keys()


def test_earlier_trainings_stay_as_ghosts(page: Page, app_url: str):
    open_stage(page, f"{app_url}/detectnet?lang=en&epochs=1&learning_rate=0.001")
    own = page.get_by_test_id("run-own")
    page.get_by_test_id("stage-train").first.click()
    expect(own).to_have_attribute("data-status", "finished")
    drag(page, "learning_rate", 0.01)
    release(page, "learning_rate")
    expect(own).to_have_attribute("data-status", "none")
    ghost = page.get_by_role("button", name="earlier: Learning rate 0.001")
    expect(ghost.first).to_be_visible()
    plot = chart(page, "ap50").first.locator(".plot")
    drawn = (
        "plot => plot.data.filter(({name}) => name.startsWith('earlier')).map(({y}) => y.length)"
    )
    assert plot.evaluate(drawn) == [1]  # its one epoch


def test_a_training_shows_its_losses_and_its_scenes_epoch_by_epoch(page: Page, app_url: str):
    open_stage(page, f"{app_url}/detectnet?lang=en&epochs=1&coverage_loss=focal")
    page.get_by_test_id("stage-train").first.click()
    own = page.get_by_test_id("run-own")
    expect(own).to_have_attribute("data-status", "finished")
    expect(own).to_contain_text("Epoch 1: AP50")
    curves = page.locator(CANVAS).nth(1)
    after = curves.evaluate("canvas => canvas.toDataURL()")
    drag(page, "epoch", 0)
    expect(own).not_to_contain_text("AP50")  # before the first epoch nothing was measured
    assert curves.evaluate("canvas => canvas.toDataURL()") != after

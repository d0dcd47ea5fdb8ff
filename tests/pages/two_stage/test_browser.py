"""Two stages in a real browser: boxes on the photo, an object followed, a net that learns."""

from playwright.sync_api import Page, expect

from tests.browser.stage_driver import (
    CANVAS,
    chart_series,
    drag,
    open_stage,
    pixels_hash,
    scroll_to,
    wait_painted,
)


def number(page: Page, testid: str) -> float:
    text = page.get_by_test_id(testid).first.inner_text()
    return float(text.replace(" ms", "").replace(",", "").replace(" ", ""))


def test_more_boxes_cost_more_and_a_box_is_followed(page: Page, app_url: str):
    open_stage(page, f"{app_url}/two-stage?lang=en")
    before, many = pixels_hash(page), number(page, "row-sum-picture")
    assert number(page, "row-sum-map") < many
    drag(page, "proposals", 20)
    wait_painted(page, proposals=20)
    assert pixels_hash(page) != before
    assert number(page, "row-sum-picture") < many
    drawn = chart_series(page, "costs")
    assert {"crops of the picture", "crops of one map"} <= drawn.keys()
    followed = page.get_by_test_id("followed").inner_text()
    canvas = page.locator(CANVAS).first
    canvas.focus()
    canvas.press("ArrowRight")
    expect(page.get_by_test_id("followed")).not_to_have_text(followed)
    assert page.get_by_test_id("fate").inner_text()


def test_an_object_is_followed_through_the_steps(page: Page, app_url: str):
    open_stage(page, f"{app_url}/two-stage?lang=en&step=1")
    canvas = page.locator(CANVAS).nth(1)
    scroll_to(canvas)
    expect(page.get_by_test_id("row-anchors")).to_have_text("5184")
    thing = page.get_by_test_id("thing")
    first = thing.inner_text()
    canvas.focus()
    canvas.press("ArrowRight")
    expect(thing).not_to_have_text(first)
    drag(page, "step", 6)
    expect(page.get_by_test_id("found")).to_be_visible()
    assert number(page, "row-survivors") >= 1


def test_a_training_shows_its_losses_and_its_scenes(page: Page, app_url: str):
    open_stage(page, f"{app_url}/two-stage?lang=en&epochs=1")
    page.get_by_test_id("stage-train").first.click()
    own = page.get_by_test_id("run-own")
    expect(own).to_have_attribute("data-status", "finished")
    expect(own).to_contain_text("Epoch 1: AP50")
    for loss in ("objectness", "proposal_box", "class", "box"):
        assert chart_series(page, loss)
    drag(page, "epoch", 0)
    expect(own).not_to_contain_text("AP50")  # before the first epoch nothing was measured

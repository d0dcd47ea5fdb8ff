"""NMS in a real browser: drag the IoU, step through the decisions, walk to a ghost."""

from playwright.sync_api import Page, expect

from tests.browser.stage_driver import (
    CANVAS,
    drag,
    open_stage,
    pixels_hash,
    release,
    wait_painted,
)


def row(page: Page, name: str) -> float:
    return float(page.get_by_test_id(f"row-{name}").inner_text())


def test_dragging_the_threshold_leaves_one_box(page: Page, app_url: str) -> None:
    open_stage(page, f"{app_url}/nms?lang=en&iou=0.9")
    many, before = row(page, "left"), pixels_hash(page)
    drag(page, "iou", 0.1)
    wait_painted(page, iou=0.1)
    assert row(page, "left") == 1 < many
    assert pixels_hash(page) != before
    release(page, "iou")
    page.wait_for_url("**iou=0.1**")
    expect(page.get_by_text("and 1 of them is left")).to_be_visible()


def test_steps_and_arrow_keys_tell_why_a_box_went(page: Page, app_url: str) -> None:
    open_stage(page, f"{app_url}/nms?lang=en&step=0")
    expect(page.get_by_test_id("decision")).to_have_text("0 of 6 decisions taken")
    before = pixels_hash(page)
    page.get_by_test_id("stage-step").click()
    wait_painted(page, step="1")
    assert pixels_hash(page) != before
    assert row(page, "gone") > 5
    page.locator(CANVAS).focus()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_test_id("row-iou")).to_be_visible()
    assert row(page, "iou") > 0.5
    page.get_by_test_id("stage-play").click()
    wait_painted(page, step="")
    expect(page.get_by_test_id("decision")).to_have_text("6 of 6 decisions taken")


def test_soft_nms_needs_sigma_instead(page: Page, app_url: str) -> None:
    open_stage(page, f"{app_url}/nms?lang=en")
    expect(page.get_by_test_id("stage-sigma")).to_be_disabled()
    page.get_by_test_id("stage-kind").select_option("soft_gaussian")
    wait_painted(page, kind="soft_gaussian")
    expect(page.get_by_test_id("stage-sigma")).to_be_enabled()
    expect(page.get_by_test_id("stage-iou")).to_be_disabled()


def test_try_this_brings_its_picture_along(page: Page, app_url: str) -> None:
    open_stage(page, f"{app_url}/nms?lang=en")
    cats = row(page, "left")
    page.get_by_role("button", name="one face").click()
    wait_painted(page, detector="pnet", score=0.99)
    expect(page.get_by_test_id("picture-astronaut")).to_have_attribute("aria-pressed", "true")
    page.wait_for_url("**pic=astronaut**")
    assert row(page, "left") != cats

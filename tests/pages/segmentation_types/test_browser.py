"""Kinds of segmentation in a real browser: opacity, the switch, a pixel, a new scene."""

import re

from playwright.sync_api import Page, expect

from tests.browser.stage_driver import CANVAS, drag, open_stage, pixels_hash, wait_painted


def test_opacity_repaints_and_a_pixel_hears_all_five_readings(page: Page, app_url: str):
    open_stage(page, f"{app_url}/segmentation-types?lang=en&reading=semantic")
    before = pixels_hash(page)
    drag(page, "opacity", 10)
    wait_painted(page, opacity=10)
    assert pixels_hash(page) != before
    canvas = page.locator(CANVAS).first
    canvas.focus()
    canvas.press("ArrowUp")
    wait_painted(page, pixel="47,48")
    for reading in ("classification", "detection", "semantic", "instance", "panoptic"):
        assert page.get_by_test_id(f"says-{reading}").inner_text()
    assert page.get_by_test_id("row-logit-sky").inner_text()


def test_a_click_on_a_small_picture_switches_the_reading_and_sliders_redraw(
    page: Page, app_url: str
):
    open_stage(page, f"{app_url}/segmentation-types?lang=en")
    box = page.locator(CANVAS).first.bounding_box()
    assert box
    page.mouse.click(box["x"] + 30, box["y"] + box["height"] - 60)
    wait_painted(page, reading="classification")
    before, pq = pixels_hash(page), page.get_by_test_id("row-pq").inner_text()
    drag(page, "difficulty", 1)
    wait_painted(page, difficulty=1)
    assert pixels_hash(page) != before
    assert page.get_by_test_id("row-pq").inner_text() != pq


def test_a_photo_is_classified_searched_and_cut_out(page: Page, app_url: str):
    open_stage(page, f"{app_url}/segmentation-types?lang=en&pic=coffee")
    boxes = page.get_by_test_id("row-photo-boxes")
    expect(boxes).to_have_text(re.compile(r"^\d+$"))
    many = int(boxes.inner_text())
    drag(page, "photo_score", 0.95)
    expect(boxes).not_to_have_text(str(many))
    assert int(boxes.inner_text()) < many
    assert page.get_by_test_id("row-photo-share").inner_text() != "0.0 %"
    expect(page.get_by_test_id("photo-unsure")).to_have_count(0)


def test_doubt_is_said_and_colours_have_names(page: Page, app_url: str):
    open_stage(page, f"{app_url}/segmentation-types?lang=en&pic=astronaut")
    expect(page.get_by_test_id("classes").first).to_have_text("skygroundwatercirclesquaretriangle")
    expect(page.get_by_test_id("photo-unsure")).to_contain_text("no class is more probable than 19")
    expect(page.get_by_test_id("photo-differ")).to_contain_text("the picture bobsled")

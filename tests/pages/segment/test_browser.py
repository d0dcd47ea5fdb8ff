"""Segment in a real browser: opacity while dragging, the steps, a pixel, the masks taken home."""

import io
import json
import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import numpy as np
from PIL import Image
from playwright.sync_api import Page, Route, expect

from engine.pictures import sample
from engine.segment.segmenter import Settings
from engine.segment.segmenters import segment
from tests.browser.stage_driver import (
    CANVAS,
    drag,
    open_stage,
    pixels_hash,
    release,
    wait_painted,
)


def test_dragging_opacity_paints_without_asking_and_steps_are_pressed(
    page: Page, app_url: str
) -> None:
    open_stage(page, f"{app_url}/segment?lang=en")
    expect(page.get_by_text("MobileNetV2 sees: Egyptian cat")).to_be_visible()
    before = pixels_hash(page)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    drag(page, "opacity", 90)
    wait_painted(page, opacity=90)
    assert pixels_hash(page) != before
    assert not [url for url in asked if "segment/reading" in url]
    release(page, "opacity")
    page.wait_for_url("**opacity=90**")
    box = page.locator(CANVAS).bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 0.02 * box["width"] + 20, box["y"] + box["height"] - 40)
    wait_painted(page, step=0)
    expect(page.get_by_text("Nobody ever told the network")).to_be_visible()
    expect(page.get_by_test_id("stage-pieces")).to_be_hidden()


def test_the_photo_is_there_before_any_answer(page: Page, app_url: str) -> None:
    held: list[Route] = []

    def answer(route: Route) -> None:
        route.continue_() if held else held.append(route)

    page.route("**/api/v1/segment/reading?*", answer)
    page.goto(f"{app_url}/segment?lang=en&pic=rocket")
    canvas = page.locator(CANVAS)
    expect(canvas).to_have_attribute("data-waiting", "rocket")
    assert canvas.get_attribute("data-painted") is None
    held[0].continue_()
    wait_painted(page, method="grabcut")
    assert canvas.get_attribute("data-waiting") is None


def test_a_pixel_names_its_segment_and_files_hold_the_masks(page: Page, app_url: str) -> None:
    open_stage(page, f"{app_url}/segment?lang=en&method=slic&pieces=60&compactness=10&pic=coffee")
    expected = segment("slic", sample("coffee").pixels, Settings(pieces=60))
    expect(page.get_by_test_id("row-count")).to_have_text(str(len(expected.to_dicts())))
    expect(page.get_by_test_id("stage-seed")).to_be_hidden()
    page.locator(CANVAS).focus()
    page.keyboard.press("ArrowRight")
    chosen = page.get_by_test_id("row-segment").inner_text()
    assert 1 <= int(chosen) <= len(expected.to_dicts())
    with page.expect_download() as coming:
        page.get_by_test_id("file-png").click()
    ids = np.asarray(Image.open(io.BytesIO(Path(coming.value.path()).read_bytes())))
    assert np.array_equal(ids, expected.found.ids)
    with page.expect_download() as coming:
        page.get_by_test_id("file-coco").click()
    notes = json.loads(Path(coming.value.path()).read_text())["annotations"]
    assert [note["area"] for note in notes] == [row["area_px"] for row in expected.to_dicts()]


def test_an_absent_network_keeps_the_picture_on_a_phone(page: Page, app_url: str) -> None:
    listed = page.request.get(f"{app_url}/api/v1/segmenters").json()
    absent = next(entry for entry in listed if entry["missing"])
    page.set_viewport_size({"width": 390, "height": 844})
    open_stage(page, f"{app_url}/segment?lang=en&method={absent['name']}")
    expect(page.locator(".readout").first).to_contain_text("not on this computer")
    expect(page.get_by_role("button", name=f"Download {absent['title']}")).to_be_visible()
    page.get_by_test_id("stage-method").select_option("felzenszwalb")
    wait_painted(page, method="felzenszwalb")
    expect(page.get_by_test_id("row-count")).to_be_visible()


def test_a_box_and_a_stroke_steer_the_cut_by_pointer_and_by_keys(page: Page, app_url: str) -> None:
    open_stage(page, f"{app_url}/segment?lang=en&method=drawn&pic=coffee")
    before = pixels_hash(page)
    place = page.locator(CANVAS).bounding_box()
    assert place is not None
    middle = place["x"] + place["width"] / 2
    page.mouse.move(middle - 140, place["y"] + 30)
    page.mouse.down()
    page.mouse.move(middle + 20, place["y"] + 120, steps=4)
    page.mouse.move(middle + 160, place["y"] + 330, steps=4)
    page.mouse.up()
    page.wait_for_url(re.compile("drawn=r"))
    expect(page.get_by_text("along your drawing")).to_be_visible()
    wait_painted(page, drawn=parse_qs(urlsplit(page.url).query)["drawn"][0])
    assert pixels_hash(page) != before
    page.get_by_test_id("marks-b").click()
    page.locator(CANVAS).focus()
    for key in ("ArrowDown", " ", "ArrowRight", " ", "Enter"):
        page.keyboard.press(key)
    page.wait_for_url(re.compile("b%3A500%2C525%3B525%2C525|b:500,525;525,525"))
    page.get_by_test_id("marks-undo").click()
    page.wait_for_url(lambda url: "b%3A" not in url and "|b:" not in url)

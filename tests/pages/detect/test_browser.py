"""Detect in a real browser: drag the score, look at another picture, take the result home."""

import json
from pathlib import Path

import numpy as np
from playwright.sync_api import Page, Route, expect
from pycocotools.coco import COCO

from tests.browser.stage_driver import (
    CANVAS,
    drag,
    open_stage,
    pixels_hash,
    release,
    wait_painted,
)

FACES = "left=mtcnn&right=haar_frontalface_default&lang=en"


def row(page: Page, side: str, name: str) -> float:
    return float(page.get_by_test_id(f"row-{side}-{name}").inner_text().removesuffix(" ms"))


def test_dragging_the_score_takes_boxes_away_without_asking(page: Page, app_url: str) -> None:
    open_stage(page, f"{app_url}/detect?lang=en&score=0.5&right=haar_eye")
    expect(page.get_by_test_id("row-right-found")).to_be_visible()
    many, bare, before = row(page, "right", "found"), row(page, "right", "bare"), pixels_hash(page)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    drag(page, "score", 0.8)
    wait_painted(page, score=0.8)
    assert 0 < row(page, "right", "found") < many < bare
    assert pixels_hash(page) != before
    assert not [url for url in asked if "detect/panels" in url]
    release(page, "score")
    page.wait_for_url("**score=0.8**")
    expect(page.get_by_text("a score of 0.80 or more")).to_have_count(2)


def test_two_face_finders_and_a_walk_over_their_boxes(page: Page, app_url: str) -> None:
    open_stage(page, f"{app_url}/detect?{FACES}&pic=astronaut&score=0.8")
    expect(page.get_by_test_id("found-left")).to_contain_text("the probability that the network")
    expect(page.get_by_test_id("found-right")).to_contain_text("0.80. It is no probability")
    page.get_by_role("button", name="two face finders").click()
    expect(page.get_by_test_id("row-left-found")).to_have_text("1")
    page.locator(CANVAS).focus()
    page.keyboard.press("ArrowRight")
    corners = page.get_by_test_id("row-left-box").inner_text().split(", ")
    assert np.allclose(np.array(corners, float), (181.05, 62.16, 267.75, 172.05), atol=1)
    with page.expect_download() as coming:
        page.get_by_test_id("file-left-coco").click()
    path = Path(coming.value.path())
    (box,) = COCO(str(path)).anns.values()
    assert np.allclose(box["bbox"], (181.05, 62.16, 86.7, 109.89), atol=1)
    assert json.loads(path.read_text())["images"][0]["file_name"] == "astronaut.png"


def test_nanodet_comes_first_and_its_classes_can_be_chosen(page: Page, app_url: str) -> None:
    open_stage(page, f"{app_url}/detect?lang=en&pic=coffee&score=0.2")
    left = page.get_by_test_id("found-left")
    expect(left).to_contain_text("eighty things of daily life")
    expect(left).to_contain_text("dining table")
    expect(page.get_by_test_id("nothing-right")).to_contain_text("Found no face")
    chosen = page.get_by_test_id("stage-only")
    before = pixels_hash(page)
    chosen.select_option("cup")
    wait_painted(page, only="cup")
    page.wait_for_url("**only=cup**")
    assert row(page, "left", "found") == 1
    assert pixels_hash(page) != before
    assert "only=cup" in (page.get_by_test_id("file-left-json").get_attribute("href") or "")
    expect(left).not_to_contain_text("dining table")


def test_the_photo_is_there_first_and_the_quick_side_does_not_wait(
    page: Page, app_url: str
) -> None:
    """The engine is made to answer as slowly as a first visit can be."""
    held: list[Route] = []

    def answer(route: Route) -> None:
        held.append(route) if len(held) < 1 else route.continue_()

    page.route("**/api/v1/detect/panels?*", answer)
    page.goto(f"{app_url}/detect?lang=en&right=sliding_window&pic=china")
    canvas = page.locator(CANVAS)
    expect(canvas).to_have_attribute("data-waiting", "china")
    assert canvas.get_attribute("data-painted") is None
    low, high = (page.get_by_test_id("stage-score").get_attribute(name) for name in ("min", "max"))
    held[0].continue_()
    wait_painted(page, right="sliding_window")
    expect(page.get_by_test_id("nothing-left")).to_contain_text("None of its eighty things")
    expect(page.get_by_test_id("row-right-found")).to_be_visible()
    score = page.get_by_test_id("stage-score")
    expect(score).to_have_attribute("min", low or "")
    expect(score).to_have_attribute("max", high or "")


def test_an_absent_detector_leaves_the_other_and_a_phone_stacks_them(
    page: Page, app_url: str
) -> None:
    listed = page.request.get(f"{app_url}/api/v1/detectors").json()
    absent = next(entry for entry in listed if entry["missing"])
    page.set_viewport_size({"width": 390, "height": 844})
    sides = f"left=haar_smile&right={absent['name']}"
    open_stage(page, f"{app_url}/detect?lang=en&{sides}&score=0.9")
    expect(page.get_by_test_id("found-right")).to_contain_text("are not on this computer")
    expect(page.get_by_role("button", name=f"Download {absent['title']}")).to_be_visible()
    height = "canvas => canvas.clientHeight"
    both = page.locator(CANVAS).evaluate(height)
    page.get_by_test_id("stage-right").select_option("none")
    wait_painted(page, right="none")
    assert both > 1.5 * page.locator(CANVAS).evaluate(height)
    assert row(page, "left", "found") > 0

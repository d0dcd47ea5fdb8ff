"""The face cascade in a real browser: drag P-Net's threshold, step, follow one window."""

import json

import pytest
from playwright.sync_api import Page, expect

from tests.browser.stage_driver import CANVAS, drag, open_stage, pixels_hash, release, wait_painted

LINK = "face-cascade?lang=en&pic=astronaut"


def left(page: Page, gate: int) -> int:
    return int(
        page.get_by_test_id(f"gate-{gate}").locator(".percent").inner_text().replace(",", "")
    )


def test_a_stricter_first_net_leaves_less_for_the_others(page: Page, app_url: str) -> None:
    open_stage(page, f"{app_url}/{LINK}")
    expect(page.get_by_test_id("result")).to_contain_text("One face out of 42,866")
    before, looked, pixels = left(page, 1), left(page, 3), pixels_hash(page)
    drag(page, "pnet", 0.95)
    wait_painted(page, pnet=0.95)
    assert left(page, 0) == 42866
    assert left(page, 1) < before / 3
    assert left(page, 3) < looked / 3
    assert left(page, 7) == 1
    assert pixels_hash(page) != pixels
    release(page, "pnet")
    page.wait_for_url("**pnet=0.95**")
    drag(page, "rnet", 0.99)
    wait_painted(page, rnet=0.99)
    drag(page, "onet", 0.99)
    wait_painted(page, onet=0.99)
    drag(page, "pnet", 0.99)
    wait_painted(page, pnet=0.99)
    assert left(page, 7) <= left(page, 6) <= left(page, 5) <= left(page, 4)


def test_steps_lead_from_the_heat_to_the_face(page: Page, app_url: str) -> None:
    open_stage(page, f"{app_url}/{LINK}&stage=0")
    expect(page.get_by_test_id("crop-o")).to_be_visible()
    seen = {pixels_hash(page)}
    for stage in (1, 2, 3):
        page.get_by_test_id("stage-step").click()
        wait_painted(page, stage=stage)
        seen.add(pixels_hash(page))
    page.get_by_test_id("gate-7").click()
    wait_painted(page, stage=7)
    assert len(seen | {pixels_hash(page)}) == 5
    expect(page.get_by_test_id("fate")).to_contain_text("a face")
    expect(page.get_by_test_id("score-o")).to_have_text("0.999")
    page.wait_for_url("**stage=7**")
    with page.expect_download() as numbers:
        page.get_by_test_id("stage-numbers").click()
    arrays = json.loads(numbers.value.path().read_text())["arrays"]
    box = arrays["face_boxes"]["values"]
    assert box == pytest.approx([181.05, 62.16, 267.75, 172.05], abs=1)


def test_arrow_keys_follow_a_window_to_its_end(page: Page, app_url: str) -> None:
    open_stage(page, f"{app_url}/{LINK}&stage=4")
    page.locator(CANVAS).first.press("ArrowDown")  # the best of those that R-Net refused
    expect(page.get_by_test_id("fate")).to_contain_text("R-Net looked closer and refused it")
    expect(page.get_by_test_id("score-r")).to_be_visible()
    expect(page.get_by_test_id("score-o")).to_have_count(0)
    page.wait_for_url("**window=**")
    refused = float(page.get_by_test_id("score-r").inner_text())
    assert refused <= 0.7
    drag(page, "rnet", 0.5)  # now it passes
    wait_painted(page, rnet=0.5)
    expect(page.get_by_test_id("score-o")).to_be_visible()
    drag(page, "stage", 0)
    wait_painted(page, stage=0)
    page.locator(CANVAS).first.click(position={"x": 30, "y": 60})
    expect(page.get_by_test_id("fate")).to_contain_text("no other net looks")


def test_a_cat_is_no_face(page: Page, app_url: str) -> None:
    open_stage(page, f"{app_url}/face-cascade?lang=en&pic=chelsea&stage=4")
    expect(page.get_by_test_id("result")).to_contain_text("R-Net refuses all")

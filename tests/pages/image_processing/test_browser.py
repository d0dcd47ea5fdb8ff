"""Image processing in a real browser: drag a step's slider, add, move, switch and take out steps,
drag corners and the divider; what is refused leaves the last picture."""

from urllib.parse import parse_qs, urlparse

import pytest
from playwright.sync_api import Page, expect

from tests.browser.stage_driver import (
    CANVAS,
    at_rest,
    drag,
    open_stage,
    painted,
    pixels_hash,
    release,
    wait_chart,
    wait_painted,
)

NOISE = "salt_and_pepper,10,1"


def test_a_chain_is_dragged_extended_ordered_and_switched(page: Page, app_url: str) -> None:
    open_stage(page, f"{app_url}/image-processing?lang=en")
    code = page.get_by_test_id("step-code")
    expect(code).to_have_text("picture = cv2.medianBlur(picture, 3)")
    first = pixels_hash(page)
    drag(page, "ksize", 9)
    wait_painted(page, chain=f"{NOISE};median_blur,9")
    assert pixels_hash(page) != first
    release(page, "ksize")
    page.wait_for_url("**median_blur%2C9**")
    page.get_by_test_id("stage-add").select_option("canny")
    wait_painted(page, chain=f"{NOISE};median_blur,9;canny,200,100", step="")
    wait_chart(page, "histogram", chain=f"{NOISE};median_blur,9;canny,200,100")
    expect(page.get_by_test_id("step-facts")).to_contain_text("of the pixels are edges")
    page.get_by_test_id("up-2").click()
    wait_painted(page, chain=f"{NOISE};canny,200,100;median_blur,9", step="1")
    page.get_by_test_id("on-2").click()
    wait_painted(page, chain=f"{NOISE};canny,200,100;-median_blur,9")
    page.get_by_test_id("out-1").click()
    wait_painted(page, chain=f"{NOISE};-median_blur,9", step="")
    page.get_by_test_id("out-1").click()
    page.get_by_test_id("out-0").click()
    wait_painted(page, chain="")
    expect(page.get_by_test_id("open-step")).to_contain_text("add one")
    expect(page.get_by_test_id("classes-said")).to_contain_text("still", timeout=60_000)


def test_the_divider_and_the_corners_follow_the_hand(page: Page, app_url: str) -> None:
    open_stage(page, f"{app_url}/image-processing?lang=en")
    box = at_rest(page.locator(CANVAS).first)
    page.mouse.move(box["x"] + 0.5 * box["width"], box["y"] + 40)
    page.mouse.down()
    page.mouse.move(box["x"] + 0.1 * box["width"], box["y"] + 40)
    page.mouse.up()
    assert painted(page)["divider"] < 20
    page.locator(CANVAS).first.press("ArrowRight")
    page.get_by_test_id("stage-add").select_option("perspective")
    whole = f"{NOISE};median_blur,3;perspective,150,100,950,0,1000,1000,50,850"
    wait_painted(page, chain=whole)
    side = painted(page)
    assert side["step"] == ""
    picture = at_rest(page.locator(CANVAS).first)
    left, top, width = picture["x"] + 10, picture["y"] + 10, 0.48 * picture["width"]
    height = width * 300 / 451
    page.mouse.move(left + 0.15 * width, top + 0.1 * height)
    page.mouse.down()
    page.mouse.move(left + 0.3 * width, top + 0.3 * height, steps=4)
    page.mouse.up()
    page.wait_for_function(
        "(before) => !decodeURIComponent(location.search).includes(before)", arg="150,100,950"
    )
    chain = parse_qs(urlparse(page.url).query)["chain"][0]
    wait_painted(page, chain=chain)
    held = chain.split(",")
    assert float(held[held.index("3;perspective") + 1]) == pytest.approx(300, abs=10)
    # a corner that would cross the others is refused, and the last good picture stays
    drag(page, "x1", 1000)
    expect(page.get_by_text("must go round once")).to_be_visible()
    assert painted(page)["chain"].split(",") == held
    expect(page.get_by_test_id("stage-x1")).to_have_value(held[held.index("3;perspective") + 1])

"""Filter sliding in a real browser: drag the stride, point at cells, type a weight, walk."""

import re

from playwright.sync_api import Page, Position, expect

from tests.browser.stage_driver import (
    CANVAS,
    drag,
    open_stage,
    painted,
    pixels_hash,
    release,
    wait_painted,
)

TINY = "lang=en&scene=tiny&spot=50,45,40&cell=2,2"
# Inside the canvas of a 7 × 7 grid: an output cell, an input cell, the weight in the middle.
OUTPUT, INPUT, WEIGHT = (Position(x=x, y=y) for x, y in ((430, 42), (142, 145), (220, 418)))


def test_stride_moves_the_picture_while_dragging(page: Page, app_url: str) -> None:
    open_stage(page, f"{app_url}/filter-sliding?lang=en")
    readout = page.locator(".readout")
    expect(readout).to_contain_text("30 × 30 × 1")
    before = pixels_hash(page)
    drag(page, "stride", 2)
    wait_painted(page, stride=2)
    assert pixels_hash(page) != before
    expect(readout).to_contain_text("⌊(32 + 2·0 − 1·(3 − 1) − 1) / 2⌋ + 1 = 15")
    assert "stride=2" not in page.url
    release(page, "stride")
    page.wait_for_url("**stride=2**")
    expect(page.get_by_text("becomes 15 × 15 × 1")).to_be_visible()


def test_pointing_at_an_output_cell_writes_its_sum(page: Page, app_url: str) -> None:
    open_stage(page, f"{app_url}/filter-sliding?{TINY}")
    before = pixels_hash(page)
    page.locator(CANVAS).first.hover(position=OUTPUT)
    wait_painted(page, cell="0,2")
    assert pixels_hash(page) != before
    said = page.locator(CANVAS).first.get_attribute("aria-label") or ""
    assert "Output row 1, column 3" in said
    page.locator(CANVAS).first.click(position=OUTPUT)
    page.wait_for_url("**cell=0%2C2**")
    for key in ("ArrowDown", "ArrowDown", "ArrowLeft"):
        page.keyboard.press(key)
    wait_painted(page, cell="2,1")
    page.wait_for_url("**cell=2%2C1**")


def test_pointing_at_an_input_cell_lights_what_it_feeds(page: Page, app_url: str) -> None:
    open_stage(page, f"{app_url}/filter-sliding?{TINY}")
    canvas, before = page.locator(CANVAS).first, pixels_hash(page)
    canvas.hover(position=INPUT)
    expect(canvas).to_have_attribute("aria-label", re.compile("^Input row 4, column 4 feeds 9 "))
    assert pixels_hash(page) != before
    page.mouse.move(5, 5)
    expect(canvas).to_have_attribute("aria-label", re.compile("^Input 7 × 7"))
    assert pixels_hash(page) == before
    canvas.focus()
    page.keyboard.press("Shift+ArrowRight")
    expect(canvas).to_have_attribute("aria-label", re.compile("^Input row 1, column 1 feeds 1 "))


def test_pointing_at_a_weight_lights_what_it_meets(page: Page, app_url: str) -> None:
    open_stage(page, f"{app_url}/filter-sliding?{TINY}")
    canvas = page.locator(CANVAS).first
    canvas.hover(position=WEIGHT)
    meets = re.compile("^The weight in row 2, column 2 is shared: on its way it meets 25 ")
    expect(canvas).to_have_attribute("aria-label", meets)


def test_a_typed_weight_makes_another_filter_and_a_preset_forgets_it(
    page: Page, app_url: str
) -> None:
    open_stage(page, f"{app_url}/filter-sliding?{TINY}")
    page.locator(CANVAS).first.click(position=WEIGHT)
    page.keyboard.type("5")
    page.keyboard.press("Enter")
    weights = "-1,0,1,-2,5,2,-1,0,1"
    wait_painted(page, weights=weights)
    expect(page.locator(".readout")).to_contain_text("my own")
    page.wait_for_url("**weights=-1%2C0%2C1%2C-2%2C5**")
    page.get_by_test_id("stage-weight-0-0").fill("many")
    page.get_by_test_id("stage-weight-0-0").press("Enter")
    assert painted(page)["weights"] == weights
    page.get_by_test_id("stage-preset").select_option("blur")
    wait_painted(page, preset="blur", weights="")


def test_it_walks_by_itself_and_step_by_step(page: Page, app_url: str) -> None:
    open_stage(page, f"{app_url}/filter-sliding?{TINY.replace('2,2', '4,4')}")
    play = page.get_by_test_id("stage-play")
    play.click()
    wait_painted(page, cell="0,2")
    play.click()
    expect(play).to_contain_text("▶")
    page.wait_for_url(lambda url: "cell=" in url and "cell=4" not in url)
    row, column = map(int, re.findall(r"cell=(\d)%2C(\d)", page.url)[0])
    stopped = f"{row},{column}"
    wait_painted(page, cell=stopped)
    page.get_by_test_id("stage-step").click()
    following = divmod(row * 5 + column + 1, 5)
    wait_painted(page, cell=f"{following[0]},{following[1]}")
    page.get_by_test_id("stage-back").click()
    wait_painted(page, cell=stopped)


def test_less_motion_leaves_the_step(page: Page, app_url: str) -> None:
    page.emulate_media(reduced_motion="reduce")
    open_stage(page, f"{app_url}/filter-sliding?{TINY}")
    expect(page.get_by_test_id("stage-play")).to_be_hidden()
    page.get_by_test_id("stage-step").click()
    wait_painted(page, cell="2,3")


def test_illegal_settings_cannot_be_reached(page: Page, app_url: str) -> None:
    open_stage(page, f"{app_url}/filter-sliding?{TINY}&preset=edge")
    size = page.get_by_test_id("stage-kernel_size")
    assert [size.get_attribute(name) for name in ("min", "max", "step")] == ["3", "7", "2"]
    drag(page, "kernel_size", 5)
    wait_painted(page, kernel_size=5)
    expect(page.get_by_test_id("stage-dilation")).to_be_disabled()
    page.get_by_test_id("stage-same").check()
    wait_painted(page, same=True)
    padding = page.locator("label.control", has=page.get_by_test_id("stage-padding"))
    expect(padding.locator("output")).to_have_text("2")
    expect(page.locator(".readout")).to_contain_text("⌊(7 + 2·2 − 1·(5 − 1) − 1) / 1⌋ + 1 = 7")
    expect(page.get_by_test_id("stage-stride")).to_be_disabled()
    expect(page.get_by_test_id("stage-dilation")).to_be_enabled()


def test_a_link_that_does_not_fit_together_opens_with_the_defaults(
    page: Page, app_url: str
) -> None:
    values = open_stage(
        page, f"{app_url}/filter-sliding?lang=en&scene=tiny&kernel_size=7&dilation=3"
    )
    assert (values["scene"], values["kernel_size"], values["dilation"]) == ("crop32", 3, 1)
    expect(page.get_by_text("becomes 30 × 30 × 1")).to_be_visible()


def test_a_picture_becomes_a_signal_and_back(page: Page, app_url: str) -> None:
    open_stage(page, f"{app_url}/filter-sliding?lang=ko")
    page.get_by_test_id("stage-scene").select_option("signal")
    wait_painted(page, scene="signal", preset="derivative")
    said = page.locator(CANVAS).first.get_attribute("aria-label") or ""
    assert "1 × 32 × 1" in said
    page.locator(CANVAS).first.hover(position={"x": 300, "y": 300})
    wait_painted(page, cell="0,14")
    page.get_by_test_id("stage-scene").select_option("tiny")
    wait_painted(page, scene="tiny", preset="sobel_x")


def test_the_square_can_be_moved_and_made_smaller(page: Page, app_url: str) -> None:
    open_stage(page, f"{app_url}/filter-sliding?lang=en")
    before = pixels_hash(page)
    page.get_by_test_id("stage-nearer").click()
    wait_painted(page, spot="50,50,80")
    page.get_by_test_id("stage-spot").press("ArrowRight")
    wait_painted(page, spot="54,50,80")
    assert pixels_hash(page) != before
    page.wait_for_url("**spot=54%2C50%2C80**")


def test_a_finger_can_do_what_hovering_does(page: Page, app_url: str) -> None:
    open_stage(page, f"{app_url}/filter-sliding?{TINY}")
    page.locator(CANVAS).first.dispatch_event(
        "pointerdown", page.locator(CANVAS).first.evaluate(TOUCH, [OUTPUT["x"], OUTPUT["y"]])
    )
    wait_painted(page, cell="0,2")


TOUCH = """(canvas, [x, y]) => {
  const box = canvas.getBoundingClientRect()
  return { clientX: box.left + x, clientY: box.top + y, pointerType: "touch", bubbles: true }
}"""

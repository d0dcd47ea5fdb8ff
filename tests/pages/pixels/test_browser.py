"""Pixels in a real browser: zoom, drag, wheel, keys, hovering, channels, files, odd pictures."""

import io
import re

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import FilePayload, Locator, Page, expect

from engine.pictures import sample
from engine.serving.pixels.compute import Setting, weigh
from tests.browser.stage_driver import (
    CANVAS,
    drag,
    open_stage,
    painted,
    pixels_hash,
    release,
    wait_painted,
)


def canvas(page: Page) -> Locator:
    return page.locator(CANVAS)


def hovered(page: Page, x: float, y: float) -> tuple[int, int, list[int]]:
    """Column, row and values that the readout tells with the pointer at a part of the canvas."""
    box = canvas(page).bounding_box()
    assert box
    before = page.locator(".readout h4").first.inner_text()
    page.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"])
    expect(page.locator(".readout h4").first).not_to_have_text(before)
    return told(page)


def told(page: Page) -> tuple[int, int, list[int]]:
    place = page.locator(".readout h4").first.inner_text()
    column, row = map(int, re.findall(r"(\d+)", place))
    values = page.locator(".readout .values").inner_text()
    return column, row, [int(value) for value in re.findall(r"(\d+)", values)]


def test_zoom_moves_the_picture_while_dragging(page: Page, app_url: str) -> None:
    open_stage(page, f"{app_url}/pixels?lang=en&zoom=1")
    before = pixels_hash(page)
    drag(page, "zoom", 32)
    wait_painted(page, zoom=32)
    assert pixels_hash(page) != before
    assert "zoom=32" not in page.url  # the page learns of it on release
    release(page, "zoom")
    page.wait_for_url("**zoom=32*")


def test_resolution_asks_the_engine_while_dragging(page: Page, app_url: str) -> None:
    open_stage(page, f"{app_url}/pixels?lang=en&zoom=1")
    before = pixels_hash(page)
    drag(page, "resolution", 16)
    wait_painted(page, resolution=16)
    assert pixels_hash(page) != before
    expect(page.locator(".readout .reckoning")).to_contain_text("= 528 bytes")
    weight = weigh(sample("chelsea"), Setting(16, 24, False, "rgb"))
    expect(page.locator(".readout .files")).to_contain_text(f"{weight.png.file_bytes:,} B · exact")
    loss = f"{weight.jpegs[0].file_bytes:,} B · {weight.jpegs[0].psnr_db:.1f} dB"
    expect(page.locator(".readout .files")).to_contain_text(loss)


def test_the_hovered_pixel_tells_its_values(page: Page, app_url: str) -> None:
    open_stage(page, f"{app_url}/pixels?lang=en")
    for x, y in ((0.9, 0.3), (0.2, 0.8)):
        column, row, values = hovered(page, x, y)
        assert values == sample("chelsea").pixels[row, column].tolist()


def test_the_wheel_zooms_around_the_pointer(page: Page, app_url: str) -> None:
    open_stage(page, f"{app_url}/pixels?lang=en&zoom=4")
    column, row, _ = hovered(page, 0.7, 0.4)
    page.mouse.wheel(0, -400)
    page.wait_for_url("**zoom=6*")
    assert painted(page)["zoom"] == pytest.approx(4 * 2**0.8, abs=0.02)
    after = told(page)
    assert abs(after[0] - column) <= 1
    assert abs(after[1] - row) <= 1


def test_dragging_moves_the_picture_with_the_hand(page: Page, app_url: str) -> None:
    open_stage(page, f"{app_url}/pixels?lang=en")
    column, row, _ = hovered(page, 0.3, 0.3)
    page.mouse.down()
    box = canvas(page).bounding_box()
    assert box
    page.mouse.move(box["x"] + 0.6 * box["width"], box["y"] + 0.5 * box["height"], steps=5)
    page.mouse.up()
    page.wait_for_url("**at=*")
    assert told(page)[:2] == (column, row)


def test_keys_go_from_pixel_to_pixel_and_zoom(page: Page, app_url: str) -> None:
    open_stage(page, f"{app_url}/pixels?lang=en&zoom=48")
    canvas(page).focus()
    column, row, _ = told(page)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowDown")  # ten pixels: the window goes along
    wanted = f"column {column + 1}, row {row + 10}"
    expect(page.locator(".readout h4").first).to_contain_text(wanted)
    expect(canvas(page)).to_have_attribute("aria-label", re.compile(wanted))
    page.keyboard.press("-")
    page.wait_for_url("**zoom=33.94*")
    page.keyboard.press("0")
    page.wait_for_url("**zoom=1*")


def test_channels_are_taken_out_and_mixed_again(page: Page, app_url: str) -> None:
    open_stage(page, f"{app_url}/pixels?lang=en")
    for name, channels in (("red", "gb"), ("blue", "g"), ("green", "none"), ("red", "r")):
        page.get_by_test_id(f"stage-{name}").click()
        wait_painted(page, channels=channels)
    column, row, values = told(page)
    assert values == [int(sample("chelsea").pixels[row, column, 0]), 0, 0]


def test_dithering_can_be_reached_at_one_bit_only(page: Page, app_url: str) -> None:
    open_stage(page, f"{app_url}/pixels?lang=ko&zoom=1")
    dither = page.get_by_test_id("stage-dither")
    expect(dither).to_be_disabled()
    page.get_by_test_id("stage-bits").select_option("1")
    wait_painted(page, bits="1")
    before = pixels_hash(page)
    dither.check()
    wait_painted(page, dither=True)
    assert pixels_hash(page) != before
    expect(page.get_by_test_id("stage-red")).to_be_disabled()
    assert told(page)[2] in ([0], [1])


@pytest.mark.parametrize(("height", "width"), [(1, 1), (1900, 1), (1, 1900)])
def test_odd_pictures_are_shown(page: Page, app_url: str, height: int, width: int) -> None:
    pixels = np.full((height, width, 3), (200, 30, 90), np.uint8)
    data = io.BytesIO()
    Image.fromarray(pixels).save(data, "PNG")
    file = FilePayload(name="odd.png", mimeType="image/png", buffer=data.getvalue())
    answer = page.request.post(f"{app_url}/api/v1/pictures", multipart={"file": file})
    open_stage(page, f"{app_url}/pixels?lang=en&zoom=1&pic={answer.json()['token']}")
    zoom = page.get_by_test_id("stage-zoom")
    for nearer in (False, True):
        if nearer and height == width:
            expect(zoom).to_be_disabled()
        elif nearer:
            drag(page, "zoom", 48)
            wait_painted(page, zoom=48)
        assert told(page)[2] == [200, 30, 90]
        middle = canvas(page).evaluate(
            "c => [...c.getContext('2d').getImageData(c.width / 2 - 30, 0, 60, c.height).data]"
        )
        assert [200, 30, 90, 255] in np.reshape(middle, (-1, 4)).tolist()

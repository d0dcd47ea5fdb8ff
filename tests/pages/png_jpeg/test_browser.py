"""PNG and JPEG in a real browser: quality dragged, the lens moved, a block chosen."""

import re

from playwright.sync_api import Page, expect

from engine.serving.png_jpeg.compute import measured
from tests.browser.stage_driver import (
    CANVAS,
    chart_series,
    drag,
    open_stage,
    pixels_hash,
    release,
    wait_chart,
    wait_painted,
)


def test_a_walk(page: Page, app_url: str) -> None:
    open_stage(page, f"{app_url}/png-jpeg?lang=en")
    wait_painted(page, quality=10)
    before = pixels_hash(page)
    drag(page, "quality", 60)
    wait_painted(page, quality=60)
    assert pixels_hash(page) != before
    assert "quality=60" not in page.url  # the page learns of it on release
    told = page.get_by_test_id("files")
    file = measured("chelsea", "own", "jpeg", 60)
    expect(told).to_contain_text(f"{file.file_bytes:,}")
    expect(told).to_contain_text(f"{file.psnr_db:.1f} dB")
    release(page, "quality")
    page.wait_for_url("**quality=60*")
    picture = page.locator(CANVAS).first
    picture.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_url("**lens=39*")
    page.get_by_test_id("stage-subject").select_option("noise")
    wait_painted(page, subject="noise")
    noise = measured("chelsea", "noise", "jpeg", 60)
    expect(picture).to_have_attribute("aria-label", re.compile(f"{noise.file_bytes:,}"))
    block = page.locator(CANVAS).nth(1)
    expect(block).to_have_attribute("aria-label", re.compile("bits in the file"))
    box = block.bounding_box()
    assert box
    place = page.locator(".readout h4").filter(has_text="Block of columns")
    expect(place).to_be_visible()
    chosen = place.inner_text()
    block.click(position={"x": 200, "y": 150})
    expect(place).not_to_have_text(chosen)
    block.focus()
    chosen = place.inner_text()
    page.keyboard.press("ArrowDown")
    expect(place).not_to_have_text(chosen)
    page.keyboard.press("Shift+ArrowDown")
    expect(page.locator(".readout h4").filter(has_text="Wave 1 across, 1 down")).to_be_visible()
    rows_and_generations(page)


def rows_and_generations(page: Page) -> None:
    """The stages of the opened PNG and of the saves upon saves, on a page that is open."""
    png = page.locator(CANVAS).nth(2)
    png.focus()
    page.keyboard.press("ArrowDown")
    expect(png).to_have_attribute("aria-label", re.compile("^Row 41"))
    page.get_by_test_id("stage-between").select_option("nothing")
    wait_chart(page, "generations", between="nothing")
    assert [len(each["y"]) for each in chart_series(page, "generations").values()] == [10, 10, 10]

"""Training studio in a real browser: a run outlives reloads, is stopped, taken up, and used."""

import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.browser.stage_driver import CANVAS, open_stage

PATIENCE_MS = 60_000
SETTINGS = "lang=en&data=shapes32&net=small_vgg&epochs=40&per_class=50&batch_size=32"


def step_of(page: Page) -> int:
    text = page.locator("[data-testid^='run-'][data-status]").first.inner_text()
    found = re.search(r"step (\d+)", text)
    return int(found[1]) if found else 0


def expect_status(page: Page, status: str) -> None:
    chosen = page.locator("[data-testid^='run-'][data-status]").first
    expect(chosen).to_have_attribute("data-status", re.compile(status), timeout=PATIENCE_MS)


def curves(page: Page) -> str:
    return page.locator(CANVAS).nth(1).evaluate("canvas => canvas.toDataURL()")


def test_shapes_are_learnt_through_a_reload_a_stop_and_a_resume(
    page: Page, browser: Browser, app_url: str
) -> None:
    open_stage(page, f"{app_url}/training-studio?{SETTINGS}")
    before = curves(page)
    page.get_by_test_id("stage-begin").click()
    expect_status(page, "running")
    page.wait_for_url("**names=small-vgg-shapes32-**")
    expect(page.get_by_test_id("run-stop")).to_be_visible()
    assert curves(page) != before

    page.reload()
    expect_status(page, "running")
    reached = step_of(page)
    other = browser.new_page()  # another browser: sees the run, may not stop it
    other.goto(page.url)
    expect_status(other, "running")
    expect(other.get_by_text("you can look")).to_be_visible()
    assert other.get_by_test_id("run-stop").count() == 0
    own = other.evaluate("localStorage.getItem('fovea-owner')")
    key = page.evaluate("localStorage.getItem('fovea-owner')")
    other.goto(f"{page.url}&owner={key}")  # the owner's link
    expect(other.get_by_test_id("run-stop")).to_be_visible(timeout=PATIENCE_MS)
    assert "owner=" not in other.url
    assert other.evaluate("localStorage.getItem('fovea-owner')") == own
    other.close()

    page.get_by_test_id("run-stop").click()
    expect_status(page, "stopped")
    stopped = step_of(page)
    assert stopped >= reached
    page.get_by_test_id("run-resume").click()
    expect_status(page, "running")
    page.get_by_test_id("run-stop").click()
    expect_status(page, "stopped")
    assert step_of(page) >= stopped

    said = page.locator(CANVAS).nth(3)
    expect(said).to_have_attribute(
        "aria-label",
        re.compile(r"The network says (nothing|circle|square|triangle), \d"),
        timeout=PATIENCE_MS,
    )


@pytest.fixture
def zip_of_two(tmp_path: Path) -> Path:
    """Dark and bright pictures, a folder each, and a file that is no picture."""
    import zipfile

    path = tmp_path / "mine.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, low in (("dark", 0), ("bright", 180)):
            for i in range(8):
                pixels = np.random.default_rng(i).integers(low, low + 60, (40, 40, 3), np.uint8)
                file = tmp_path / f"{name}{i}.png"
                Image.fromarray(pixels).save(file)
                archive.write(file, f"{name}/{i}.png")
        archive.writestr("dark/notes.txt", "no picture")
    return path


def test_own_pictures_are_read_and_can_be_chosen(
    page: Page, app_url: str, zip_of_two: Path
) -> None:
    open_stage(page, f"{app_url}/training-studio?lang=en&data=digits&net=softmax&epochs=2")
    page.get_by_text("My own pictures (zip)").click()
    page.locator("input[type=file]").last.set_input_files(zip_of_two)
    expect(page.get_by_text("bright 8, dark 8")).to_be_visible(timeout=PATIENCE_MS)
    expect(page.get_by_text("notes.txt")).to_be_visible()
    page.get_by_test_id("stage-data").select_option("own")
    expect(page.locator(CANVAS).first).to_have_attribute(
        "aria-label", re.compile("bright, dark"), timeout=PATIENCE_MS
    )
    page.get_by_test_id("stage-begin").click()
    expect_status(page, "finished")


def test_a_segmenter_is_chosen_trained_and_its_masks_are_read(page: Page, app_url: str) -> None:
    asked = "lang=en&epochs=1&mask_scenes=20&width=4"
    open_stage(page, f"{app_url}/training-studio?{asked}")
    page.get_by_test_id("stage-net").select_option("unet")
    expect(page.get_by_test_id("stage-data")).to_have_value("panoptic96")
    first = page.locator(CANVAS).first
    expect(first).to_have_attribute(
        "aria-label", re.compile("masks of the classes sky"), timeout=PATIENCE_MS
    )
    expect(page.get_by_test_id("stage-loss")).to_be_disabled()
    page.get_by_test_id("stage-begin").click()
    page.wait_for_url("**names=unet-panoptic96-**")
    masks = page.locator(CANVAS).nth(2)
    expect(masks).to_have_attribute("aria-label", re.compile(r"mIoU \d"), timeout=PATIENCE_MS)
    masks.focus()
    page.keyboard.press("ArrowDown")
    facts = page.get_by_test_id("epoch-facts")
    expect(facts.nth(1)).to_contain_text("Scene 1, pixel (48, 49)")
    page.get_by_test_id("stage-net").select_option("small_vgg")
    expect(page.get_by_test_id("stage-data")).to_have_value("shapes32")

"""Labels in a real browser: proposals taken, boxes drawn, kept over a reload, read and written."""

import io
import json
import re
import zipfile
from pathlib import Path

import skimage
from playwright.sync_api import Page, expect

from tests.browser.stage_driver import CANVAS, at_rest, open_stage, release, wait_painted

URL = "labels?lang=en"
SAVED = "Saved in this browser"
CAT = Path(skimage.__file__).parent / "data" / "chelsea.png"


def opened(page: Page, app_url: str) -> None:
    """The sample, and what NanoDet proposes for it."""
    open_stage(page, f"{app_url}/{URL}")
    expect(page.get_by_test_id("act-accept_all")).to_be_enabled()
    expect(page.get_by_test_id("kept")).to_contain_text(SAVED)


def counts(page: Page) -> list[str]:
    return page.get_by_test_id("photo").all_inner_texts()


def corners(page: Page) -> list[int]:
    """Of the selected box, as the page says them: x1, y1, x2, y2."""
    told = re.findall(r"\d+", page.get_by_test_id("selected").inner_text())
    x1, x2, y1, y2 = map(int, told[:4])
    return [x1, y1, x2, y2]


def test_proposals_are_taken_and_a_reload_loses_nothing(page: Page, app_url: str) -> None:
    opened(page, app_url)
    assert counts(page) == ["coffee.png (0)"]
    page.get_by_test_id("act-accept_all").click()
    expect(page.get_by_test_id("photo")).not_to_have_text("coffee.png (0)")
    taken = counts(page)
    expect(page.get_by_test_id("act-accept_all")).to_be_disabled()
    expect(page.get_by_test_id("kept")).to_contain_text(SAVED)
    page.reload()
    expect(page.get_by_test_id("photo")).to_have_text(taken[0])
    expect(page.get_by_test_id("classes")).to_contain_text("dining table")


def test_a_box_is_drawn_mended_by_keys_and_taken_back(page: Page, app_url: str) -> None:
    opened(page, app_url)
    page.get_by_test_id("class-name").fill("cup")
    page.get_by_test_id("class-add").click()
    place = at_rest(page.locator(CANVAS))
    page.mouse.move(place["x"] + 180, place["y"] + 40)
    page.mouse.down()
    page.mouse.move(place["x"] + 300, place["y"] + 150, steps=5)
    page.mouse.move(place["x"] + 380, place["y"] + 200, steps=5)
    page.mouse.up()
    expect(page.get_by_test_id("photo")).to_have_text("coffee.png (1)")
    expect(page.get_by_test_id("stored-kitti")).to_contain_text("cup 0 3 -10")
    x1, y1, x2, y2 = corners(page)
    assert x2 - x1 > 150
    page.locator(CANVAS).focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowDown")
    wanted = [x1 + 1, y1, x2 + 1, y2 + 1]
    assert corners(page) == wanted
    expect(page.get_by_test_id("stored-kitti")).to_contain_text(" ".join(map(str, wanted)))
    page.keyboard.press("Control+d")
    expect(page.get_by_test_id("photo")).to_have_text("coffee.png (2)")
    page.keyboard.press("Delete")
    expect(page.get_by_test_id("photo")).to_have_text("coffee.png (1)")
    for _ in range(5):
        page.keyboard.press("Control+z")
    expect(page.get_by_test_id("photo")).to_have_text("coffee.png (0)")
    page.keyboard.press("Control+y")
    expect(page.get_by_test_id("photo")).to_have_text("coffee.png (1)")


def test_a_press_on_a_proposal_takes_it(page: Page, app_url: str) -> None:
    opened(page, app_url)
    place = at_rest(page.locator(CANVAS))
    page.mouse.click(place["x"] + 30, place["y"] + 320)
    expect(page.get_by_test_id("photo")).to_have_text("coffee.png (1)")
    expect(page.get_by_test_id("selected")).to_contain_text("of 600 × 400")
    expect(page.get_by_test_id("stored-voc")).to_contain_text("<name>dining table</name>")


def test_photos_and_labels_come_in_and_go_out_again(page: Page, app_url: str) -> None:
    opened(page, app_url)
    voc = "<annotation><filename>chelsea.png</filename><object><name>cat</name><bndbox>"
    voc += "<xmin>11</xmin><ymin>21</ymin><xmax>110</xmax><ymax>220</ymax></bndbox></object>"
    files = [
        {"name": "chelsea.png", "mimeType": "image/png", "buffer": CAT.read_bytes()},
        {"name": "chelsea.xml", "mimeType": "text/xml", "buffer": f"{voc}</annotation>".encode()},
    ]
    page.get_by_test_id("label-files").set_input_files(files)  # type: ignore[arg-type]
    expect(page.get_by_test_id("photo")).to_have_text(["coffee.png (0)", "chelsea.png (1)"])
    expect(page.get_by_test_id("kept")).to_contain_text(SAVED)
    with page.expect_download() as told:
        page.get_by_test_id("act-export").click()
    with zipfile.ZipFile(io.BytesIO(Path(told.value.path()).read_bytes())) as archive:
        coco = json.loads(archive.read("annotations.json"))
        assert archive.read("images/chelsea.png") == CAT.read_bytes()
    assert [each["bbox"] for each in coco["annotations"]] == [[10, 20, 100, 200]]
    wrong = {"name": "chelsea.txt", "mimeType": "text/plain", "buffer": b"0 1 2"}
    page.get_by_test_id("label-files").set_input_files([wrong])  # type: ignore[list-item]
    expect(page.get_by_test_id("said")).to_contain_text("chelsea.txt, line 1")
    assert counts(page) == ["coffee.png (0)", "chelsea.png (1)"]


def test_all_is_deleted_when_that_is_wanted(page: Page, app_url: str) -> None:
    opened(page, app_url)
    page.get_by_test_id("act-accept_all").click()
    expect(page.get_by_test_id("photo")).not_to_have_text("coffee.png (0)")
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_test_id("act-forget").click()
    expect(page.get_by_test_id("photo")).to_have_text("coffee.png (0)")
    expect(page.get_by_test_id("kept")).to_contain_text(SAVED)
    page.reload()
    expect(page.get_by_test_id("photo")).to_have_text("coffee.png (0)")


def test_the_score_sifts_proposals_and_zoom_shows_the_photo_larger(
    page: Page, app_url: str
) -> None:
    opened(page, app_url)
    few = page.get_by_test_id("act-accept_all").inner_text()
    page.get_by_role("button", name="Unsure proposals too").click()
    wait_painted(page, score=0.1)
    expect(page.get_by_test_id("act-accept_all")).not_to_have_text(few)
    page.get_by_role("button", name="Close to the edge").click()
    wait_painted(page, zoom=3)
    release(page, "zoom")

"""Labels in a real browser: proposals taken, boxes drawn, kept over a reload, read and written."""

import io
import json
import re
import zipfile
from pathlib import Path

import skimage
from PIL import Image, ImageOps
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


def pinch(page: Page, by: float) -> None:
    """Two fingers on the photo go apart, or together, by a factor."""
    place = at_rest(page.locator(CANVAS).first)
    x, y = place["x"] + place["width"] / 2, place["y"] + place["height"] / 2
    client = page.context.new_cdp_session(page)
    client.send("Emulation.setTouchEmulationEnabled", {"enabled": True, "maxTouchPoints": 2})

    def touch(kind: str, *offsets: float) -> None:
        points = [{"x": x + offset, "y": y, "id": n} for n, offset in enumerate(offsets)]
        client.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    touch("touchStart", -60)
    touch("touchStart", -60, 60)
    for part in (0.5, 1):
        wide = 60 * (1 + part * (by - 1))
        touch("touchMove", -wide, wide)
    touch("touchEnd")


def test_proposals_are_taken_and_a_reload_loses_nothing(page: Page, app_url: str) -> None:
    opened(page, app_url)
    assert counts(page) == ["coffee.png (0)"]
    page.get_by_test_id("act-accept_all").click()
    expect(page.get_by_test_id("photo")).not_to_have_text("coffee.png (0)")
    taken = counts(page)
    with page.expect_download() as told:
        page.get_by_test_id("stage-numbers").first.click()
    numbers = json.loads(Path(told.value.path()).read_text())["about"]
    assert f"({len(numbers['photos'][0]['boxes'])})" in taken[0]
    assert "dining table" in numbers["classes"]
    expect(page.get_by_test_id("act-accept_all")).to_be_disabled()
    expect(page.get_by_test_id("kept")).to_contain_text(SAVED)
    page.reload()
    expect(page.get_by_test_id("photo")).to_have_text(taken[0])
    expect(page.get_by_test_id("classes")).to_contain_text("dining table")


def test_a_box_is_drawn_mended_by_keys_and_taken_back(page: Page, app_url: str) -> None:
    opened(page, app_url)
    page.get_by_test_id("class-name").fill("cup")
    page.get_by_test_id("class-add").click()
    place = at_rest(page.locator(CANVAS).first)
    page.mouse.move(place["x"] + 180, place["y"] + 40)
    page.mouse.down()
    page.mouse.move(place["x"] + 300, place["y"] + 150, steps=5)
    page.mouse.move(place["x"] + 380, place["y"] + 200, steps=5)
    page.mouse.up()
    expect(page.get_by_test_id("photo")).to_have_text("coffee.png (1)")
    expect(page.get_by_test_id("stored-kitti")).to_contain_text("cup 0 3 -10")
    x1, y1, x2, y2 = corners(page)
    assert x2 - x1 > 150
    page.locator(CANVAS).first.focus()
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
    place = at_rest(page.locator(CANVAS).first)
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


def labelled_cats(page: Page, app_url: str) -> None:
    """The cat and its mirrored picture, each with its true box, as files bring them."""
    opened(page, app_url)
    mirrored = io.BytesIO()
    ImageOps.mirror(Image.open(CAT)).save(mirrored, "PNG")
    files = []
    for name, content, left in (
        ("cat", CAT.read_bytes(), 60),
        ("mirrored", mirrored.getvalue(), 51),
    ):
        files.append({"name": f"{name}.png", "mimeType": "image/png", "buffer": content})
        kitti = f"cat 0 3 -10 {left} 10 {left + 340} 290 -1 -1 -1 -1000 -1000 -1000 -10\n"
        files.append({"name": f"{name}.txt", "mimeType": "text/plain", "buffer": kitti.encode()})
    page.get_by_test_id("label-files").set_input_files(files)
    expect(page.get_by_test_id("photo").nth(2)).to_have_text("mirrored.png (1)")
    expect(page.get_by_test_id("kept")).to_contain_text(SAVED)


def test_a_detector_learns_from_the_labels_and_others_judge_by_them(
    page: Page, app_url: str
) -> None:
    labelled_cats(page, app_url)
    page.get_by_test_id("stage-learner").select_option("detectnet")
    page.get_by_test_id("held_out").select_option(label="mirrored.png (1)")
    passes = page.get_by_test_id("stage-passes")
    passes.fill("2")
    expect(page.get_by_test_id("train-warning")).to_contain_text("1 box on 2 photos")
    page.get_by_test_id("stage-train").click()
    status = page.get_by_test_id("train-status")
    expect(status).to_have_attribute("data-status", "finished")
    expect(page.get_by_test_id("train-ap50")).to_contain_text("AP50 on the held-out photo")
    assert "begun=detectnet-own-" in page.url
    page.goto(f"{app_url}/average-precision?lang=en")
    take_labels(page)
    page.wait_for_url(re.compile("truth=.*detector=nanodet|detector=nanodet.*truth="))
    wait_painted(page, detector="nanodet")
    expect(page.get_by_text(re.compile("2 photos"))).to_be_visible()
    page.goto(f"{app_url}/selective-search?lang=en")
    take_labels(page)
    page.wait_for_url(re.compile(r"truth=\d"))
    expect(page.get_by_test_id("drawn")).to_be_visible()


def take_labels(page: Page) -> None:
    fold = page.get_by_test_id("own-labels").first
    fold.locator("summary").click()
    fold.get_by_test_id("own-labels-take").click()


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
    pinch(page, by=2 / 3)
    wait_painted(page, zoom=2)

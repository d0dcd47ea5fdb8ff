"""Haar and HOG in a real browser: the cascade's stages, HOG's response, and an own SVM."""

import csv
import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.stage_driver import (
    CANVAS,
    chart,
    chart_series,
    drag,
    open_stage,
    painted,
    pixels_hash,
    release,
    scroll_to,
    wait_chart,
    wait_painted,
)

URL = "haar-hog?lang=en&pic=astronaut&factor=1.4"


def row(page: Page, name: str) -> float:
    return float(page.get_by_test_id(f"row-{name}").first.inner_text().replace(",", ""))


def test_dragging_the_stage_leaves_fewer_windows(page: Page, app_url: str) -> None:
    open_stage(page, f"{app_url}/{URL}&stage=1")
    expect(page.get_by_test_id("verdict")).to_contain_text("passed all 25 stages")
    many, before = row(page, "left"), pixels_hash(page)
    drag(page, "stage", 25)
    wait_painted(page, stage=25)
    assert 0 < row(page, "left") < 100 < many
    assert pixels_hash(page) != before
    assert page.get_by_test_id("row-opencv").inner_text().endswith("=")
    release(page, "stage")
    page.wait_for_url("**stage=25**")


def test_a_click_opens_a_window_and_buttons_walk_over_its_features(
    page: Page, app_url: str
) -> None:
    open_stage(page, f"{app_url}/{URL}&stage=25")
    verdict = page.get_by_test_id("verdict")
    expect(verdict).to_contain_text("passed all")
    page.locator(CANVAS).first.click(position={"x": 40, "y": 330})
    expect(verdict).to_contain_text("stopped at stage")
    counter = page.get_by_test_id("feature")
    expect(counter).to_contain_text("feature 1 /")
    before = row(page, "value"), pixels_hash(page)
    page.get_by_test_id("stage-next").click()
    expect(counter).to_contain_text("feature 2 /")
    assert (row(page, "value"), pixels_hash(page)) != before
    page.locator(CANVAS).first.press("ArrowRight")
    wait_painted(page, tree="1")
    x = int(painted(page)["spot"].split(",")[0])
    page.locator(CANVAS).first.press("ArrowRight")
    page.wait_for_url(f"**spot={x + 4}%2C**")


def stage_of(page: Page, index: int) -> Locator:
    """One of the page's three stages, once it is painted."""
    found = page.locator(".stage").nth(index)
    scroll_to(found)
    found.locator(f"{CANVAS}[data-painted]").wait_for()
    return found


def expect_painted(stage: Locator, **values: object) -> None:
    """Wait until the stage's picture belongs to these values."""
    for name, value in values.items():
        part = re.escape(f'"{name}":{json.dumps(value)}')
        expect(stage.locator(CANVAS)).to_have_attribute("data-painted", re.compile(part))


def test_a_response_adds_up_from_its_cells(page: Page, app_url: str) -> None:
    page.goto(f"{app_url}/haar-hog?lang=en&pic=chelsea&factor=2&layer=cells")
    hog = stage_of(page, 1)
    drag(page, "level", 2)
    expect_painted(hog, level=2, layer="cells")
    expect(hog.get_by_test_id("row-bin")).to_be_visible()
    hog.get_by_test_id("stage-layer").select_option("response")
    expect_painted(hog, layer="response")
    hog.locator(CANVAS).press("ArrowLeft")
    expect(hog.get_by_test_id("row-response")).to_be_visible()
    names = ("for", "against", "bias", "response")
    numbers = [hog.get_by_test_id(f"row-{name}").inner_text().replace("−", "-") for name in names]
    *parts, whole = map(float, numbers)
    assert abs(sum(parts) - whole) < 0.003
    hog.get_by_test_id("stage-best").click()
    best = hog.get_by_test_id("row-best").inner_text()
    expect(hog.get_by_test_id("row-response")).to_have_text(best)


def test_boxes_are_drawn_trained_on_and_mined(page: Page, app_url: str) -> None:
    page.goto(f"{app_url}/haar-hog?lang=en&pic=chelsea&factor=2")
    svm = stage_of(page, 2)
    objects = svm.get_by_test_id("row-objects")
    expect(objects).to_have_text("2")
    box = svm.locator(CANVAS).bounding_box()
    assert box
    page.mouse.move(box["x"] + 210, box["y"] + 200)
    page.mouse.down()
    page.mouse.move(box["x"] + 270, box["y"] + 250, steps=4)
    page.mouse.up()
    expect(objects).to_have_text("3")
    page.wait_for_url("**boxes=**")
    svm.locator(CANVAS).press("Delete")
    expect(objects).to_have_text("2")
    for x, y in ((20, 180), (80, 230)):
        svm.locator(CANVAS).click(position={"x": x, "y": y})
    expect(objects).to_have_text("3")
    svm.get_by_test_id("stage-remove").click()
    expect(objects).to_have_text("2")
    wrong = int(svm.get_by_test_id("row-round-0").inner_text())
    svm.get_by_test_id("stage-mine").click()
    expect_painted(svm, rounds=1)
    expect(svm.get_by_test_id("row-background")).to_have_text(str(200 + wrong))
    assert int(svm.get_by_test_id("row-round-1").inner_text()) < wrong
    drag(page, "c", -3.5)
    expect_painted(svm, c=-3.5)
    svm.locator(CANVAS).press("Delete")
    svm.locator(CANVAS).press("Delete")
    expect(svm.locator(".message")).to_contain_text("between 1 and 50")
    expect(objects).to_have_text("1")


def test_decision_values_stand_in_three_lanes_around_the_margin(
    page: Page, app_url: str, tmp_path: Path
) -> None:
    page.goto(f"{app_url}/haar-hog?lang=en&pic=chelsea&factor=2&rounds=1")
    svm = stage_of(page, 2)
    expect_painted(svm, rounds=1)
    wait_chart(page, "svm_values", rounds=1)
    told = chart(page, "svm_values")
    background = int(svm.get_by_test_id("row-background").inner_text().replace(",", ""))
    lanes = chart_series(page, "svm_values")
    objects, sampled, hard = (
        lanes[n] for n in ("your boxes", "sampled background", "hard or drawn")
    )
    assert (len(objects["x"]), len(sampled["x"])) == (2, 200)
    assert len(hard["x"]) == background - 200 > 0
    assert min(objects["y"]) > 2 > max(sampled["y"]) > 1 > max(hard["y"]) > 0 > -min(hard["y"])
    margin = told.locator(".plot").evaluate("plot => plot.layout.shapes[0]")
    assert (margin["type"], margin["x0"], margin["x1"]) == ("rect", -1, 1)
    plot = told.locator(".plot")
    plot.press("ArrowRight")
    expect(told.locator("[aria-live]")).to_have_text(
        re.compile(r"^your boxes, Decision value w · x \+ b −?[\d.]+$")
    )
    with page.expect_download() as download:
        told.get_by_role("button", name="CSV").click()
    download.value.save_as(tmp_path / "values.csv")
    with (tmp_path / "values.csv").open(encoding="utf-8-sig", newline="") as file:
        head, *rows = csv.reader(file)
    assert head == ["Example", "Decision value w · x + b"]
    assert len(rows) == 2 + background
    saved = [float(value) for name, value in rows if name == "your boxes"]
    assert saved == pytest.approx(objects["x"], rel=1e-5)  # a float32 holds 7 digits

"""IoU and AP in a real browser: drag the score, draw a truth, drag a prediction."""

import json
import re

import pytest
import torch
from playwright.sync_api import Locator, Page, expect

from engine.detection.average_precision import PrecisionRecall, precision_recall
from engine.detection.drawn_boxes import read_one_box
from engine.detection.overlap import Overlap, measure_overlap
from engine.pictures import resolve
from engine.serving.binary import unpack
from tests.browser.stage_driver import (
    CANVAS,
    at_rest,
    chart_series,
    drag,
    open_stage,
    pixels_hash,
    release,
    scroll_to,
    wait_chart,
    wait_painted,
)

LINK = "average-precision?lang=en"


def row(page: Page, name: str) -> float:
    return float(page.get_by_test_id(f"row-{name}").inner_text())


def curve_of(page: Page, url: str) -> PrecisionRecall:
    answer = page.request.get(url)
    assert answer.ok, answer.text()
    arrays, about = unpack(answer.body(), answer.headers["x-arrays"])
    hits = torch.tensor(arrays["hits"]).bool()
    objects = about["objects"]
    assert isinstance(objects, int)
    return precision_recall(torch.tensor(arrays["all_scores"]), hits, objects)


def test_dragging_the_score_counts_as_the_engine_does(page: Page, app_url: str) -> None:
    open_stage(page, f"{app_url}/{LINK}")
    wait_painted(page, score=0.5)  # the stage below is painted sooner
    curve, before = curve_of(page, f"{app_url}/api/v1/average-precision"), pixels_hash(page)
    for score in (0.05, 0.5, 0.97):
        drag(page, "score", score)
        wait_painted(page, score=score)
        counts = curve.counts_at(score)
        shown = (row(page, "right"), row(page, "wrong"), row(page, "missed"))
        assert shown == (counts.true_positives, counts.false_positives, counts.false_negatives)
        assert abs(row(page, "precision") - (counts.precision or 0)) < 1e-3
        assert abs(row(page, "recall") - (counts.recall or 0)) < 1e-3
    assert pixels_hash(page) != before
    release(page, "score")
    page.wait_for_url("**score=0.97**")


def face_on(canvas: Locator) -> tuple[float, float, float, float]:
    """The astronaut's face on the page, once the canvas has come to rest: x1, y1, x2, y2."""
    scroll_to(canvas)
    box = at_rest(canvas)
    scale = min(330 / 512, box["width"] / 512)
    left, top = box["x"], box["y"] + 22
    return left + 181 * scale, top + 62 * scale, left + 268 * scale, top + 172 * scale


def test_a_truth_is_drawn_moved_and_removed(page: Page, app_url: str) -> None:
    open_stage(page, f"{app_url}/{LINK}&detector=faces&pic=astronaut&score=0.9")
    wait_painted(page, score=0.9)
    assert row(page, "objects") == 0
    canvas = page.locator(CANVAS).first
    x1, y1, x2, y2 = face_on(canvas)
    page.mouse.move(x1, y1)
    page.mouse.down()
    page.mouse.move(x1 + 20, y1 + 30, steps=3)
    page.mouse.move(x2, y2, steps=3)
    page.mouse.up()
    page.wait_for_url("**truth=**")
    expect(page.get_by_test_id("row-objects")).to_have_text("1")
    expect(page.get_by_test_id("row-right")).to_have_text("1")
    before = page.url
    canvas.press("ArrowRight")
    page.wait_for_url(lambda url: "truth=" in url and url != before)
    page.get_by_test_id("stage-box-add").click()
    expect(page.get_by_test_id("row-objects")).to_have_text("2")
    canvas.press("Delete")
    expect(page.get_by_test_id("row-objects")).to_have_text("1")


def test_boxes_stay_with_their_photo_and_all_photos_are_judged(page: Page, app_url: str) -> None:
    truth = "astronaut:354,121,523,336"
    link = f"{LINK}&detector=mtcnn&rival=faces&score=0.7&truth={truth}"
    open_stage(page, f"{app_url}/{link}&pic=camera")
    wait_painted(page, detector="mtcnn")
    expect(page.get_by_text("At this score, on 2 photos of yours")).to_be_visible()
    expect(page.get_by_text("until then everything found on this photo is wrong")).to_be_visible()
    page.get_by_test_id("stage-box-add").click()
    expect(page.get_by_test_id("row-objects")).to_have_text("2")
    page.get_by_test_id("picture-astronaut").click()
    page.wait_for_url("**pic=astronaut**")
    expect(page.get_by_test_id("row-objects")).to_have_text("2")
    assert "camera%3A350%2C350%2C650%2C650" in page.url
    expect(page.get_by_test_id("rival-ap")).to_be_visible()


def test_the_charts_show_both_detectors_and_a_bar_sets_the_iou(page: Page, app_url: str) -> None:
    open_stage(page, f"{app_url}/{LINK}&detector=detectnet&rival=windows&iou=0.75")
    wait_chart(page, "curve", iou=0.75)
    series = chart_series(page, "curve")
    curve = curve_of(
        page, f"{app_url}/api/v1/average-precision?detector=detectnet&iou=0.75&rival=none"
    )
    assert series["DetectNet-style net"]["y"] == pytest.approx(curve.precision.tolist())
    assert len(series["read at 101 recalls: their mean is AP"]["y"]) == 101
    aps = chart_series(page, "aps")
    assert len(aps["DetectNet-style net"]["y"]) == len(aps["sliding window, small net"]["y"]) == 10
    assert row(page, "ap") > float(page.get_by_test_id("rival-ap").inner_text())
    expect(page.get_by_text("mAP: mean of all classes at IoU 0.75")).to_be_visible()


def test_an_error_of_the_gallery_is_shown_above(page: Page, app_url: str) -> None:
    open_stage(page, f"{app_url}/{LINK}&score=0.6")
    wait_painted(page, score=0.6)
    gallery = page.locator(f"{CANVAS}[data-painted*='kind']")
    expect(gallery).to_be_visible()
    kinds = ("missed", "loose", "double", "confused", "both", "nothing")
    counts = [int(page.get_by_test_id(f"errors-{kind}").inner_text()) for kind in kinds]
    assert sum(counts[1:]) == row(page, "wrong")
    assert counts[0] == row(page, "missed")
    page.get_by_test_id("stage-kind").select_option("nothing")
    scene = page.get_by_test_id("error-picture")
    expect(scene).to_have_text("33")  # its first two errors stand above already
    gallery.press("ArrowRight")
    gallery.press("ArrowRight")
    expect(scene).not_to_have_text("33")
    wait_painted(page, scene=int(scene.inner_text()))
    page.wait_for_url(f"**scene={scene.inner_text()}**")


def test_a_dragged_prediction_is_measured_while_it_moves(page: Page, app_url: str) -> None:
    open_stage(page, f"{app_url}/{LINK}&truth_box=200,200,600,600&found_box=200,200,600,600")
    iou = page.get_by_test_id("overlap-iou")
    expect(iou).to_have_text("1.000")
    canvas = page.locator(f"{CANVAS}[data-painted*='found_box']")
    scroll_to(canvas)
    box = at_rest(canvas)
    middle = box["x"] + box["width"] / 2 - 30, box["y"] + 0.4 * box["height"]
    page.mouse.move(*middle)
    page.mouse.down()
    page.mouse.move(middle[0] + 60, middle[1] + 20, steps=4)
    expect(iou).not_to_have_text("1.000")  # the button is still down
    page.mouse.up()
    page.wait_for_url("**found_box=**")
    page.get_by_test_id("stage-swap").click()
    canvas.press("Shift+ArrowLeft")
    page.wait_for_url("**truth_box=200%2C200%2C595%2C600**")
    expect(canvas).to_have_attribute("data-painted", re.compile("200,200,595,600"))
    shown = [page.get_by_test_id(f"overlap-{name}").inner_text() for name in ("iou", "union")]
    expected = by_engine(canvas.get_attribute("data-painted") or "")
    assert shown == [f"{expected.iou:.3f}", f"{expected.union:,.0f} px²"]


def test_boxes_that_are_none_get_a_sentence_and_the_page_goes_on(page: Page, app_url: str) -> None:
    open_stage(page, f"{app_url}/{LINK}&detector=faces&truth=900,900,100,100")
    expect(page.get_by_text("is inside out or lies outside the picture")).to_be_visible()
    wait_painted(page, truth="")


def by_engine(painted: str) -> Overlap:
    values, size = json.loads(painted), resolve("chelsea").pixels.shape[:2]
    boxes = [read_one_box(values[name], (size[0], size[1])) for name in ("truth_box", "found_box")]
    return measure_overlap(*boxes)

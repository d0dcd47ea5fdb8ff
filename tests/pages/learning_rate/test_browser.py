"""Loss and learning rate in a real browser: a confident mistake, a divergence, a training."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.stage_driver import (
    PICTURE,
    at_rest,
    chart,
    chart_series,
    drag,
    open_stage,
    pixels_hash,
    release,
    wait_chart,
    wait_painted,
)


def test_a_confident_mistake_leaves_only_the_cross_entropy_pulling(page: Page, app_url: str):
    open_stage(page, f"{app_url}/learning-rate?lang=en")
    before = pixels_hash(page)
    drag(page, "at", -6)
    wait_painted(page, at=-6)
    assert pixels_hash(page) != before
    expect(page.get_by_test_id("loss-cross_entropy")).to_contain_text("Right after")
    expect(page.get_by_test_id("loss-squared")).to_contain_text("Still wrong")
    release(page, "at")
    page.wait_for_url("**at=-6**")


def test_a_learning_rate_too_large_is_called_divergence(page: Page, app_url: str):
    page.goto(f"{app_url}/learning-rate?lang=en&surface=valley")
    wait_chart(page, "heights", surface="valley")
    end = page.get_by_test_id("end-sgd")
    expect(end).to_contain_text("Height")
    drag(page, "rate", 2)
    expect(end).to_contain_text("Diverged")
    wait_chart(page, "heights", rate=2)
    key = chart(page, "heights").get_by_role("button", name="Gradient descent")
    expect(key).to_contain_text("lost after step")
    crosses = (
        chart(page, "heights")
        .locator(".plot")
        .evaluate(
            "plot => plot.data.filter(({marker}) => marker?.symbol === 'x').map(({x}) => x[0])"
        )
    )
    assert crosses == [1, 1]  # with momentum it is lost as soon
    expect(page.get_by_test_id("end-adamw")).to_contain_text("Height")


def test_the_surface_stands_in_3d_once_it_is_asked_for(page: Page, app_url: str):
    page.goto(f"{app_url}/learning-rate?lang=en&rate=0.2")
    wait_chart(page, "heights", rate=0.2)
    surface = chart(page, "surface")
    expect(surface).to_have_count(0)
    page.get_by_test_id("stage-in-space").click()
    wait_chart(page, "surface", rate=0.2)
    plot = surface.locator(".plot").element_handle()
    drawn = plot.evaluate(
        """plot => plot.data.map(({type, x, y, z}) => ({type, x: [...x], y: [...y], z: [...z]}))"""
    )
    assert [trace["type"] for trace in drawn] == ["scatter3d"] * 3 + ["surface"]
    assert (len(drawn[3]["z"]), len(drawn[3]["z"][0])) == (100, 100)
    heights = chart_series(page, "heights")["AdamW"]["y"]
    assert drawn[2]["z"] == pytest.approx(heights, abs=0.1)  # just above the surface
    expect(page.get_by_test_id("stage-in-space")).to_have_text("in 3-D")
    before = plot.evaluate("plot => plot.layout.scene.camera.eye.x")
    surface.locator(".plot").press("ArrowRight")
    page.wait_for_function(
        "([plot, x]) => plot.layout.scene.camera.eye.x !== x", arg=[plot, before]
    )
    drag(page, "rate", 0.5)
    wait_chart(page, "surface", rate=0.5)
    page.get_by_test_id("stage-in-space").click()
    expect(surface).to_have_count(0)
    page.wait_for_function("plot => plot.data === undefined", arg=plot)


def test_where_nothing_can_be_drawn_in_3d_a_sentence_says_so(page: Page, app_url: str):
    page.add_init_script(
        """const original = HTMLCanvasElement.prototype.getContext
        HTMLCanvasElement.prototype.getContext = function (kind, ...others) {
          return kind.includes("webgl") ? null : original.call(this, kind, ...others)
        }"""
    )
    page.goto(f"{app_url}/learning-rate?lang=ko&rate=0.2")
    wait_chart(page, "heights", rate=0.2)
    page.get_by_test_id("stage-in-space").click()
    expect(page.get_by_test_id("surface-note")).to_contain_text("WebGL이 꺼져 있거나 없습니다")
    expect(page.get_by_test_id("stage-in-space")).to_have_attribute("aria-pressed", "false")
    expect(chart(page, "surface")).to_have_count(0)


def test_the_epoch_shows_the_batch_that_the_arrow_keys_choose(page: Page, app_url: str):
    page.goto(f"{app_url}/learning-rate?lang=en&order=by_class&batch=128")
    wait_chart(page, "batch_moves", batch=128)
    expect(page.get_by_test_id("epoch-after")).to_be_visible()
    bars = chart(page, "batch_moves").locator(".plot")
    bars.focus()
    bars.press("ArrowRight")
    expect(page.get_by_test_id("epoch-classes")).to_have_text("0 1")


def test_dragging_on_the_losses_moves_the_answer(page: Page, app_url: str):
    open_stage(page, f"{app_url}/learning-rate?lang=en")
    plot = chart(page, "losses").locator(".plot")
    box = at_rest(plot)
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + 0.4 * box["width"], middle)
    page.mouse.down()
    page.mouse.move(box["x"] + 0.8 * box["width"], middle, steps=4)
    page.wait_for_function(
        "picture => JSON.parse(picture.dataset.painted).at > 0",
        arg=page.locator(PICTURE).first.element_handle(),
    )
    wait_painted(page, case="class")
    page.mouse.up()
    page.wait_for_url("**at=*")
    at = float(re.findall(r"[?&]at=(-?[\d.]+)", page.url)[0])
    wait_painted(page, at=at)
    plot.press("ArrowRight")
    wait_painted(page, at=round(at + 0.1, 1))

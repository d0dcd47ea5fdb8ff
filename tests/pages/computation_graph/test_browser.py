"""Computation graph in a real browser: drag, type, grow the graph line by line, open its nodes."""

import re

from playwright.sync_api import Page, expect

from tests.browser.stage_driver import (
    CANVAS,
    drag,
    open_stage,
    pixels_hash,
    release,
    wait_painted,
)


def test_a_graph_is_dragged_typed_grown_and_opened(page: Page, app_url: str) -> None:
    open_stage(page, f"{app_url}/computation-graph?lang=en")
    value = page.get_by_test_id("node-value").first
    expect(value).to_have_text("Value: 1.41")
    before = pixels_hash(page)
    drag(page, "x", 2)
    wait_painted(page, x=2)
    expect(value).not_to_have_text("Value: 1.41")
    assert pixels_hash(page) != before
    release(page, "x")
    page.wait_for_url("**x=2**")
    # a key opens what the node is computed from
    picture = page.locator(CANVAS).first
    picture.focus()
    page.keyboard.press("ArrowUp")
    wait_painted(page, node="1")
    expect(page.get_by_test_id("node-title")).to_have_text("SinBackward0")
    expect(page.get_by_test_id("kept").first).to_contain_text("self = Mul")
    # line by line
    whole = pixels_hash(page)
    for _ in range(3):
        page.get_by_test_id("stage-step").click()
    wait_painted(page, line="3")
    assert pixels_hash(page) != whole
    field = page.get_by_test_id("stage-expression")
    field.fill("x / (y - y)")
    field.press("Enter")
    expect(page.get_by_text("divides by zero").first).to_be_visible()
    expect(page.get_by_test_id("program")).to_contain_text("sin(a)")  # the last graph is kept
    field.fill("x * x if x > y else x + y")
    field.press("Enter")
    wait_painted(page, expression="x * x if x > y else x + y", line="")
    expect(picture).to_have_attribute("aria-label", re.compile("3 nodes, 2 of them leaves"))
    page.get_by_test_id("stage-fix").click()
    expect(page.get_by_test_id("static-cond")).to_be_visible()
    expect(page.get_by_test_id("static-refused")).to_be_visible()

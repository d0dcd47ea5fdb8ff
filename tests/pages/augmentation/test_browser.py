"""Augmentation in a real browser: drag a strength, point at samples, draw again."""

import re

from playwright.sync_api import Page, expect

from tests.browser.stage_driver import (
    CANVAS,
    chart,
    chart_series,
    drag,
    open_stage,
    pixels_hash,
    release,
    wait_painted,
)

TRAINED_MS = 180_000  # a machine may be busy


def test_dragging_a_strength_changes_the_samples(page: Page, app_url: str) -> None:
    open_stage(page, f"{app_url}/augmentation?lang=en&flip=0&rotate=0.1")
    before = pixels_hash(page)
    drag(page, "rotate", 0.9)
    wait_painted(page, rotate=0.9)
    assert pixels_hash(page) != before
    release(page, "rotate")
    page.wait_for_url("**rotate=0.9**")
    expect(page.get_by_test_id("draw-rotate")).to_contain_text("°")
    expect(page.get_by_test_id("verdict-rotate")).to_have_attribute("data-level", "risky")


def test_samples_are_read_by_keyboard_and_drawn_again(page: Page, app_url: str) -> None:
    open_stage(page, f"{app_url}/augmentation?lang=en&subject=digit&flip=0.5&rotate=0")
    heading = page.get_by_test_id("sample")
    expect(heading).to_have_text("Sample 1: what was drawn")
    canvas = page.locator(CANVAS).first
    canvas.focus()
    canvas.press("ArrowRight")
    canvas.press("ArrowRight")
    expect(heading).to_have_text("Sample 2: what was drawn")
    expect(page.get_by_test_id("verdict-flip")).to_have_attribute("data-level", "lost")
    first = pixels_hash(page)
    page.get_by_test_id("stage-again").click()
    wait_painted(page, seed=1)
    assert pixels_hash(page) != first


def test_several_seeds_are_trained_and_what_came_out_is_said(page: Page, app_url: str) -> None:
    asked = "subject=digit&flip=0&rotate=1&seeds=2&per_class=5&epochs=5"
    open_stage(page, f"{app_url}/augmentation?lang=en&{asked}")
    verdict = page.get_by_test_id("verdict")
    expect(verdict).to_contain_text("Press Train")
    page.get_by_test_id("stage-train").click()
    # The words follow the pairs: one of two may be said first.
    said = re.compile(r"over 2 seeds|of 2 seeds")
    expect(verdict).to_have_text(said, timeout=TRAINED_MS)
    expect(verdict).to_have_attribute("data-verdict", re.compile("helps|harms|undecided|same"))
    expect(page.get_by_test_id("stage-train")).to_be_hidden()
    drawn = chart(page, "outcome")
    expect(drawn).to_contain_text("At the end, 2 seeds")
    expect(drawn.get_by_role("button", name="mean ± standard deviation")).to_be_visible()
    series = chart_series(page, "outcome")
    means = series["mean ± standard deviation"]["y"]
    for side in (0, 1):
        ends = [series[f"seed {seed}"]["y"][side] for seed in (0, 1)]
        assert abs(sum(ends) / 2 - means[side]) < 1e-6
    page.reload()  # measured once, it is there at once
    expect(verdict).to_have_text(said)
    drag(page, "rotate", 0)
    release(page, "rotate")
    expect(verdict).to_contain_text("Nothing is switched on")

"""Every page opened in English by who was never here: that nothing is refused, what a person meets
on the first screen, and that it stays where it is."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from pages.ui.chapters import CHAPTERS, url_path
from tests.browser.fixtures import VIEWPORT, first_visit, note_faults
from tests.browser.stage_driver import PICTURE, RUN_ENDED, note_violations

STEMS = ["home"] + [stem for stems in CHAPTERS.values() for stem in stems]
MOST_SHIFT = 0.05  # "good" is 0.1: https://web.dev/articles/cls
NOTED = """() => {
  window.shifted = []
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      if (entry.hadRecentInput) continue
      const nodes = entry.sources.map(({ node, previousRect, currentRect }) =>
        `${node?.dataset?.testid ?? node?.className ?? node?.nodeName}: `
        + `${previousRect.y} to ${currentRect.y}`)
      window.shifted.push([entry.value, nodes])
    }
  }).observe({ type: "layout-shift", buffered: true })
}"""


@pytest.fixture
def newcomer(browser: Browser) -> Iterator[Page]:
    """A page in a browser that has nothing of this server yet: all comes as late as it can."""
    page = first_visit(browser)
    page.add_init_script(f"({NOTED})()")
    faults = note_faults(page)
    yield page
    page.context.close()
    assert not faults, faults


@pytest.mark.parametrize("stem", STEMS)
def test_the_first_screen_holds_what_matters_nothing_jumps_and_nothing_is_refused(
    newcomer: Page, app_url: str, refusals: Path, stem: str
) -> None:
    page, violations = newcomer, note_violations(newcomer)
    page.goto(f"{app_url}/{url_path(stem)}?lang=en")
    main = page.locator("[class*=st-key-room_]").first  # whichever stage is painted first
    main.locator(f"{PICTURE}[data-painted]").wait_for()
    page.wait_for_selector(RUN_ENDED)
    page.wait_for_load_state("networkidle")
    shifted = page.evaluate("window.shifted")
    moved = sum(value for value, _ in shifted)
    assert moved <= MOST_SHIFT, shifted
    control = main.locator(".controls .control, .extra button").first.bounding_box()
    picture = main.locator(PICTURE).bounding_box()
    assert control is not None
    assert picture is not None
    for box in (control, picture):
        bottom = box["y"] + box["height"]
        assert round(bottom) <= VIEWPORT["height"], (control, picture)
    tries = page.locator("[class*=st-key-tries_]").first
    row = tries.bounding_box() if tries.count() else None
    assert row is None or row["y"] + row["height"] <= picture["y"], "above the picture"
    expect(page.locator("h1")).to_be_visible()
    page.wait_for_function("() => document.documentElement.lang === 'en'")
    assert page.get_by_test_id("stException").count() == 0
    assert not violations
    assert not refusals.exists(), refusals.read_text()

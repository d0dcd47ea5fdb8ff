"""What a person meets on the first screen of every page, and that it stays where it is."""

import pytest
from playwright.sync_api import Browser, Page

from pages.ui.chapters import CHAPTERS, url_path
from tests.browser.stage_driver import PICTURE

STEMS = ["home"] + [stem for stems in CHAPTERS.values() for stem in stems]
SCREEN = {"width": 1280, "height": 800}
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


@pytest.mark.parametrize("stem", STEMS)
def test_the_first_screen_holds_what_matters_and_nothing_jumps(
    browser: Browser, app_url: str, stem: str
) -> None:
    context = browser.new_context(viewport=SCREEN)  # type: ignore[arg-type]
    page: Page = context.new_page()
    page.set_default_timeout(60_000)
    try:
        page.add_init_script(f"({NOTED})()")
        page.goto(f"{app_url}/{url_path(stem)}?lang=en")
        main = page.locator("[class*=st-key-room_]").first  # whichever stage is painted first
        main.locator(f"{PICTURE}[data-painted]").wait_for()
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
            assert round(bottom) <= SCREEN["height"], (control, picture)
        tries = page.locator("[class*=st-key-tries_]").first
        row = tries.bounding_box() if tries.count() else None
        assert row is None or row["y"] + row["height"] <= picture["y"], "above the picture"
    finally:
        context.close()

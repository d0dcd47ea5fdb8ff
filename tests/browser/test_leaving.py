"""What a page leaves behind when a person goes on to another: nothing."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, CDPSession, Page

from tests.browser.fixtures import first_visit, note_faults
from tests.browser.stage_driver import CANVAS

VISITS = 10
SCRIPT_ENDED = "[data-testid='stApp'][data-test-script-state='notRunning']"
# What each visit may leave, on average. A stage that stayed would keep some thirty listeners and
# hundreds of nodes, and its answers besides; Streamlit itself keeps some kilobytes of each run.
MOST = {"JSEventListeners": 0.5, "Nodes": 5, "JSHeapUsedSize": 100_000}


def settle(page: Page) -> None:
    """Until the stage is painted and the page's script has ended.

    By locators: an element that `wait_for_selector` returns is held by the browser from then on.
    """
    page.locator(f"{CANVAS}[data-painted]").first.wait_for(state="attached")
    page.locator(SCRIPT_ENDED).wait_for(state="attached")


def visit(page: Page, name: str) -> None:
    """From the home page to another and back, by the app's own links."""
    page.get_by_test_id(f"card-{name.replace('-', '_')}").click()
    page.wait_for_url(f"**/{name}*")
    settle(page)
    page.get_by_test_id("stTopNavLink").first.click()
    page.wait_for_url(lambda url: f"/{name}" not in url)
    page.get_by_test_id("card-pixels").wait_for()
    settle(page)


def kept(cdp: CDPSession) -> dict[str, float]:
    """What outlives a collection of garbage: listeners, bytes of heap, nodes."""
    for _ in range(3):  # what a finaliser lets go falls to the next collection
        cdp.send("HeapProfiler.collectGarbage")
    metrics = cdp.send("Performance.getMetrics")["metrics"]
    return {each["name"]: each["value"] for each in metrics}


@pytest.fixture
def own(browser: Browser) -> Iterator[Page]:
    """A page in a process of its own: what is kept there is its own."""
    page = first_visit(browser)
    faults = note_faults(page)
    yield page
    page.context.close()
    assert not faults, faults


@pytest.mark.parametrize("name", ["pixels", "nms", "training-studio"])
def test_a_page_left_ten_times_leaves_nothing(own: Page, app_url: str, name: str) -> None:
    page = own
    page.goto(f"{app_url}/?lang=en")
    settle(page)
    for _ in range(3):  # what is loaded or kept once
        visit(page, name)
    cdp = page.context.new_cdp_session(page)
    cdp.send("Performance.enable")
    more: dict[str, float] = {}
    for _ in range(2):  # what a page leaves it leaves each time; what is kept once more, only once
        before = kept(cdp)
        for _ in range(VISITS):
            visit(page, name)
        after = kept(cdp)
        more = {key: (after[key] - before[key]) / VISITS for key in MOST}
        if all(more[key] <= most for key, most in MOST.items()):
            return
    raise AssertionError(more)

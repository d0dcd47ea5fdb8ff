"""What a person does with a live stage: move a control, wait for the picture, look at it."""

import hashlib
import json
from typing import Any

from playwright.sync_api import ConsoleMessage, Locator, Page

# A stage's picture: its canvas, or its charts where it has nothing else. Both say what they show.
CANVAS = "canvas[data-testid='stage-canvas']:not([hidden])"
PICTURE = f":is({CANVAS}, canvas[hidden] ~ [data-testid='stage-charts'])"
RUN_ENDED = "[data-testid='stApp'][data-test-script-state='notRunning']"
REST_MS, REST_LOOKS = 100, 4  # an element rests that has not moved for so long
IS_PAINTED = """([selector, wanted]) => {
  const search = (root) => {
    const found = root.querySelector(selector)
    if (found) return found
    for (const element of root.querySelectorAll("*")) {
      const inner = element.shadowRoot && search(element.shadowRoot)
      if (inner) return inner
    }
    return null
  }
  const picture = search(document)
  if (!picture?.dataset.painted) return false
  const shown = JSON.parse(picture.dataset.painted)
  return Object.entries(wanted).every(([name, value]) => shown[name] === value)
}"""


def note_violations(page: Page) -> list[str]:
    """What the browser refuses this page from now on, since its content policy does not name it."""
    violations: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            violations.append(message.text)

    page.on("console", note)
    return violations


def open_stage(page: Page, url: str, view: str | None = None) -> dict[str, Any]:
    """Open a page and wait until its stage is painted; the values that it shows."""
    page.goto(url)
    page.wait_for_selector(f"{PICTURE}[data-painted]")
    return painted(page)


def painted(page: Page) -> dict[str, Any]:
    """The control values that the picture on screen belongs to."""
    return json.loads(page.locator(PICTURE).first.get_attribute("data-painted") or "{}")


def wait_painted(page: Page, **values: Any) -> None:
    """Wait until the picture on screen belongs to these values."""
    page.wait_for_function(IS_PAINTED, arg=[PICTURE, values])


def chart(page: Page, name: str) -> Locator:
    """The chart of this name, with its legend and its buttons."""
    return page.get_by_test_id(f"chart-{name}")


def wait_chart(page: Page, name: str, **values: Any) -> None:
    """Wait until the chart on screen belongs to these values."""
    page.wait_for_function(IS_PAINTED, arg=[f"[data-testid='chart-{name}']", values])


def plot_of(page: Page, name: str) -> Locator:
    """What Plotly draws into, once it has."""
    return page.locator(f"[data-testid='chart-{name}'][data-painted] .plot")


def chart_series(page: Page, name: str) -> dict[str, dict[str, Any]]:
    """What Plotly has drawn of a chart, by name of the series: x, y, visible, type."""
    script = """plot => plot.data.filter(({name}) => name).map((trace) => ({
      name: trace.name, type: trace.type, visible: trace.visible ?? true,
      x: Array.from(trace.x), y: Array.from(trace.y)}))"""
    drawn = plot_of(page, name).evaluate(script)
    found: dict[str, dict[str, Any]] = {}
    for series in drawn:  # what left the axis is drawn again, after the series and under its name
        found.setdefault(series["name"], series)
    return found


def chart_ranges(page: Page, name: str) -> dict[str, list[float]]:
    """What a chart's axes show, in the axes' own numbers (powers of ten on a logarithmic one)."""
    script = "plot => ({x: plot.layout.xaxis.range, y: plot.layout.yaxis.range})"
    return plot_of(page, name).evaluate(script)


def wait_length(page: Page, name: str, points: int, series: str = "") -> None:
    """Wait until every series of a chart has so many points, or those whose names begin so."""
    page.wait_for_function(
        """([plot, points, begin]) => {
          const drawn = plot.data.filter(({name}) => name?.startsWith(begin))
          return drawn.length > 0 && drawn.every(({x}) => x.length === points)
        }""",
        arg=[plot_of(page, name).element_handle(), points, series],
    )


def at_rest(element: Locator) -> dict[str, float]:
    """Where an element lies on the page (x, y, width, height) once it moves no more."""
    last, still = element.bounding_box(), 0
    while still < REST_LOOKS:
        element.page.wait_for_timeout(REST_MS)
        box = element.bounding_box()
        still = still + 1 if box is not None and box == last else 0
        last = box
    assert last is not None
    return {name: float(last[name]) for name in ("x", "y", "width", "height")}


def scroll_to(element: Locator) -> None:
    """Bring an element into view, also one that the next paint puts another in the place of."""
    script = "element => { element.scrollIntoViewIfNeeded(); return element.isConnected }"
    while not element.evaluate(script):
        pass


def drag(page: Page, control: str, value: float) -> None:
    """Move a slider as a hand does, without letting go: an ``input`` event, no ``change``."""
    page.locator(f"[data-testid='stage-{control}']").first.evaluate(
        """(input, value) => {
          input.value = input.dataset.scale === "log" ? Math.log2(value) : value
          input.dispatchEvent(new Event("input"))
        }""",
        value,
    )


def release(page: Page, control: str) -> None:
    """Let the slider go: its value is committed to the page."""
    page.locator(f"[data-testid='stage-{control}']").first.dispatch_event("change")


def hash_at_rest(page: Page) -> str:
    """The fingerprint of a picture that no longer changes: its readout may make it narrower."""
    before, now = "", pixels_hash(page)
    while now != before:
        page.wait_for_timeout(300)
        before, now = now, pixels_hash(page)
    return now


def pixels_hash(page: Page) -> str:
    """A fingerprint of the picture: a canvas's pixels, or what the charts have drawn."""
    data = page.locator(PICTURE).first.evaluate(
        """picture => picture.toDataURL?.() ?? JSON.stringify(
          [...picture.querySelectorAll(".plot")].map(({data, layout}) => [data, layout.shapes]))"""
    )
    return hashlib.sha256(data.encode()).hexdigest()

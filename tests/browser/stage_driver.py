"""What a person does with a live stage: move a control, wait for the picture, look at it."""

import hashlib
import json
from typing import Any

from playwright.sync_api import Page

CANVAS = "canvas[data-testid='stage-canvas']"


def open_stage(page: Page, url: str, view: str | None = None) -> dict[str, Any]:
    """Open a page and wait until its stage is painted; the values that it shows."""
    page.goto(url)
    page.wait_for_selector(f"{CANVAS}[data-painted]")
    return painted(page)


def painted(page: Page) -> dict[str, Any]:
    """The control values that the picture on screen belongs to."""
    return json.loads(page.locator(CANVAS).first.get_attribute("data-painted") or "{}")


def wait_painted(page: Page, **values: Any) -> None:
    """Wait until the picture on screen belongs to these values."""
    condition = """([selector, wanted]) => {
      const search = (root) => {
        const found = root.querySelector(selector)
        if (found) return found
        for (const element of root.querySelectorAll("*")) {
          const inner = element.shadowRoot && search(element.shadowRoot)
          if (inner) return inner
        }
        return null
      }
      const canvas = search(document)
      if (!canvas?.dataset.painted) return false
      const shown = JSON.parse(canvas.dataset.painted)
      return Object.entries(wanted).every(([name, value]) => shown[name] === value)
    }"""
    page.wait_for_function(condition, arg=[CANVAS, values])


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


def pixels_hash(page: Page) -> str:
    """A fingerprint of the canvas's pixels."""
    data = page.locator(CANVAS).first.evaluate("canvas => canvas.toDataURL()")
    return hashlib.sha256(data.encode()).hexdigest()

"""Every test meets the app as somebody who was never here, in a browser that has it loaded."""

import pytest
from playwright.sync_api import Page

LEFT = """async () => [
  localStorage.length, sessionStorage.length, Number(document.cookie.includes("left=")),
  (await indexedDB.databases()).length, history.length - 1]"""
LEAVE = """() => new Promise((done) => {
  localStorage.setItem("left", "1")
  sessionStorage.setItem("left", "1")
  document.cookie = "left=1"
  history.pushState(null, "", "?left")
  const asked = indexedDB.open("left", 1)
  asked.onsuccess = () => { asked.result.close(); done() }
})"""


@pytest.mark.parametrize("visitor", ["first", "second"])
def test_nothing_is_left_of_the_visitor_before(page: Page, app_url: str, visitor: str) -> None:
    page.goto(f"{app_url}/_stcore/health")
    assert page.evaluate(LEFT) == [0, 0, 0, 0, 0]
    page.evaluate(LEAVE)
    assert page.evaluate(LEFT) == [1, 1, 1, 1, 1]

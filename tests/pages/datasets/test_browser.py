"""Data sets in a real browser: drag the years, sort the table, be surer, find a term."""

import re

from playwright.sync_api import Page, expect

from tests.browser.stage_driver import drag, open_stage, scroll_to, wait_chart


def test_sets_are_dragged_sorted_and_a_picture_lies_in_the_tree(page: Page, app_url: str) -> None:
    open_stage(page, f"{app_url}/datasets?lang=en")
    best = page.get_by_test_id("best")
    expect(best).to_contain_text("2.25 %")
    drag(page, "year", 2012)
    wait_chart(page, "results", year=2012)
    expect(best).to_contain_text("16.4 %")
    first = page.get_by_test_id("sets").locator("tbody tr").first
    expect(first).to_contain_text("MNIST")
    page.get_by_test_id("sort-pictures").click()
    expect(first).to_contain_text("14,197,122")
    page.get_by_test_id("stage-chosen").select_option("kaggle")
    expect(page.get_by_test_id("about")).to_contain_text("A platform, not a data set")
    # the tree: the surer, the more general; any term by its name; its keys
    term = page.get_by_test_id("term")
    scroll_to(term)
    expect(term).to_contain_text("domestic cat")
    drag(page, "sure", 51)
    expect(term).to_contain_text("Egyptian cat")
    page.get_by_test_id("tree-search").fill("volcano")
    page.get_by_test_id("tree-hit").first.click()
    expect(term).to_have_text("volcano")
    page.wait_for_url("**term=n09472597**")
    tree = page.locator("canvas[aria-label*='tree']")
    tree.focus()
    page.keyboard.press("ArrowUp")
    expect(term).to_contain_text("mountain")
    page.get_by_role("button", name="its many dogs").click()
    expect(term).to_contain_text("dog")
    # an edit in one file changes the others; what cannot be read is said, and nothing is lost
    yolo, kitti = page.get_by_test_id("file-yolo"), page.get_by_test_id("file-kitti")
    yolo.scroll_into_view_if_needed()
    expect(kitti).to_have_value(re.compile("^cat "))
    yolo.fill("0 0.5 0.5 0.5 0.5")
    expect(kitti).to_have_value(re.compile(r"^cat 0 3 -10 112\.75 75 338\.25 225 "))
    yolo.fill("0 0.5 0.5 0.5")
    expect(page.get_by_test_id("wrong-yolo")).to_contain_text("column")
    expect(kitti).to_have_value(re.compile("^cat 0 3 -10 112"))
    expect(page.get_by_test_id("row-iou-0")).to_have_text("0.143")

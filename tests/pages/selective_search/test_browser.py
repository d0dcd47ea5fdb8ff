"""Selective Search in a real browser: drag through the merges, point at regions, draw a box."""

from playwright.sync_api import Page, expect

from tests.browser.stage_driver import (
    CANVAS,
    chart,
    chart_series,
    drag,
    hash_at_rest,
    open_stage,
    pixels_hash,
    release,
    scroll_to,
    wait_painted,
)

URL = "selective-search?lang=en"


def row(page: Page, name: str) -> int:
    return int(page.get_by_test_id(f"row-{name}").inner_text())


def test_dragging_through_the_merges_repaints_without_the_engine(page: Page, app_url: str) -> None:
    open_stage(page, f"{app_url}/{URL}")
    before, first = hash_at_rest(page), row(page, "first")
    assert row(page, "ever") == 2 * first - 1
    asked: list[str] = []
    page.on("request", lambda sent: asked.append(sent.url) if "/v1/selective" in sent.url else None)
    drag(page, "left", 3)
    wait_painted(page, left=3)
    assert row(page, "left") == 3
    expect(page.get_by_test_id("merge")).to_have_text(f"{first - 3} of {first - 1} merges")
    assert pixels_hash(page) != before
    assert not [url for url in asked if "recall" not in url]
    release(page, "left")
    page.wait_for_url("**left=3**")


def test_steps_merge_one_by_one_and_stop_at_the_ends(page: Page, app_url: str) -> None:
    open_stage(page, f"{app_url}/{URL}&left=2")
    page.get_by_test_id("stage-step").click()
    wait_painted(page, left=1)
    expect(page.get_by_test_id("stage-step")).to_be_disabled()
    page.get_by_test_id("stage-back").click()
    wait_painted(page, left=2)
    page.get_by_role("button", name="before any merge").click()
    wait_painted(page, left=1500)
    assert row(page, "left") == row(page, "first")
    expect(page.get_by_test_id("stage-back")).to_be_disabled()


def test_a_region_tells_its_merge_and_arrows_walk_the_tree(page: Page, app_url: str) -> None:
    open_stage(page, f"{app_url}/{URL}")
    hash_at_rest(page)
    page.locator(CANVAS).click(position={"x": 60, "y": 200})
    page.wait_for_url("**node=**")
    expect(page.get_by_test_id("region")).to_contain_text("made by merge")
    page.mouse.move(5, 5)  # off the picture: the chosen region stays
    title = page.get_by_test_id("region").inner_text()
    four = page.get_by_test_id("similarities").locator("td.number")
    numbers = [float(four.nth(2 * each).inner_text()) for each in range(5)]
    assert abs(sum(numbers[:4]) - numbers[4]) < 0.003
    page.locator(CANVAS).focus()
    page.keyboard.press("ArrowUp")
    expect(page.get_by_test_id("region")).not_to_have_text(title)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("region")).to_contain_text("The last merge")


def test_a_drawn_box_is_met_by_a_proposal(page: Page, app_url: str) -> None:
    open_stage(page, f"{app_url}/{URL}")
    page.get_by_role("button", name="is the cup among them?").click()
    wait_painted(page, truth="270,30,705,810")
    cells = page.get_by_test_id("drawn").locator("td.number")
    proposal, window = (float(cells.nth(each).inner_text()) for each in range(2))
    assert proposal > 0.8 > window
    page.get_by_test_id("stage-box-next").click()
    page.get_by_test_id("stage-box-remove").click()
    wait_painted(page, truth="")
    expect(page.get_by_test_id("drawn")).to_have_count(0)


def test_other_weights_merge_otherwise_and_fast_holds_them(page: Page, app_url: str) -> None:
    open_stage(page, f"{app_url}/{URL}")
    before, boxes = hash_at_rest(page), row(page, "proposals")
    largest = page.get_by_test_id("row-largest")
    with_size = float(largest.inner_text().split()[0])
    page.get_by_role("button", name="without size").click()
    wait_painted(page, size=0)
    assert float(largest.inner_text().split()[0]) > 2 * with_size
    page.get_by_role("button", name="by size alone").click()
    wait_painted(page, colour=0, texture=0, fill=0)
    assert hash_at_rest(page) != before
    drag(page, "size", 0)
    wait_painted(page, size=0.1)  # with no weight at all nothing could be compared
    page.get_by_role("button", name="eight strategies").click()
    wait_painted(page, mode="fast")
    assert row(page, "proposals") > 3 * boxes
    expect(page.get_by_test_id("stage-colour")).to_be_disabled()


def test_the_chart_holds_proposals_against_windows(page: Page, app_url: str) -> None:
    open_stage(page, f"{app_url}/{URL}")
    scroll_to(chart(page, "recall"))
    page.wait_for_selector("[data-testid='chart-recall'][data-painted]")
    drawn = chart_series(page, "recall")
    search, windows = drawn["Selective Search, one strategy"], drawn["windows on a grid"]

    def needed(series: dict) -> float:
        return next(x for x, y in zip(series["x"], series["y"], strict=True) if y >= 90)

    assert needed(windows) > 10 * needed(search)
    expect(page.get_by_text("Nine of ten objects are found within")).to_be_visible()

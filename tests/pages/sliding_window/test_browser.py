"""Sliding window in a real browser: drag threshold and stride, look into a window, let it sweep."""

from playwright.sync_api import Page, expect

from tests.browser.stage_driver import CANVAS, drag, open_stage, pixels_hash, release, wait_painted

LINK = "sliding-window?lang=en&target=square&stride=1"


def row(page: Page, name: str) -> int:
    return int(page.get_by_test_id(f"row-{name}").inner_text().replace(",", ""))


def test_threshold_and_stride_move_heat_and_boxes_while_dragging(page: Page, app_url: str) -> None:
    open_stage(page, f"{app_url}/{LINK}&threshold=50")
    windows, sure, before = row(page, "windows"), row(page, "sure"), pixels_hash(page)
    drag(page, "threshold", 97)
    wait_painted(page, threshold=97)
    assert row(page, "windows") == windows
    assert row(page, "sure") < sure
    assert pixels_hash(page) != before
    release(page, "threshold")
    page.wait_for_url("**threshold=97**")
    drag(page, "stride", 4)
    wait_painted(page, stride=4)
    assert row(page, "windows") < windows / 10
    assert row(page, "dense") == windows
    expect(page.get_by_test_id("row-batched")).to_contain_text("s")


def test_the_small_maps_keep_the_scale_s_colours_whatever_the_threshold(
    page: Page, app_url: str
) -> None:
    open_stage(page, f"{app_url}/sliding-window?lang=en&threshold=10")
    maps = """canvas => canvas.getContext("2d").getImageData(
      0.85 * canvas.width, 0, 0.1 * canvas.width, canvas.height).data.join()"""
    before, whole = page.locator(CANVAS).evaluate(maps), pixels_hash(page)
    drag(page, "threshold", 90)
    wait_painted(page, threshold=90)
    assert page.locator(CANVAS).evaluate(maps) == before
    assert pixels_hash(page) != whole


def test_a_click_shows_what_the_net_was_shown(page: Page, app_url: str) -> None:
    open_stage(page, f"{app_url}/{LINK}")
    page.locator(CANVAS).first.click(position={"x": 200, "y": 150})
    expect(page.get_by_test_id("class-4")).to_be_visible()
    page.wait_for_url("**cell=**")
    first = page.get_by_test_id("class-1").inner_text()
    for _ in range(6):
        page.locator(CANVAS).first.press("ArrowLeft")
    expect(page.get_by_test_id("class-1")).not_to_have_text(first)


def test_the_window_sweeps_and_pauses(page: Page, app_url: str) -> None:
    open_stage(page, f"{app_url}/{LINK}")
    whole = pixels_hash(page)
    page.get_by_test_id("stage-play").click()
    expect(page.get_by_test_id("stage-play")).to_contain_text("Pause")
    page.get_by_test_id("stage-play").click()
    expect(page.get_by_test_id("stage-play")).to_contain_text("Sweep")
    paused = pixels_hash(page)
    assert paused != whole
    page.get_by_test_id("stage-step").click()
    page.wait_for_url("**cell=**")
    assert pixels_hash(page) != paused


def test_any_class_can_be_searched(page: Page, app_url: str) -> None:
    open_stage(page, f"{app_url}/sliding-window?lang=en&picture=chelsea")
    page.get_by_test_id("stage-target").select_option("class")
    search = page.get_by_test_id("stage-search")
    expect(search).to_have_value("Egyptian cat")
    before = pixels_hash(page)
    search.fill("window scr")
    search.press("Enter")
    wait_painted(page, target="class", class_index="904")
    expect(search).to_have_value("window screen")
    assert pixels_hash(page) != before
    page.wait_for_url("**class_index=904**")
    search.fill("unicornfish")
    search.press("Enter")
    assert search.evaluate("input => input.validationMessage").startswith("None of ImageNet")
    page.get_by_test_id("stage-target").select_option("cat")
    expect(search).to_be_hidden()

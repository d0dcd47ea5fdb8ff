"""NMS in a real browser: drag the IoU, step through the decisions, walk to a ghost."""

from playwright.sync_api import Page, expect

from tests.browser.stage_driver import (
    CANVAS,
    drag,
    open_stage,
    pixels_hash,
    release,
    wait_painted,
)


def row(page: Page, name: str) -> float:
    return float(page.get_by_test_id(f"row-{name}").inner_text())


def test_dragging_the_threshold_leaves_one_box(page: Page, app_url: str) -> None:
    open_stage(page, f"{app_url}/nms?lang=en&iou=0.9")
    many, before = row(page, "left"), pixels_hash(page)
    drag(page, "iou", 0.1)
    wait_painted(page, iou=0.1)
    assert row(page, "left") == 1 < many
    assert pixels_hash(page) != before
    release(page, "iou")
    page.wait_for_url("**iou=0.1**")
    expect(page.get_by_text("and 1 is left")).to_be_visible()


def test_steps_and_arrow_keys_tell_why_a_box_went(page: Page, app_url: str) -> None:
    open_stage(page, f"{app_url}/nms?lang=en&iou=0.5&step=0")
    decision = page.get_by_test_id("decision")
    expect(decision).to_have_text("0 of 5 decisions taken")
    before = pixels_hash(page)
    page.get_by_test_id("stage-step").click()
    wait_painted(page, step="1")
    assert pixels_hash(page) != before
    assert row(page, "gone") > 5
    page.locator(CANVAS).focus()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_test_id("row-iou")).to_be_visible()
    assert row(page, "iou") > 0.5
    page.get_by_test_id("stage-play").click()
    wait_painted(page, step="")
    expect(decision).to_have_text("5 of 5 decisions taken")


def test_results_have_a_colour_each_and_the_rest_are_grey(page: Page, app_url: str) -> None:
    open_stage(page, f"{app_url}/nms?lang=en&iou=0.5")
    expect(page.get_by_test_id("grey")).to_have_count(0)
    colour = "cell => getComputedStyle(cell.querySelector('.swatch')).backgroundColor"
    rows = page.locator("tr:has(.swatch)")
    assert rows.count() == row(page, "left")
    assert len({rows.nth(i).evaluate(colour) for i in range(rows.count())}) == rows.count()
    gone = sum(row(page, f"gone-{i}") for i in range(rows.count()))
    assert gone == row(page, "above") - row(page, "left")
    drag(page, "iou", 0.9)
    wait_painted(page, iou=0.9)
    assert row(page, "left") > 7
    expect(page.get_by_test_id("grey")).to_contain_text("The best 7 results")


def test_the_photo_is_there_before_any_answer(page: Page, app_url: str) -> None:
    page.route(
        "**/api/v1/nms?*", lambda route: route.fulfill(status=202, json={"done": 3, "total": 9})
    )
    page.goto(f"{app_url}/nms?lang=en&detector=sliding_window")
    canvas = page.locator(CANVAS)
    expect(canvas).to_have_attribute("data-waiting", "chelsea")
    middle = canvas.evaluate("""canvas => Array.from(canvas.getContext("2d").getImageData(
      canvas.width / 2, canvas.height / 4, 1, 1).data)""")
    assert middle[3] == 255  # not the page's white: the photo
    assert middle[:3] != [255, 255, 255]
    assert canvas.get_attribute("data-painted") is None


def test_soft_nms_needs_sigma_instead(page: Page, app_url: str) -> None:
    open_stage(page, f"{app_url}/nms?lang=en")
    expect(page.get_by_test_id("stage-sigma")).to_be_disabled()
    page.get_by_test_id("stage-kind").select_option("soft_gaussian")
    wait_painted(page, kind="soft_gaussian")
    expect(page.get_by_test_id("stage-sigma")).to_be_enabled()
    expect(page.get_by_test_id("stage-iou")).to_be_disabled()


def test_try_this_brings_its_picture_along(page: Page, app_url: str) -> None:
    open_stage(page, f"{app_url}/nms?lang=en")
    cats = row(page, "left")
    page.get_by_role("button", name="one face").click()
    wait_painted(page, detector="pnet", score=0.99)
    expect(page.get_by_test_id("picture-astronaut")).to_have_attribute("aria-pressed", "true")
    page.wait_for_url("**pic=astronaut**")
    assert row(page, "left") != cats

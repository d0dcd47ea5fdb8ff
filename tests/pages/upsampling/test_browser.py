"""Growing back in a real browser: the decoders, the lens, the checkerboard."""

from playwright.sync_api import Page, expect

from tests.browser.stage_driver import (
    CANVAS,
    chart_series,
    drag,
    open_stage,
    pixels_hash,
    release,
    wait_chart,
    wait_painted,
)


def test_dragging_walks_the_decoders_and_pointing_moves_the_lens(page: Page, app_url: str) -> None:
    open_stage(page, f"{app_url}/upsampling?lang=en")
    wait_painted(page, decoder=1)
    before = pixels_hash(page)
    drag(page, "decoder", 6)
    wait_painted(page, decoder=6)
    assert pixels_hash(page) != before
    ious = [
        float(page.get_by_test_id(f"iou-{k}").locator("td").nth(1).inner_text()) for k in (0, 5)
    ]
    assert ious[1] > ious[0]
    release(page, "decoder")
    page.wait_for_url("**decoder=6**")
    canvas = page.locator(CANVAS).first
    box = canvas.bounding_box()
    assert box
    cell = page.get_by_test_id("coarse-cell")
    page.mouse.move(box["x"] + 5, box["y"] + 25)
    expect(cell).to_contain_text("row 1, column 1 ")
    page.mouse.click(box["x"] + 165, box["y"] + 185)  # of the input, which is there whole
    page.wait_for_url("**pixel=**")
    expect(cell).to_contain_text("row 3, column 3 ")
    expect(page.get_by_test_id("classes").first).to_have_text("skygroundwatercirclesquaretriangle")


def test_a_kernel_that_the_stride_divides_leaves_no_checkerboard(page: Page, app_url: str) -> None:
    open_stage(page, f"{app_url}/upsampling?lang=en")
    counts, uneven = page.get_by_test_id("row-counts"), page.get_by_test_id("row-unevenness")
    expect(counts).to_have_text("1 … 4")
    drag(page, "kernel", 4)
    expect(counts).to_have_text("4")
    expect(uneven).to_have_text("0.0 %")
    expect(page.get_by_test_id("row-unet-0")).not_to_be_empty()


def test_the_curves_by_distance_agree_with_the_table(page: Page, app_url: str) -> None:
    page.goto(f"{app_url}/upsampling?lang=en")
    wait_chart(page, "distance", measure="iou")
    series = list(chart_series(page, "distance").values())
    assert len(series) == 6
    for decoder in ("fcn32", "unet"):
        told = float(page.get_by_test_id(f"row-{decoder}-0").inner_text())
        assert [one for one in series if abs(one["y"][0] - told) < 5e-4]

"""Loss and learning rate in a real browser: a confident mistake, a divergence, a training."""

from playwright.sync_api import Page, expect

from tests.browser.stage_driver import (
    chart,
    drag,
    open_stage,
    painted,
    pixels_hash,
    release,
    wait_chart,
    wait_painted,
)


def test_a_confident_mistake_leaves_only_the_cross_entropy_pulling(page: Page, app_url: str):
    open_stage(page, f"{app_url}/learning-rate?lang=en")
    before = pixels_hash(page)
    drag(page, "at", -6)
    wait_painted(page, at=-6)
    assert pixels_hash(page) != before
    expect(page.get_by_test_id("loss-cross_entropy")).to_contain_text("Right after")
    expect(page.get_by_test_id("loss-squared")).to_contain_text("Still wrong")
    release(page, "at")
    page.wait_for_url("**at=-6**")


def test_a_learning_rate_too_large_is_called_divergence(page: Page, app_url: str):
    page.goto(f"{app_url}/learning-rate?lang=en&surface=valley")
    wait_chart(page, "heights", surface="valley")
    end = page.get_by_test_id("end-sgd")
    expect(end).to_contain_text("Height")
    drag(page, "rate", 2)
    expect(end).to_contain_text("Diverged")
    wait_chart(page, "heights", rate=2)
    key = chart(page, "heights").get_by_role("button", name="Gradient descent")
    expect(key).to_contain_text("lost after step")
    crosses = (
        chart(page, "heights")
        .locator(".plot")
        .evaluate(
            "plot => plot.data.filter(({marker}) => marker?.symbol === 'x').map(({x}) => x[0])"
        )
    )
    assert crosses == [1, 1]  # with momentum it is lost as soon
    expect(page.get_by_test_id("end-adamw")).to_contain_text("Height")


def test_the_epoch_shows_the_batch_that_the_arrow_keys_choose(page: Page, app_url: str):
    page.goto(f"{app_url}/learning-rate?lang=en&order=by_class&batch=128")
    wait_chart(page, "batch_moves", batch=128)
    expect(page.get_by_test_id("epoch-after")).to_be_visible()
    bars = chart(page, "batch_moves").locator(".plot")
    bars.focus()
    bars.press("ArrowRight")
    expect(page.get_by_test_id("epoch-classes")).to_have_text("0 1")


def test_dragging_on_the_losses_moves_the_answer(page: Page, app_url: str):
    open_stage(page, f"{app_url}/learning-rate?lang=en")
    plot = chart(page, "losses").locator(".plot")
    box = plot.bounding_box()
    assert box
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + 0.4 * box["width"], middle)
    page.mouse.down()
    page.mouse.move(box["x"] + 0.8 * box["width"], middle, steps=4)
    there = painted(page)["at"]
    wait_painted(page, case="class")
    assert there > 0
    page.mouse.up()
    page.wait_for_url("**at=*")
    at = painted(page)["at"]
    plot.press("ArrowRight")
    wait_painted(page, at=round(at + 0.1, 1))

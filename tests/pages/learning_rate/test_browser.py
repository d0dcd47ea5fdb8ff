"""Loss and learning rate in a real browser: a confident mistake, a divergence, a training."""

from playwright.sync_api import Page, expect

from tests.browser.stage_driver import drag, open_stage, pixels_hash, release, wait_painted


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
    end = page.get_by_test_id("end-sgd")
    expect(end).to_contain_text("Height")
    drag(page, "rate", 2)
    expect(end).to_contain_text("Diverged")
    expect(page.get_by_test_id("end-adamw")).to_contain_text("Height")


def test_the_epoch_shows_the_batch_that_the_arrow_keys_choose(page: Page, app_url: str):
    page.goto(f"{app_url}/learning-rate?lang=en&order=by_class&batch=128")
    expect(page.get_by_test_id("epoch-after")).to_be_visible()
    canvas = page.locator("canvas[data-testid='stage-canvas']").nth(3)
    canvas.focus()
    canvas.press("ArrowRight")
    expect(page.get_by_test_id("epoch-classes")).to_have_text("0 1")

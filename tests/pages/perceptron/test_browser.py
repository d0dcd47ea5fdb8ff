"""Perceptron in a real browser: step, drag a point, type numbers, train the hidden layer, draw."""

from playwright.sync_api import Locator, Page, expect

from engine.serving.perceptron.contract import XOR
from tests.browser.stage_driver import IS_PAINTED, drag, open_stage, release, wait_painted


def canvas(page: Page, nth: int) -> Locator:
    return page.locator("canvas[data-testid='stage-canvas']").nth(nth)


def wait_canvas(page: Page, stage: str, **values: object) -> None:
    """Wait until the canvas of one of the page's stages belongs to these values."""
    selector = f".st-key-{stage}_stage canvas[data-painted]"
    page.wait_for_function(IS_PAINTED, arg=[selector, values])


def test_steps_points_and_numbers(page: Page, app_url: str) -> None:
    open_stage(page, f"{app_url}/perceptron?lang=en")
    weights = [page.get_by_test_id(f"stage-begin-{i}") for i in range(3)]
    for field, value in zip(weights, ("3", "2", "−4"), strict=True):
        expect(field).to_have_value(value)
    drag(page, "step", 4)  # the end of the first epoch
    wait_painted(page, step=4)
    expect(weights[0]).to_have_value("1")
    release(page, "step")
    page.wait_for_url("**step=4**")
    weights[2].fill("many")
    weights[2].press("Enter")
    expect(page.get_by_text("“many” is no number")).to_be_visible()
    expect(weights[2]).to_have_value("0")
    weights[2].fill("−2.5")
    weights[2].press("Enter")
    wait_painted(page, begin="1,1,-2.5", step=0)
    page.get_by_test_id("stage-reset").first.click()
    wait_painted(page, begin="0,0,0", step=400)
    box = canvas(page, 0).bounding_box()
    assert box is not None
    side = 0.46 * box["width"] if 0.46 * box["width"] < 380 else 380
    x, y = (box["x"] + 26 + side * 0.75, box["y"] + 6 + side * 0.25)  # the point 1, 1
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + side / 8, y + side / 8, steps=4)
    page.mouse.up()
    expect(page.get_by_test_id("stage-point-3-x")).to_have_value("1.5")
    expect(page.get_by_test_id("stage-point-3-y")).to_have_value("0.5")
    page.wait_for_url("**points=**")
    page.keyboard.press("Space")
    expect(page.get_by_test_id("stage-class-3")).to_have_text("−")


def test_a_hidden_layer_learns_what_one_neuron_cannot(page: Page, app_url: str) -> None:
    open_stage(page, f"{app_url}/perceptron?lang=en&points={XOR}")
    expect(page.get_by_text("Weights and bias after step 4 are what they were")).to_be_visible()
    said = page.get_by_test_id("hidden-said")
    expect(said).to_contain_text("All right")
    drag(page, "moment", 0)
    expect(said).to_contain_text("wrong")
    first = page.get_by_test_id("stage-number-0")
    before = first.input_value()
    drag(page, "moment", 50)
    expect(said).to_contain_text("All right")
    assert first.input_value() != before
    release(page, "moment")
    page.get_by_test_id("stage-units").focus()
    drag(page, "units", 1)
    expect(said).to_contain_text("wrong")


def test_a_digit_is_drawn_and_summed(page: Page, app_url: str) -> None:
    open_stage(page, f"{app_url}/perceptron?lang=en&drawing={'0' * 64}&pixel=0,0")
    total = page.get_by_test_id("digit-sum")
    expect(total).to_contain_text("Σ w·x + b = 0 +")
    ink = page.get_by_test_id("stage-pixel-ink")
    ink.fill("16")
    ink.press("Enter")
    page.wait_for_url("**drawing=g000**")
    weight = page.get_by_test_id("stage-pixel-weight")
    weight.fill("2.5")
    weight.press("Enter")
    expect(total).to_contain_text("Σ w·x + b = 2.5 +")
    expect(page.get_by_test_id("pixel-product")).to_have_text("w · x = 2.5 · 1 = 2.5")

"""Backpropagation in a real browser: type a weight, follow its paths, walk, learn."""

from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Page, expect

from tests.browser.stage_driver import (
    chart_series,
    drag,
    open_stage,
    pixels_hash,
    release,
    wait_chart,
    wait_painted,
)


def number(page: Page, name: str) -> str:
    return page.get_by_test_id(f"number-{name}").first.inner_text()


def test_a_number_is_typed_followed_and_walked_through(page: Page, app_url: str) -> None:
    open_stage(page, f"{app_url}/backpropagation?lang=en")
    expect(page.get_by_test_id("influence-sum")).to_contain_text("2 paths")
    before, loss = pixels_hash(page), number(page, "L")
    page.get_by_test_id("name-W1[1,0]").click()
    wait_painted(page, source="W1[1,0]")
    expect(page.get_by_test_id("influence-title")).to_have_text("∂L / ∂W1[1,0]")
    expect(page.get_by_test_id("paths")).to_contain_text("W1[1,0] → z1[1] → h[1] → z2[0]")
    assert pixels_hash(page) != before  # another path is lit
    field = page.get_by_test_id("field-W1[1,0]")
    field.fill("two")
    field.press("Enter")
    expect(page.get_by_text("“two” is no number")).to_be_visible()
    assert number(page, "L") == loss
    field.fill("0.75")
    field.press("Enter")
    page.wait_for_url("**weights=*0.75*")
    expect(page.get_by_test_id("number-L").first).not_to_have_text(loss)
    kept = number(page, "L")
    page.get_by_test_id("field-W2[0,1]").fill("1e250")
    page.get_by_test_id("field-W2[0,1]").press("Enter")
    expect(page.get_by_text("larger than 64 bits can hold")).to_be_visible()
    assert number(page, "L") == kept
    page.get_by_test_id("stage-reset").click()
    wait_painted(page, weights="", source="x[0]")
    for _ in range(3):  # the first sums, then the first activation
        page.get_by_test_id("stage-step").click()
    wait_painted(page, step="3")
    expect(page.get_by_test_id("walk")).to_contain_text("h[0] = tanh(z1[0]) = tanh(2.5) = 0.987")
    expect(page.get_by_test_id("number-h[1]")).to_have_text("·")
    expect(page.get_by_test_id("check-autograd")).to_contain_text("every gradient (9 in all)")


def test_a_rate_is_dragged_and_a_hundred_steps_are_made(page: Page, app_url: str) -> None:
    open_stage(page, f"{app_url}/backpropagation?lang=en")
    said = page.get_by_test_id("update-said")
    expect(said).to_contain_text("falls")
    drag(page, "rate", 20)
    wait_painted(page, rate=20)
    expect(said).to_contain_text("rises")
    release(page, "rate")
    page.wait_for_url("**rate=20**")
    page.get_by_test_id("stage-reset").click()
    wait_painted(page, rate=0.5)
    page.get_by_test_id("stage-learn").click()
    expect(said).to_contain_text("100 steps made")
    page.wait_for_url("**weights=**")  # the last step's, which are painted a little later
    weights = parse_qs(urlsplit(page.url).query)["weights"][0]
    assert len(weights.split(",")) == 9
    wait_painted(page, weights=weights)
    wait_chart(page, "training", weights=weights)
    losses = next(iter(chart_series(page, "training").values()))["y"]
    assert len(losses) == 101
    assert losses[-1] < 0.05 * losses[0]

"""Overfitting in a real browser: fewer pictures, a training, and what it knows by heart."""

from playwright.sync_api import Page, expect

from tests.browser.stage_driver import drag, open_stage, pixels_hash, wait_painted


def test_fewer_pictures_are_shown_at_once(page: Page, app_url: str):
    open_stage(page, f"{app_url}/overfitting?lang=en")
    before = pixels_hash(page)
    assert page.get_by_test_id("row-wrong").inner_text() == "100"
    drag(page, "per_class", 10)
    wait_painted(page, per_class=10)
    assert pixels_hash(page) != before
    assert page.get_by_test_id("row-wrong").inner_text() == "20"


def test_trained_twice_it_tells_what_it_memorised(page: Page, app_url: str):
    open_stage(page, f"{app_url}/overfitting?lang=en&per_class=5&epochs=20&label_noise=20")
    page.get_by_test_id("stage-train").click()
    for label in ("own", "dropout"):
        run = page.get_by_test_id(f"run-{label}")
        expect(run).to_have_attribute("data-status", "finished", timeout=60_000)
    repeated = page.get_by_test_id("own-repeated")
    expect(repeated).to_contain_text("/ 10", timeout=20_000)
    expect(page.get_by_test_id("own-epoch")).to_have_text("20")
    expect(page.get_by_test_id("gap-own")).to_have_attribute("data-gap", "strong")

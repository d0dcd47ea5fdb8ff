"""Overfitting in a real browser: fewer pictures, a training, and what it knows by heart."""

from playwright.sync_api import Page, expect

from tests.browser.stage_driver import (
    chart,
    chart_series,
    drag,
    open_stage,
    pixels_hash,
    wait_chart,
    wait_painted,
)


def test_fewer_pictures_are_shown_at_once(page: Page, app_url: str):
    open_stage(page, f"{app_url}/overfitting?lang=en")
    before = pixels_hash(page)
    assert page.get_by_test_id("row-wrong").inner_text() == "100"
    drag(page, "per_class", 10)
    wait_painted(page, per_class=10)
    assert pixels_hash(page) != before
    assert page.get_by_test_id("row-wrong").inner_text() == "20"
    wait_chart(page, "counts", per_class=10)
    drawn = chart_series(page, "counts")
    assert sum(drawn["label wrong"]["y"]) == 20
    assert sum(drawn["label right"]["y"]) == 80
    wait_chart(page, "sizes", per_class=10)
    (sizes,) = chart_series(page, "sizes").values()
    assert sizes["type"] == "bar"
    assert sizes["y"] == [100, 26_122]


def test_trained_twice_it_tells_what_it_memorised(page: Page, app_url: str):
    open_stage(page, f"{app_url}/overfitting?lang=en&per_class=5&epochs=20&label_noise=20")
    page.get_by_test_id("stage-train").click()
    for label in ("own", "dropout"):
        run = page.get_by_test_id(f"run-{label}")
        expect(run).to_have_attribute("data-status", "finished")
    repeated = page.get_by_test_id("own-repeated")
    expect(repeated).to_contain_text("/ 10")
    expect(page.get_by_test_id("own-epoch")).to_have_text("20")
    verdict = page.get_by_test_id("gap-own")
    expect(verdict).to_have_attribute("data-name", "strong")
    expect(verdict).to_contain_text("Strong overfitting.")
    expect(verdict).to_contain_text("by chance")
    best = page.get_by_test_id("own-best").inner_text()
    assert int(best) < 20  # it grows worse while it memorises
    page.get_by_test_id("stage-best").click()
    expect(page.get_by_test_id("own-epoch")).to_have_text(best)


def test_early_stopping_marks_its_best_epoch(page: Page, app_url: str):
    asked = "per_class=5&epochs=30&label_noise=50&remedy=early_stopping"
    open_stage(page, f"{app_url}/overfitting?lang=en&{asked}")
    page.get_by_test_id("stage-train").click()
    run = page.get_by_test_id("run-early_stopping")
    expect(run).to_have_attribute("data-status", "early_stopped")
    losses = chart(page, "loss")
    expect(losses).to_contain_text("best epoch: lowest validation loss")
    marks = losses.locator(".plot").evaluate(
        "plot => plot.data.filter(({name}) => name.startsWith('best epoch')).map(({x}) => x[0])"
    )
    (best,) = marks  # of the training that stops early alone
    told = page.get_by_test_id("early_stopping-best")
    expect(told).to_have_text(str(best))

"""What every chart can do: zoom, come back, hide lines, be saved, be read as a table, be walked."""

import csv
import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.stage_driver import (
    chart,
    chart_ranges,
    chart_series,
    drag,
    open_stage,
    scroll_to,
    wait_chart,
)

LOSSES = "learning-rate?lang={lang}"


@pytest.fixture
def losses(page: Page, app_url: str) -> Page:
    open_stage(page, f"{app_url}/{LOSSES.format(lang='en')}")
    wait_chart(page, "ways", at=-3)
    return page


def zoom(page: Page, name: str) -> None:
    """Drag a frame over the middle of a chart, as a hand does after pressing Zoom."""
    box = chart(page, name).locator(".plot").bounding_box()
    assert box
    x, y, width, height = box["x"], box["y"], box["width"], box["height"]
    page.mouse.move(x + 0.4 * width, y + 0.3 * height)
    page.mouse.down()
    page.mouse.move(x + 0.7 * width, y + 0.6 * height, steps=5)
    page.mouse.up()


def wait_span(page: Page, name: str, whole: dict[str, list[float]], enlarged: bool) -> None:
    """Wait until a chart shows only a part of its x axis, or all of it again."""
    low, high = whole["x"]
    page.wait_for_function(
        """([name, span, enlarged]) => {
          const search = (root) => {
            const found = root.querySelector(name)
            if (found) return found
            for (const each of root.querySelectorAll("*")) {
              const inner = each.shadowRoot && search(each.shadowRoot)
              if (inner) return inner
            }
            return null
          }
          const [low, high] = search(document).querySelector(".plot").layout.xaxis.range
          return enlarged ? high - low < 0.9 * span : high - low >= 0.999 * span
        }""",
        arg=[f"[data-testid='chart-{name}']", high - low, enlarged],
    )


def test_a_part_is_enlarged_stays_so_and_reset_shows_all(losses: Page) -> None:
    whole = chart_ranges(losses, "ways")
    scroll_to(chart(losses, "ways"))
    zoom(losses, "ways")
    wait_span(losses, "ways", whole, enlarged=True)
    enlarged = chart_ranges(losses, "ways")
    drag(losses, "at", 2)
    wait_chart(losses, "ways", at=2)
    assert chart_ranges(losses, "ways") == enlarged
    chart(losses, "ways").get_by_role("button", name="Reset").click()
    wait_span(losses, "ways", whole, enlarged=False)
    assert chart_ranges(losses, "ways") == whole


def test_a_chart_that_stays_as_it_is_is_not_drawn_again(page: Page, app_url: str) -> None:
    open_stage(page, f"{app_url}/classify?lang=en&opacity=50")
    page.wait_for_function("() => window.Plotly")
    expect(chart(page, "deletion").locator(".plot path.js-line")).to_have_count(3)
    page.evaluate(
        """() => {
          window.drawings = 0
          const react = Plotly.react
          Plotly.react = (...all) => { window.drawings++; return react(...all) }
        }"""
    )
    for opacity in (60, 70, 80):
        drag(page, "opacity", opacity)
        wait_chart(page, "deletion", opacity=opacity)
    assert page.evaluate("window.drawings") == 0


def test_a_line_is_switched_off_in_all_charts_and_on_again(losses: Page) -> None:
    key = losses.get_by_role("button", name="Squared").first
    expect(key).to_have_attribute("aria-pressed", "true")
    key.click()
    expect(key).to_have_attribute("aria-pressed", "false")
    for name in ("losses", "gradients", "ways"):
        losses.wait_for_function(
            "plot => plot.data.find(({name}) => name === 'Squared').visible === false",
            arg=chart(losses, name).locator(".plot").element_handle(),
        )
        assert chart_series(losses, name)["Cross-entropy"]["visible"]
    key.click()
    losses.wait_for_function(
        "plot => plot.data.find(({name}) => name === 'Squared').visible !== false",
        arg=chart(losses, "losses").locator(".plot").element_handle(),
    )


def test_numbers_and_picture_are_saved(losses: Page, tmp_path: Path) -> None:
    shown = chart_series(losses, "ways")
    with losses.expect_download() as download:
        chart(losses, "ways").get_by_role("button", name="CSV").click()
    assert download.value.suggested_filename == "learning_rate-ways.csv"
    download.value.save_as(tmp_path / "ways.csv")
    with (tmp_path / "ways.csv").open(encoding="utf-8-sig", newline="") as file:
        head, *rows = csv.reader(file)
    assert head[1:] == [f"{name} (%)" for name in shown]
    for column, series in enumerate(shown.values(), start=1):
        assert [float(row[column]) for row in rows] == pytest.approx(series["y"])
    with losses.expect_download() as download:
        chart(losses, "ways").get_by_role("button", name="PNG").click()
    download.value.save_as(tmp_path / "ways.png")
    assert (tmp_path / "ways.png").read_bytes().startswith(b"\x89PNG")


def test_those_who_cannot_see_get_words_a_table_and_point_after_point(losses: Page) -> None:
    told = chart(losses, "losses")
    plot = told.locator(".plot")
    expect(plot).to_have_attribute("aria-label", re.compile("Cross-entropy: loss 3.05"))
    told.get_by_role("button", name="Table").press("Enter")
    table = told.get_by_role("table")
    expect(table.get_by_role("columnheader")).to_have_count(4)
    points = len(chart_series(losses, "losses")["Squared"]["x"])
    expect(table.get_by_role("row")).to_have_count(1 + points)
    plot.press("ArrowRight")
    live = told.locator("[aria-live]")
    expect(live).to_contain_text("Cross-entropy")
    first = live.inner_text()
    plot.press("ArrowDown")
    expect(live).to_contain_text("Squared")
    assert live.inner_text() != first


def test_the_keys_zoom_too(losses: Page) -> None:
    whole = chart_ranges(losses, "ways")
    plot = chart(losses, "ways").locator(".plot")
    plot.press("+")
    wait_span(losses, "ways", whole, enlarged=True)
    plot.press("0")
    wait_span(losses, "ways", whole, enlarged=False)
    assert chart_ranges(losses, "ways") == whole


def test_the_buttons_speak_korean(page: Page, app_url: str) -> None:
    open_stage(page, f"{app_url}/{LOSSES.format(lang='ko')}")
    names = chart(page, "losses").locator(".chart-tools button").all_inner_texts()
    assert names == ["확대", "초기화", "PNG", "CSV", "표"]


def test_plotly_comes_from_this_server_and_leaves_nothing_behind(page: Page, app_url: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{app_url}/?lang=en")
    page.get_by_test_id("stMainBlockContainer").wait_for()
    assert not [url for url in asked if "plotly" in url]  # a page without charts needs none
    open_stage(page, f"{app_url}/{LOSSES.format(lang='en')}")
    wait_chart(page, "ways", at=-3)
    loaded = [url for url in asked if url.endswith("plotly.min.js")]
    assert len(loaded) == 1
    ours = (app_url, "data:", "blob:")
    assert not [url for url in asked if not url.startswith(ours)]
    names = ("losses", "gradients", "ways")
    plots = [chart(page, name).locator(".plot").element_handle() for name in names]
    assert all(plot.evaluate("plot => Boolean(plot.data)") for plot in plots)
    page.get_by_role("link", name="Home").first.click()
    page.wait_for_url("**/?lang=en")
    for plot in plots:
        page.wait_for_function("plot => plot.data === undefined", arg=plot)


def test_without_plotly_the_numbers_are_there(page: Page, app_url: str) -> None:
    page.route("**/plotly.min.js", lambda route: route.abort())
    page.goto(f"{app_url}/{LOSSES.format(lang='en')}")
    told = chart(page, "losses")
    expect(told).to_contain_text("could not be loaded")
    expect(told.get_by_role("table")).to_be_visible()
    painted = json.loads(told.get_attribute("data-painted") or "{}")
    assert painted["at"] == -3

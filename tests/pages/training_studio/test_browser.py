"""Training studio in a real browser: a run outlives reloads, is stopped, taken up, and used."""

import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.browser.fixtures import first_visit
from tests.browser.stage_driver import (
    CANVAS,
    chart,
    chart_series,
    open_stage,
    wait_chart,
    wait_length,
)

# Whether the curves that are on the screen have points of batches.
GROWS = """() => {
  const inner = ({shadowRoot}) => shadowRoot && find(shadowRoot)
  const find = (root) => root.querySelector("[data-testid='chart-live_loss'] .plot")
    ?? [...root.querySelectorAll("*")].map(inner).find(Boolean)
  const batches = ({name, x}) => name.endsWith(", single batches") && x.length > 2
  return find(document)?.data?.some(batches)
}"""
SETTINGS = "lang=en&data=shapes32&net=small_vgg&epochs=40&per_class=50&batch_size=32"


def step_of(page: Page) -> int:
    text = page.locator("[data-testid^='run-'][data-status]").first.inner_text()
    found = re.search(r"step (\d+)", text)
    return int(found[1]) if found else 0


def expect_status(page: Page, status: str) -> None:
    chosen = page.locator("[data-testid^='run-'][data-status]").first
    expect(chosen).to_have_attribute("data-status", re.compile(status))


def test_shapes_are_learnt_through_a_reload_a_stop_and_a_resume(
    page: Page, browser: Browser, app_url: str
) -> None:
    open_stage(page, f"{app_url}/training-studio?{SETTINGS}")
    page.get_by_test_id("stage-begin").click()
    expect_status(page, "running")
    page.wait_for_url("**names=small-vgg-shapes32-**")
    expect(page.get_by_test_id("run-stop")).to_be_visible()
    page.wait_for_function(GROWS)
    live = chart(page, "live_loss").bounding_box()
    button = page.get_by_test_id("stage-begin").bounding_box()
    assert live is not None
    assert button is not None
    assert live["x"] > button["x"] + button["width"]  # beside the button, …
    assert live["y"] + live["height"] <= 800  # … above the fold
    assert page.evaluate("scrollY") == 0
    expect(page.get_by_text("has no checkpoint")).to_have_count(0)

    page.reload()
    expect_status(page, "running")
    reached = step_of(page)
    other = first_visit(browser)  # another browser: sees the run, may not stop it
    other.goto(page.url)
    expect_status(other, "running")
    expect(other.get_by_text("you can look")).to_be_visible()
    assert other.get_by_test_id("run-stop").count() == 0
    own = other.evaluate("localStorage.getItem('fovea-owner')")
    key = page.evaluate("localStorage.getItem('fovea-owner')")
    other.goto(f"{page.url}&owner={key}")  # the owner's link
    expect(other.get_by_test_id("run-stop")).to_be_visible()
    assert "owner=" not in other.url
    assert other.evaluate("localStorage.getItem('fovea-owner')") == own
    other.context.close()

    page.get_by_test_id("run-stop").click()
    expect_status(page, "stopped")
    stopped = step_of(page)
    assert stopped >= reached
    page.get_by_test_id("run-resume").click()
    expect_status(page, "running")
    page.get_by_test_id("run-stop").click()
    expect_status(page, "stopped")
    assert step_of(page) >= stopped

    said = page.locator(CANVAS).nth(2)
    expect(said).to_have_attribute(
        "aria-label",
        re.compile(r"The network says (nothing|circle|square|triangle), \d"),
    )


@pytest.fixture
def zip_of_two(tmp_path: Path) -> Path:
    """Dark and bright pictures, a folder each, and a file that is no picture."""
    import zipfile

    path = tmp_path / "mine.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, low in (("dark", 0), ("bright", 180)):
            for i in range(8):
                pixels = np.random.default_rng(i).integers(low, low + 60, (40, 40, 3), np.uint8)
                file = tmp_path / f"{name}{i}.png"
                Image.fromarray(pixels).save(file)
                archive.write(file, f"{name}/{i}.png")
        archive.writestr("dark/notes.txt", "no picture")
    return path


def test_own_pictures_are_read_and_can_be_chosen(
    page: Page, app_url: str, zip_of_two: Path
) -> None:
    open_stage(page, f"{app_url}/training-studio?lang=en&data=digits&net=softmax&epochs=2")
    page.get_by_text("My own pictures (zip, files or webcam)").click()
    page.locator("input[type=file]").last.set_input_files(zip_of_two)
    expect(page.get_by_text("bright 8, dark 8")).to_be_visible()
    expect(page.get_by_text("notes.txt")).to_be_visible()
    page.get_by_test_id("stage-data").select_option("own")
    expect(page.locator(CANVAS).first).to_have_attribute("aria-label", re.compile("bright, dark"))
    page.get_by_test_id("stage-begin").click()
    expect_status(page, "finished")


def test_a_segmenter_is_chosen_trained_and_its_masks_are_read(page: Page, app_url: str) -> None:
    asked = "lang=en&epochs=1&mask_scenes=20&width=4"
    open_stage(page, f"{app_url}/training-studio?{asked}")
    page.get_by_test_id("stage-net").select_option("unet")
    expect(page.get_by_test_id("stage-data")).to_have_value("panoptic96")
    first = page.locator(CANVAS).first
    expect(first).to_have_attribute("aria-label", re.compile("masks of the classes sky"))
    expect(page.get_by_test_id("stage-loss")).to_be_disabled()
    page.get_by_test_id("stage-begin").click()
    page.wait_for_url("**names=unet-panoptic96-**")
    masks = page.locator(CANVAS).nth(1)
    expect(masks).to_have_attribute("aria-label", re.compile(r"mIoU \d"))
    masks.focus()
    page.keyboard.press("ArrowDown")
    facts = page.get_by_test_id("epoch-facts")
    expect(facts.nth(1)).to_contain_text("Scene 1, pixel (48, 49)")
    page.get_by_test_id("stage-net").select_option("small_vgg")
    expect(page.get_by_test_id("stage-data")).to_have_value("shapes32")


def colours_of(page: Page, name: str) -> dict[str, str]:
    """The colour of each line of a chart."""
    script = "plot => Object.fromEntries(plot.data.map(({name, line}) => [name, line?.color]))"
    return chart(page, name).locator(".plot").evaluate(script)


def train(page: Page, app_url: str, **settings: object) -> str:
    """A finished run of these settings, begun as the page does; its name."""
    body = {
        "settings": {
            "data": {"name": "digits", "per_class": 20, "test_share": 0.2},
            "net": {"name": "softmax"},
            "train": {"epochs": 3, **settings},
        }
    }
    asked = {"X-Owner": page.evaluate("localStorage.getItem('fovea-owner')"), "Origin": app_url}
    begun = page.request.post(f"{app_url}/api/v1/runs", data=body, headers=asked)
    assert begun.ok, begun.text()
    return begun.json()["name"]


def open_two(page: Page, app_url: str) -> list[str]:
    """Two finished runs, laid over one another; their names."""
    open_stage(page, f"{app_url}/training-studio?lang=en&data=digits&net=softmax")
    names = [train(page, app_url, learning_rate=rate) for rate in (0.003, 1)]
    page.goto(f"{app_url}/training-studio?lang=en&data=digits&net=softmax&names={','.join(names)}")
    for name in names:
        run = page.get_by_test_id(f"run-{name}")
        expect(run).to_have_attribute("data-status", "finished")
    wait_chart(page, "loss", names=",".join(names))
    for name in names:
        for measure in ("loss", "accuracy"):
            wait_length(page, measure, 3, f"{name}, validation")
    return names


def test_curves_are_read_and_smoothed(page: Page, app_url: str) -> None:
    first, _ = open_two(page, app_url)
    held = chart_series(page, "accuracy")[f"{first}, validation"]
    assert held["x"] == [1, 2, 3]
    assert all(0 <= share <= 100 for share in held["y"])
    chart(page, "accuracy").locator(".plot").focus()
    page.keyboard.press("Home")
    expect(page.get_by_test_id(f"run-{first}")).to_contain_text(f"{held['y'][0]:.1f} %")
    page.keyboard.press("End")
    expect(page.get_by_test_id(f"run-{first}")).to_contain_text(f"{held['y'][2]:.1f} %")

    assert f"{first}, batches, smoothed" not in chart_series(page, "loss")
    lines = chart(page, "loss").locator(".trace.scatter")
    before = lines.count()
    page.get_by_test_id("curves-smoothing").fill("0.8")
    expect(lines).to_have_count(before + 2)
    assert f"{first}, batches, smoothed" in chart_series(page, "loss")


def test_of_two_runs_the_named_one_is_seen_and_tested(page: Page, app_url: str) -> None:
    first, second = open_two(page, app_url)
    before = colours_of(page, "loss")
    series = chart_series(page, "loss")
    losses = {name: series[f"{name}, validation"]["y"][-1] for name in (first, second)}
    facts = page.get_by_test_id("epoch-facts")
    expect(facts.first).to_contain_text(f"loss {losses[first]:.3f}")
    run = page.get_by_test_id(f"run-{second}")
    run.get_by_test_id("run-first").click()
    page.wait_for_url(f"**names={second}%2C{first}**")
    expect(facts.first).to_contain_text(f"loss {losses[second]:.3f}")
    colours = colours_of(page, "loss")
    for name in (first, second):
        assert colours[f"{name}, validation"] == before[f"{name}, validation"]
    assert colours[f"{first}, validation"] != colours[f"{second}, validation"]

    matrix = chart(page, "confusion")
    matrix.locator(".plot").focus()
    page.keyboard.press("ArrowDown")
    expect(facts.nth(1)).to_contain_text("0 taken for 0: ")
    matrix.hover()
    with page.expect_download() as download:
        matrix.get_by_test_id("tool-csv").click()
    table = download.value.path().read_text(encoding="utf-8-sig").splitlines()
    assert table[0] == "what it is / the answer,0,1,2,3,4,5,6,7,8,9"
    assert len(table) == 11

    expect(run.get_by_test_id("export-epoch").locator("option")).to_have_count(2)
    run.get_by_test_id("run-test").click()
    tested = run.get_by_test_id("run-test-facts")
    expect(tested).to_contain_text(re.compile(r"Test set: \d+\.\d %"))

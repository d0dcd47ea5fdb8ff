"""An opened network in a real browser: scrub the epochs, look at a map, read a number's sum."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
import torch
from playwright.sync_api import Page, expect

from engine.runs.folder import create_run
from engine.runs.recording import record
from engine.train.settings import DataSettings, RunSettings, TrainSettings
from engine.trainable.net_settings import net_defaults
from tests.browser.fixtures import free_port, start_server, stop_server
from tests.browser.stage_driver import CANVAS, drag, pixels_hash, wait_painted

PAGE = """
import streamlit as st
from engine.runs.folder import find_run
from pages.ui.open_network.panel import show_network
from pages.ui.picture_picker import settle_picture
st.set_page_config(layout="wide")
settle_picture("extra")
run = find_run("opened")
show_network(run.name, run.settings.train.epochs, round(1000 * run.created), page="extra")
"""


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A page with a finished run's network and nothing else."""
    place = tmp_path_factory.mktemp("opened")
    settings = RunSettings(
        data=DataSettings("digits", per_class=20, validation_share=0.1),
        net=replace(net_defaults("lenet"), activation="tanh"),
        train=TrainSettings(epochs=3, learning_rate=0.01),
    )
    run = create_run(settings, place / "runs", "opened")
    record(run.folder, torch.device("cpu"))
    script = place / "page.py"
    script.write_text(PAGE)
    port = free_port()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FOVEA_EXTRA_PAGE", str(script))
        server = start_server(port, log=place / "log.txt")
    yield f"http://127.0.0.1:{port}/extra"
    stop_server(server)


def open_it(page: Page, url: str) -> None:
    page.goto(url)
    page.wait_for_selector(f"{CANVAS}[data-painted]")


def click_at(page: Page, x: float, y: float) -> None:
    page.locator(CANVAS).first.click(position={"x": x, "y": y})


def test_epochs_and_pictures_move_while_dragging(page: Page, url: str) -> None:
    open_it(page, url)
    expect(page.get_by_test_id("verdict")).to_contain_text("After epoch 3")
    before = pixels_hash(page)
    drag(page, "epoch", 0)
    wait_painted(page, epoch=0)
    assert pixels_hash(page) != before
    expect(page.get_by_test_id("verdict")).to_contain_text("After epoch 0")
    untrained = pixels_hash(page)
    drag(page, "index", 4)
    wait_painted(page, epoch=0, index=4)
    assert pixels_hash(page) != untrained


def test_pointing_lights_what_feeds_and_keys_walk_through_the_layers(page: Page, url: str) -> None:
    open_it(page, url)
    facts = page.get_by_test_id("map-facts")
    expect(facts).to_contain_text("conv (features.0)")
    canvas = page.locator(CANVAS).first
    canvas.focus()
    for name in ("tanh (features.1)", "max pool (features.2)", "conv (features.3)"):
        page.keyboard.press("ArrowRight")
        expect(facts).to_contain_text(name)
    before = pixels_hash(page)
    page.keyboard.press("ArrowDown")
    expect(facts).to_contain_text("of 16")
    page.keyboard.press("ArrowLeft")
    expect(facts).to_contain_text("max pool (features.2)")
    box = canvas.bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] - 60, box["y"] + 70)
    expect(facts).to_contain_text("softmax")
    assert pixels_hash(page) != before


def test_a_number_is_asked_for_and_its_place_goes_with_the_page(page: Page, url: str) -> None:
    open_it(page, url)
    width = page.locator(CANVAS).first.evaluate("canvas => canvas.clientWidth")
    # the softmax; the number that the page begins with may still be on its way
    asked = re.compile(r"open-network/number\?.*\blayer=12\b")
    with page.expect_response(asked) as caught:
        click_at(page, width - 60, 70)
    assert caught.value.ok
    chosen = re.compile('"chosen":"12:')
    expect(page.locator(CANVAS).first).to_have_attribute("data-painted", chosen)
    page.get_by_test_id("stage-scale").select_option("global")
    wait_painted(page, scale="global")

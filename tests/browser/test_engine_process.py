"""The engine's process as a reader meets it: it may die, and the page goes on by itself."""

import io
import os
import re
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import httpx2
import psutil
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.fixtures import free_port, start_server, stop_server
from tests.browser.stage_driver import drag, open_stage, painted, release, wait_painted

pytestmark = pytest.mark.skipif(os.name == "nt", reason="kill -9 is POSIX's")
Screen = tuple[subprocess.Popen, str, Path]
SIZE = (300, 200)


@pytest.fixture(scope="module")
def screen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Screen]:
    """A screen of its own under a base path, whose engine may be killed."""
    port = free_port()
    log = tmp_path_factory.mktemp("screen") / "log.txt"
    process = start_server(port, "--server.baseUrlPath=fovea", log=log)
    yield process, f"http://127.0.0.1:{port}/fovea", log
    stop_server(process)


def engine_of(screen: subprocess.Popen) -> psutil.Process:
    """The engine's process."""
    children = psutil.Process(screen.pid).children()
    (engine,) = [each for each in children if "engine.serving" in each.cmdline()]
    return engine


def photo() -> bytes:
    data = io.BytesIO()
    Image.linear_gradient("L").resize(SIZE).convert("RGB").save(data, "PNG")
    return data.getvalue()


def upload(page: Page) -> None:
    page.get_by_test_id("stPopoverButton").click()
    field = page.locator("input[type=file]")
    field.set_input_files({"name": "own.png", "mimeType": "image/png", "buffer": photo()})
    page.wait_for_url(re.compile(r"pic=[\w-]{22}\b"))


def test_an_engine_killed_under_a_slider_is_said_and_the_page_goes_on(
    page: Page, screen: Screen
) -> None:
    process, url, log = screen
    open_stage(page, f"{url}/pixels?lang=en")
    upload(page)
    reckoning = page.locator(".readout .reckoning")
    expect(reckoning).to_contain_text(f"{SIZE[0]} pixels")
    killed = engine_of(process)
    drag(page, "resolution", 200)
    os.kill(killed.pid, signal.SIGKILL)
    drag(page, "resolution", 120)
    message = page.locator(".stage .message").first
    expect(message).to_contain_text("started again")
    drag(page, "resolution", 64)
    release(page, "resolution")
    page.wait_for_function("() => document.querySelector('[data-testid=stException]') === null")
    expect(message).to_be_hidden()
    wait_painted(page, resolution=64)
    assert engine_of(process).pid != killed.pid
    # The learner's photo is there again, under the same token, although the new engine never saw
    # it: 64 × 43 is its shape and not the sample's.
    expect(reckoning).to_contain_text("43 rows")
    assert "the engine ended" in log.read_text()


def test_the_page_itself_runs_while_the_engine_is_away(page: Page, screen: Screen) -> None:
    process, url, _ = screen
    values = open_stage(page, f"{url}/pixels?lang=en&pic=coffee")
    os.kill(engine_of(process).pid, signal.SIGKILL)
    page.get_by_text("한국어").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("사진은")
    page.wait_for_function("() => document.querySelector('[data-testid=stException]') === null")
    expect(page.locator(".readout .reckoning")).to_contain_text("바이트")
    assert painted(page) == values


def test_the_documentation_works_below_the_base_path(page: Page, screen: Screen) -> None:
    _, url, _ = screen
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text))
    page.goto(f"{url}/api/docs")
    expect(page.get_by_text("/v1/classify", exact=True).first).to_be_visible()
    assert not [text for text in refused if "Content Security Policy" in text]


def test_a_screen_killed_with_9_leaves_no_engine_behind(tmp_path: Path) -> None:
    process = start_server(free_port(), log=tmp_path / "log.txt")
    deadline = time.monotonic() + 120
    while not psutil.Process(process.pid).children():
        assert time.monotonic() < deadline
        time.sleep(0.05)
    engine = engine_of(process)
    process.kill()
    process.wait()
    engine.wait(120)
    assert not engine.is_running()


def test_what_answers_before_torch_is_there_answers_at_once_and_never_500(tmp_path: Path) -> None:
    port = free_port()
    process = start_server(port, log=tmp_path / "log.txt")
    try:
        with httpx2.Client(base_url=f"http://127.0.0.1:{port}/api/v1", timeout=120) as client:
            thumbnail = client.get(
                "/pictures/chelsea", params={"max_side_px": 96}, headers={"Accept": "image/*"}
            )
            assert thumbnail.headers["content-type"] == "image/png"
            seen = []
            while (answer := client.get("/classify/labels?picture=chelsea")).status_code == 202:
                seen.append(answer.json())
            assert answer.status_code == 200
            assert all(each["starting"] for each in seen if each.get("total") == 3)
            assert seen, "torch was there before anybody could ask"
            assert answer.json()["labels"][0]["name"] == "Egyptian cat"
    finally:
        stop_server(process)

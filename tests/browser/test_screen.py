"""The screen is without torch, and its pages load nothing that its policy does not name.

A real screen is started whose process cannot import torch, torchvision, OpenCV, Captum or pandas;
every page is opened in both languages, and a photo is chosen.
"""

import io
import os
import re
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, ConsoleMessage, Page, expect

from engine.wire.visitors import COOKIE
from pages.ui.chapters import CHAPTERS, url_path
from tests.browser.fixtures import free_port, start_server, stop_server
from tests.browser.stage_driver import open_stage

REFUSED = ("torch", "torchvision", "cv2", "captum", "sklearn", "skimage", "onnx", "pandas")
# Python runs this at its start; the engine's process, a child of the screen, is left alone.
HOOK = f"""
import os, sys

class Refuse:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {REFUSED!r}:
            with open(os.environ["FOVEA_TEST_REFUSED"], "a") as file:
                file.write(name + "\\n")
            raise ImportError("the screen may not import " + name)

if "streamlit" in sys.orig_argv:
    sys.meta_path.insert(0, Refuse())
"""
STEMS = ("home", *(stem for stems in CHAPTERS.values() for stem in stems))
RUN_ENDED = "[data-testid='stApp'][data-test-script-state='notRunning']"


@pytest.fixture(scope="module")
def refusals(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Names that the screen tried to import and may not, a line each."""
    return tmp_path_factory.mktemp("hook") / "refused.txt"


@pytest.fixture(scope="module")
def screen(refusals: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a screen that cannot import torch."""
    (refusals.parent / "sitecustomize.py").write_text(textwrap.dedent(HOOK))
    paths = os.pathsep.join([str(refusals.parent), os.environ.get("PYTHONPATH", "")])
    settings = {"PYTHONPATH": paths.rstrip(os.pathsep), "FOVEA_TEST_REFUSED": str(refusals)}
    port = free_port()
    log = tmp_path_factory.mktemp("screen") / "log.txt"
    process = start_server(port, log=log, environment=settings)
    yield f"http://127.0.0.1:{port}"
    stop_server(process)


@pytest.fixture
def tab(page: Page) -> tuple[Page, list[str]]:
    """A page, and what the browser refused it."""
    violations: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            violations.append(message.text)

    page.on("console", note)
    return page, violations


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_every_page_opens_without_torch_and_within_its_policy(
    screen: str, refusals: Path, tab: tuple[Page, list[str]], lang: str
) -> None:
    page, violations = tab
    for stem in STEMS:
        page.goto(f"{screen}/{url_path(stem)}?lang={lang}")
        expect(page.locator("h1")).to_be_visible(timeout=60_000)
        page.wait_for_selector(RUN_ENDED)
        assert page.get_by_test_id("stException").count() == 0, stem
        assert not violations, (stem, violations)
        assert not refusals.exists(), (stem, refusals.read_text())
    page.wait_for_function("lang => document.documentElement.lang === lang", arg=lang)


def test_a_chart_is_drawn_within_the_policy(screen: str, tab: tuple[Page, list[str]]) -> None:
    page, violations = tab
    page.goto(f"{screen}/classify?lang=en")
    expect(page.locator(".plot.js-plotly-plot").first).to_be_visible(timeout=120_000)
    assert not violations


def test_a_photo_is_taken_without_decoding_it_here(
    screen: str, refusals: Path, tab: tuple[Page, list[str]]
) -> None:
    page, violations = tab
    data = io.BytesIO()
    Image.new("RGB", (40, 30), (200, 30, 90)).save(data, "PNG")
    open_stage(page, f"{screen}/pixels?lang=en")
    page.get_by_test_id("stPopoverButton").click()
    page.locator("input[type=file]").set_input_files(
        {"name": "photo.png", "mimeType": "image/png", "buffer": data.getvalue()}
    )
    page.wait_for_url(re.compile(r"pic=[\w-]{22}\b"))
    expect(page.locator(".readout .reckoning")).to_contain_text("3,600 bytes", timeout=30_000)
    assert not violations
    assert not refusals.exists()


def test_answers_say_what_a_browser_may_do_with_them(screen: str, page: Page) -> None:
    opened = page.goto(f"{screen}/?lang=en")
    assert opened is not None
    told = opened.headers
    assert told["x-content-type-options"] == "nosniff"
    assert told["referrer-policy"] == "same-origin"
    assert "default-src 'none'" in told["content-security-policy"]
    picture = page.request.get(f"{screen}/api/v1/pictures/chelsea?max_side_px=32")
    assert picture.headers["content-security-policy"] == "default-src 'none'"
    assert picture.headers["x-content-type-options"] == "nosniff"
    script = page.request.get(f"{screen}/_stcore/health")
    assert script.headers["x-content-type-options"] == "nosniff"


def test_a_visitor_is_known_by_a_cookie_that_scripts_cannot_read(
    screen: str, page: Page, browser: Browser
) -> None:
    page.goto(f"{screen}/?lang=en")
    (cookie,) = [each for each in page.context.cookies() if each.get("name") == COOKIE]
    assert cookie.get("httpOnly")
    assert cookie.get("sameSite") == "Lax"
    assert COOKIE not in page.evaluate("document.cookie")
    page.reload()
    (again,) = [each for each in page.context.cookies() if each.get("name") == COOKIE]
    assert again.get("value") == cookie.get("value")
    other = browser.new_context()
    other.new_page().goto(f"{screen}/?lang=en")
    (another,) = [each for each in other.cookies() if each.get("name") == COOKIE]
    other.close()
    assert another.get("value") != cookie.get("value")

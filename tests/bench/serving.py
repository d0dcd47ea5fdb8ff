"""The server and the browser that are measured, and the watch inside its pages (``probe.js``)."""

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from subprocess import Popen

import psutil
from playwright.sync_api import Browser, Page, sync_playwright

from scripts.chromium import find
from tests.browser.fixtures import CHROMIUM_FLAGS, free_port, start_server, stop_server

HERE = Path(__file__).parent
PROBE = HERE / "probe.js"
EXTRA_PAGE = "FOVEA_EXTRA_PAGE"
CALM_SHARE = 0.03  # of one core
LONGEST_WAIT_S = 120
REST_MS = 60
LONG_REST_MS = 300  # longer than a stage waits between two questions about a slow answer


@dataclass(frozen=True)
class Server:
    """A running app: its process and its address."""

    process: Popen[bytes]
    url: str


@contextmanager
def app_server() -> Iterator[Server]:
    """The app, with the empty page (:mod:`tests.bench.empty_page`) beside its own pages."""
    port = free_port()
    with extra_page(), tempfile.TemporaryDirectory() as folder:
        process = start_server(port, log=Path(folder) / "log.txt")
        try:
            yield Server(process, f"http://127.0.0.1:{port}")
        finally:
            stop_server(process)


@contextmanager
def extra_page() -> Iterator[None]:
    """Servers started inside serve the empty page at ``/extra``."""
    os.environ[EXTRA_PAGE] = str(HERE / "empty_page.py")
    try:
        yield
    finally:
        del os.environ[EXTRA_PAGE]


@contextmanager
def chromium() -> Iterator[Browser]:
    """A Chromium as the tests use it."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find(), args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


class Tab:
    """One page in a session of its own, with the watch inside."""

    def __init__(self, browser: Browser, url: str | None = None) -> None:
        viewport = {"width": 1280, "height": 800}
        # what is waited for is an expression, which the pages' policy would not evaluate
        self.context = browser.new_context(viewport=viewport, locale="en-US", bypass_csp=True)  # type: ignore[arg-type]
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(LONGEST_WAIT_S * 1000)
        self.page.add_init_script(path=PROBE)
        if url:
            self.page.goto(url)

    def rest(self, ms: int = REST_MS) -> None:
        """Until for ``ms`` nothing has been asked, run or changed."""
        self.page.evaluate("(ms) => bench.rest(ms)", ms)

    def wait_painted(self) -> None:
        """Until the stage is painted and everything around it has come to rest."""
        self.page.wait_for_function("() => bench.painted() !== null")
        self.rest(LONG_REST_MS)

    def measure(self, event: str, act: Callable[[], object], **checks: str) -> dict[str, float]:
        """Milliseconds from ``event`` until each check (JavaScript) is true; ``ended`` besides."""
        functions = ", ".join(f"{name}: () => {check}" for name, check in checks.items())
        self.page.evaluate(f"() => {{ bench.arm('{event}', {{ {functions} }}) }}")
        act()
        times = self.page.evaluate("bench.results()")
        self.rest()
        return times

    def close(self) -> None:
        """End the session."""
        self.context.close()


class Floor:
    """The empty page: what one rerun costs on this server now."""

    def __init__(self, browser: Browser, server: Server) -> None:
        self.tab = Tab(browser, f"{server.url}/extra")
        self.slider = self.tab.page.locator("[data-testid=stSlider] input")
        self.slider.wait_for(state="attached")
        self.number = 0
        self.tab.rest(LONG_REST_MS)

    def measure(self) -> dict[str, float]:
        """One press of the arrow key, as times to the changed text (``seen``) and ``ended``."""
        self.number += 1
        text = f"""bench.find('[data-testid="stText"]').textContent === "number {self.number}" """
        press = lambda: self.slider.press("ArrowRight")  # noqa: E731
        return self.tab.measure("keydown", press, seen=text)


def wait_calm(process: Popen[bytes]) -> None:
    """Until screen and engine have nothing left to do: all is loaded, computations have ended."""
    deadline = time.monotonic() + LONGEST_WAIT_S
    before = _cpu_seconds(process.pid)
    while time.monotonic() < deadline:
        time.sleep(1)
        now = _cpu_seconds(process.pid)
        if now - before < CALM_SHARE:
            return
        before = now


def tree(pid: int) -> list[psutil.Process]:
    """A process and all that it has started, workers that train left out."""
    root = psutil.Process(pid)
    found = [root, *root.children(recursive=True)]
    with suppress(psutil.NoSuchProcess):
        return [each for each in found if "engine.train" not in each.cmdline()]
    return [root]


def _cpu_seconds(pid: int) -> float:
    used = 0.0
    for each in tree(pid):
        with suppress(psutil.NoSuchProcess):
            times = each.cpu_times()
            used += times.user + times.system
    return used

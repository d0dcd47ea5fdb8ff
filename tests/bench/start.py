"""From the start of the process to the first page, the first classification, the first maps.

The browser is running already and opens the page as soon as the port answers; a program asks for a
classification at the same moment. Then, on each of these fresh servers, pictures are changed that
it has never seen (:mod:`tests.bench.changed_picture`).
"""

import io
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from subprocess import Popen
from tempfile import TemporaryDirectory

import httpx2
from PIL import Image
from playwright.sync_api import Browser, Error

from engine.pictures import sample
from tests.bench.changed_picture import ChangedPictures
from tests.bench.numbers import Target, percentile, table
from tests.bench.serving import LONGEST_WAIT_S, Tab, chromium
from tests.browser.fixtures import APP, free_port, start_server, stop_server

STARTS = 3
FLOOR = "Streamlit's page of one line, alone: its text"
ALONE = "home page, alone: its title"
EMPTY = "tests/bench/empty_page.py"
RETRY_S = 0.02
HEAD = ("from process start to", "s, each start", "median", "most", "target")
TARGETS = {
    FLOOR: None,
    ALONE: Target(2.5, "≤ 2.5 s"),
    "home page: its title": Target(2.5, "≤ 2.5 s"),
    "home page: its maps": None,
    "first classification (POST /api/v1/classify)": Target(12, "≤ 12 s"),
}


def run(samples: int) -> str:
    """Start the app three times; ``samples`` is not asked for here. Two tables."""
    changed = ChangedPictures()
    starts = []
    with chromium() as browser, TemporaryDirectory() as folder:
        for _ in range(STARTS):
            log = Path(folder) / "log.txt"
            floor = _first_seen(browser, log, "[data-testid='stText']", script=EMPTY)
            alone = _first_seen(browser, log, "h1")
            with _started(browser, log) as (times, process, url):
                changed.measure(browser, url, process)
            starts.append({FLOOR: floor, ALONE: alone} | times)
    rows = [_row(name, [times[name] for times in starts]) for name in TARGETS]
    note = (
        "most: held against the target. alone: nobody asks for anything else, and the first row "
        "is what Streamlit itself takes; in the other rows the page is opened and the "
        "classification asked at once."
    )
    return table("Start", HEAD, rows, note) + "\n" + changed.table()


def _row(name: str, seconds: list[float]) -> list[str]:
    target, most = TARGETS[name], max(seconds)
    each = "  ".join(f"{value:.1f}" for value in seconds)
    median = f"{percentile(seconds, 50):.1f}"
    return [name, each, median, f"{most:.1f}", target.judge(most) if target else "–"]


def _first_seen(browser: Browser, log: Path, selector: str, script: str = APP) -> float:
    """Seconds until a page that nobody else competes with shows what is looked for."""
    port = free_port()
    tab = Tab(browser)
    with ThreadPoolExecutor(1) as others:
        begun = time.perf_counter()
        started = others.submit(start_server, port, log=log, script=script)
        try:
            _open_when_up(tab, f"http://127.0.0.1:{port}", started)
            tab.page.locator(selector).wait_for()
            seconds = time.perf_counter() - begun
            tab.close()
            return seconds
        finally:
            stop_server(started.result())


@contextmanager
def _started(browser: Browser, log: Path) -> Iterator[tuple[dict[str, float], Popen[bytes], str]]:
    """Seconds by name of :data:`TARGETS`; the server's process and its address."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    tab = Tab(browser)
    file = _photo()
    with ThreadPoolExecutor(2) as others:
        begun = time.perf_counter()
        server = others.submit(start_server, port, log=log)
        classified = others.submit(_classify_when_up, url, file, server)
        try:
            _open_when_up(tab, url, server)
            tab.page.locator("h1").wait_for()
            titled = time.perf_counter()
            tab.page.wait_for_function("() => bench.painted() !== null")
            ends = (titled, time.perf_counter(), classified.result())
            tab.close()
            names = [name for name in TARGETS if name not in (FLOOR, ALONE)]
            times = {name: end - begun for name, end in zip(names, ends, strict=True)}
            yield times, server.result(), url
        finally:
            stop_server(server.result())


def _open_when_up(tab: Tab, url: str, server: Future[Popen[bytes]]) -> None:
    """Opens the page again and again until somebody answers."""
    while not _has_failed(server):
        with suppress(Error):  # refused: the server does not listen yet
            tab.page.goto(url, wait_until="commit")
            return
        time.sleep(RETRY_S)
    server.result()


def _classify_when_up(url: str, file: bytes, server: Future[Popen[bytes]]) -> float:
    """The time at which a first classification was answered, on ``time.perf_counter``."""
    while not _has_failed(server):
        with suppress(httpx2.TransportError):
            upload = {"file": ("photo.jpg", file)}
            answer = httpx2.post(f"{url}/api/v1/classify", files=upload, timeout=LONGEST_WAIT_S)
            answer.raise_for_status()
            return time.perf_counter()
        time.sleep(RETRY_S)
    server.result()
    raise RuntimeError("the server was up and did not answer")


def _has_failed(server: Future[Popen[bytes]]) -> bool:
    return server.done() and server.exception() is not None


def _photo() -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(sample("coffee").pixels).save(buffer, "JPEG", quality=90)
    return buffer.getvalue()

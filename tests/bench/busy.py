"""While a run trains: slider to picture on the foundation's pages, against the same without one.

The worker is the one that a page starts: niced, on all cores but one.
"""

import json
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from playwright.sync_api import Browser

from tests.bench.numbers import Target, ms, p50, p95, table
from tests.bench.serving import Server, Tab, app_server, chromium, wait_calm
from tests.bench.stage_moves import drag, moves, reach_of, there_and_back
from tests.bench.subjects import Subject, subjects

TARGET = Target(1.5, "≤ 1.5 × p95")
FOUNDATION = ("home", "pixels", "classify", "filter_sliding", "feature_maps")
HEAD = (
    "page", "control", "n", "idle p50 ms", "p95", "training p50", "p95", "ratio", "target",
)  # fmt: skip
NOTES = "training: small VGG on shapes32 in a worker, as the Training studio starts it."
KEY = {"X-Owner": "benchmark-of-the-pages", "Content-Type": "application/json"}
ENDLESS = {"train": {"epochs": 10_000}}
PATIENCE_S = 120


def run(samples: int) -> str:
    """Measure ``samples`` drags on each page without and with a training, as a table."""
    with app_server() as server, chromium() as browser:
        pages = [each for each in subjects() if each.stem in FOUNDATION]
        idle = [_drags(each, browser, server, samples) for each in pages]
        with _training(server):
            busy = [_drags(each, browser, server, samples) for each in pages]
    rows = [
        _row(page, before, during) for page, before, during in zip(pages, idle, busy, strict=True)
    ]
    return table("While a run trains", HEAD, rows, NOTES)


def _row(page: Subject, idle: Sequence[float], busy: Sequence[float]) -> list[str]:
    ratio = p95(busy) / p95(idle)
    times = (p50(idle), p95(idle), p50(busy), p95(busy))
    count = str(len(idle))
    return [
        page.stem, page.main_control, count, *map(ms, times), f"{ratio:.2f}", TARGET.judge(ratio),
    ]  # fmt: skip


def _drags(page: Subject, browser: Browser, server: Server, samples: int) -> list[float]:
    tab = Tab(browser, server.url + page.address)
    tab.wait_painted()
    wait_calm(server.process)
    found = moves(reach_of(tab, page.main_control), samples)
    drag(tab, page.main_control, found[-1])
    times = [drag(tab, page.main_control, move) for move in there_and_back(found, samples)]
    tab.close()
    return times


@contextmanager
def _training(server: Server) -> Iterator[None]:
    """A run that trains as long as one is inside."""
    name = _call(server, "POST", "runs", {"settings": ENDLESS})["name"]
    try:
        _wait(server, name, "running")
        yield
    finally:
        _call(server, "POST", f"runs/{name}/stop")
        _wait(server, name, "stopped")


def _wait(server: Server, name: str, status: str) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while _call(server, "GET", f"runs/{name}")["status"] != status:
        if time.monotonic() > deadline:
            raise TimeoutError(f"the run was not {status} within {PATIENCE_S} s")
        time.sleep(0.2)


def _call(server: Server, method: str, path: str, body: dict | None = None) -> dict:
    data = None if body is None else json.dumps(body).encode()
    address = f"{server.url}/api/v1/{path}"
    request = urllib.request.Request(address, data, KEY, method=method)
    with urllib.request.urlopen(request, timeout=PATIENCE_S) as answer:
        return json.load(answer)

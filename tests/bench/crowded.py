"""While another client asks for heavy things: filter sliding's drag, against the same alone.

Each heavy request is asked again as soon as it is answered, with values that were not asked before,
so that no answer comes from a cache.
"""

import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import count, cycle
from urllib.parse import urlencode

from playwright.sync_api import Browser

from tests.bench.numbers import Target, ms, p50, p95, table
from tests.bench.serving import Server, Tab, app_server, chromium, wait_calm
from tests.bench.stage_moves import drag, moves, reach_of, there_and_back
from tests.bench.subjects import subjects

TARGET = Target(2.0, "≤ 2 × p95")
HEAD = (
    "beside", "answered", "n", "alone p50 ms", "p95", "crowded p50", "p95", "ratio", "target",
)  # fmt: skip
NOTES = "The page filter_sliding, its main control dragged; the other client asks by HTTP."
PAGE = "filter_sliding"
PICTURES = ("chelsea", "coffee", "motorcycle", "china", "flower", "astronaut", "rocket", "camera")
PATIENCE_S = 60
WAIT_S = 0.2  # before a job is asked after again, as a page does


def heavy(kind: str) -> Iterator[str]:
    """Addresses of one kind, without end, none twice within the caches' reach."""
    for turn, picture in zip(count(), cycle(PICTURES)):
        asked: dict[str, object] = {"picture": picture}
        if kind == "integrated gradients":
            asked |= {"method": "integrated_gradients", "rank": 1 + turn // len(PICTURES) % 5}
            yield f"classify/why?{urlencode(asked)}"
        elif kind == "Haar, every window":
            asked |= {"factor": round(1.05 + turn % 50 / 1000, 3), "neighbours": 0}
            yield f"haar-hog?{urlencode(asked)}"
        else:
            asked |= {"target": "class", "window": 30 + turn % 40, "stride": 1, "scales": 3}
            yield f"sliding-window?{urlencode(asked)}"


KINDS = ("integrated gradients", "Haar, every window", "MobileNetV2 on every window")


def run(samples: int) -> str:
    """Measure ``samples`` drags alone and beside each kind of request, as a table."""
    with app_server() as server, chromium() as browser:
        alone = _drags(browser, server, samples)
        rows = []
        for kind in KINDS:
            with _asking(server, kind) as answered:
                crowded = _drags(browser, server, samples)
            rows.append(_row(kind, len(answered), alone, crowded))
    return table("While another client asks for heavy things", HEAD, rows, NOTES)


def _row(kind: str, asked: int, alone: Sequence[float], crowded: Sequence[float]) -> list[str]:
    ratio = p95(crowded) / p95(alone)
    times = (p50(alone), p95(alone), p50(crowded), p95(crowded))
    return [
        kind, str(asked), str(len(alone)), *map(ms, times), f"{ratio:.2f}", TARGET.judge(ratio),
    ]  # fmt: skip


def _drags(browser: Browser, server: Server, samples: int) -> list[float]:
    (page,) = [each for each in subjects() if each.stem == PAGE]
    tab = Tab(browser, server.url + page.address)
    tab.wait_painted()
    found = moves(reach_of(tab, page.main_control), samples)
    drag(tab, page.main_control, found[-1])
    times = [drag(tab, page.main_control, move) for move in there_and_back(found, samples)]
    tab.close()
    return times


@contextmanager
def _asking(server: Server, kind: str) -> Iterator[list[int]]:
    """Another client at work as long as one is inside; gives the statuses of what it was told."""
    wait_calm(server.process)
    answered: list[int] = []
    enough = threading.Event()
    client = threading.Thread(target=_ask, args=(server.url, kind, answered, enough))
    client.start()
    time.sleep(1)  # the first request has begun
    try:
        yield answered
    finally:
        enough.set()
        client.join(PATIENCE_S)


def _ask(url: str, kind: str, answered: list[int], enough: threading.Event) -> None:
    for address in heavy(kind):
        status = 202
        while status == 202 and not enough.is_set():
            status = _status(f"{url}/api/v1/{address}")
            if status == 202:
                time.sleep(WAIT_S)
        if enough.is_set():
            return
        answered.append(status)


def _status(address: str) -> int:
    try:
        with urllib.request.urlopen(address, timeout=PATIENCE_S) as answer:
            answer.read()
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code

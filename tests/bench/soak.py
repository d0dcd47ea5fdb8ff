"""A soak: eight clients ask for anything legal, the costliest too, and one drags a slider.

``python -m tests.bench soak --minutes 10``. Questions are drawn from the API's own description by
a seed; each client is a visitor of its own, keeps to one picture for a while, and asks again while
it is told to wait. Goals: no answer of 500 and its like (503, "busy", is counted apart), the engine
below its stated ceiling, the one who drags never held up for more than half a second.
"""

import json
import random
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from typing import Any
from urllib.parse import urlencode

import psutil

from tests.bench.numbers import ms, p50, p95, table
from tests.bench.serving import Server, app_server, tree, wait_calm

CLIENTS, MINUTES = 8, 10.0
CEILING_MIB = 4096
HELD_UP_S = 0.5
PATIENCE_S = 120
WAIT_S, TIRED_AFTER_S = 0.2, 20.0  # of a client whose answer is not there yet
DRAG_S = 0.25
HEAD = ("soak", "measured", "goal", "")
PICTURES = ("chelsea", "coffee", "motorcycle", "camera", "china", "flower", "astronaut", "rocket")


def run(samples: int, minutes: float = MINUTES) -> str:
    """Ask for so many ``minutes``; ``samples`` is ignored."""
    statuses: Counter[int] = Counter()
    faults: list[str] = []
    times: list[float] = []
    with app_server() as server:
        wait_calm(server.process)
        questions = _routes(server.url)
        enough = threading.Event()
        clients = [
            threading.Thread(
                target=_ask, args=(server.url, seed, questions, statuses, faults, enough)
            )
            for seed in range(CLIENTS)
        ]
        clients.append(threading.Thread(target=_drag, args=(server.url, times, enough)))
        for client in clients:
            client.start()
        peak = _watch(server, minutes * 60, faults)
        enough.set()
        for client in clients:
            client.join(PATIENCE_S)
        wait_calm(server.process)
        rest = _mib(server)
    for fault in faults[:20]:
        print(fault)
    return table(
        f"Soak of {minutes:g} minutes, {CLIENTS} clients",
        HEAD,
        _rows(statuses, faults, times, peak, rest),
    )


def _rows(
    statuses: Counter[int], faults: list[str], times: list[float], peak: float, rest: float
) -> list[list[str]]:
    said = ", ".join(f"{status}: {count}" for status, count in sorted(statuses.items()))
    longest = max(times, default=0.0)
    return [
        ["answers", said, "", ""],
        ["faults", str(len(faults)), "0", _met(not faults)],
        [
            "peak of screen and engine, MiB",
            f"{peak:.0f}",
            f"≤ {CEILING_MIB}",
            _met(peak <= CEILING_MIB),
        ],
        ["at rest afterwards, MiB", f"{rest:.0f}", "", ""],
        ["who drags: n, p50, p95 ms", f"{len(times)}, {ms(p50(times))}, {ms(p95(times))}", "", ""],
        [
            "who drags: longest wait ms",
            ms(longest),
            f"≤ {ms(1000 * HELD_UP_S)}",
            _met(longest <= 1000 * HELD_UP_S),
        ],
    ]


def _met(is_met: bool) -> str:
    return "met" if is_met else "NOT MET"


def _routes(url: str) -> list[tuple[str, list[dict[str, Any]]]]:
    """Path → parameters, of every route that takes nothing from its path and sends no file."""
    with urllib.request.urlopen(f"{url}/api/openapi.json", timeout=PATIENCE_S) as answer:
        paths = json.load(answer)["paths"]
    return [
        (path, [p for p in methods["get"].get("parameters", []) if p["in"] == "query"])
        for path, methods in sorted(paths.items())
        if "get" in methods and "{" not in path
    ]


def draw(parameters: list[dict[str, Any]], drawn: random.Random) -> dict[str, Any]:
    """Legal values: often a default or an end, since ends are what costs."""
    values: dict[str, Any] = {}
    for each in parameters:
        kinds = [
            k for k in each["schema"].get("anyOf", [each["schema"]]) if k.get("type") != "null"
        ]
        found = list(_values(kinds[0], drawn))
        if found and (each.get("required") or drawn.random() < 0.7):
            values[each["name"]] = drawn.choice(found)
    return values


def _values(kind: dict[str, Any], drawn: random.Random) -> Iterator[Any]:
    if "enum" in kind:
        yield from kind["enum"]
    elif kind.get("type") == "boolean":
        yield from ("true", "false")
    elif "minimum" in kind and "maximum" in kind:
        low, high = kind["minimum"], kind["maximum"]
        between = drawn.uniform(low, high)
        yield from (low, high, int(between) if kind["type"] == "integer" else round(between, 4))


def _ask(
    url: str,
    seed: int,
    routes: list[tuple[str, list[dict[str, Any]]]],
    statuses: Counter[int],
    faults: list[str],
    enough: threading.Event,
) -> None:
    drawn = random.Random(seed)
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    with suppress(OSError):
        opener.open(url, timeout=PATIENCE_S).read()  # the page, for its cookie
    while not enough.is_set():
        path, parameters = drawn.choice(routes)
        values = draw(parameters, drawn)
        if any(each["name"] == "picture" for each in parameters):
            values["picture"] = drawn.choice(PICTURES)
        address = f"{url}/api{path}?{urlencode(values)}"
        until = time.monotonic() + TIRED_AFTER_S
        status = _status(opener, address)
        while status == 202 and time.monotonic() < until and not enough.is_set():
            time.sleep(WAIT_S)
            status = _status(opener, address)
        statuses[status] += 1
        if status == 0 or (status >= 500 and status != 503):
            faults.append(f"{status} {path} {values}")


def _status(opener: urllib.request.OpenerDirector, address: str) -> int:
    """0 where there is no answer at all."""
    try:
        with opener.open(address, timeout=PATIENCE_S) as answer:
            answer.read()
            return answer.status
    except urllib.error.HTTPError as error:
        error.close()
        return error.code
    except OSError:
        return 0


def _drag(url: str, times: list[float], enough: threading.Event) -> None:
    """Filter sliding's stride and kernel, a few times a second, each in milliseconds."""
    opener = urllib.request.build_opener()
    turn = 0
    while not enough.wait(DRAG_S):
        turn += 1
        asked = {"picture": "camera", "stride": 1 + turn % 4, "kernel_size": 3 + 2 * (turn % 3)}
        begun = time.perf_counter()
        if _status(opener, f"{url}/api/v1/filter-sliding?{urlencode(asked)}") == 200:
            times.append(1000 * (time.perf_counter() - begun))


def _watch(server: Server, seconds: float, faults: list[str]) -> float:
    """The most memory that was seen, MiB."""
    peak, end = 0.0, time.monotonic() + seconds
    while time.monotonic() < end:
        time.sleep(0.5)
        if server.process.poll() is not None:
            faults.append(f"the screen ended with {server.process.returncode}")
            break
        peak = max(peak, _mib(server))
    return peak


def _mib(server: Server) -> float:
    total = 0
    for each in tree(server.process.pid):
        with suppress(psutil.NoSuchProcess):
            total += each.memory_info().rss
    return total / 2**20

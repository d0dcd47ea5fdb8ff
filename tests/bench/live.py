"""Slider to picture: from the ``input`` event to the painted canvas, against an empty rerun.

Each page's main control is moved without being let go, as a hand drags it, one value at a time.
Between groups of values the floor is measured on the same server, so that whatever else the
machine does slows both. The canvas says which values its picture belongs to (``data-painted``).
"""

from collections.abc import Sequence

from playwright.sync_api import Browser, Error

from tests.bench.numbers import Target, ms, p50, p95, table
from tests.bench.serving import Floor, Server, Tab, app_server, chromium, wait_calm
from tests.bench.stage_moves import drag, moves, reach_of, there_and_back
from tests.bench.subjects import Subject, crowded, subjects

GROUP = 8  # values in a row, then as many empty reruns
TARGET = Target(0.5, "≤ 0.5 × p50")
HEAD = (
    "page", "control", "values", "asked", "p50 ms", "p95", "floor p50", "p95", "ratio", "target",
)  # fmt: skip
NOTES = (
    "values: drags, and how many different values they went through. asked: drags that had to ask "
    "the engine; the others' pictures were remembered, or asked ahead of the hand. "
    "floor: key press to changed text on an empty page."
)


def run(samples: int) -> str:
    """Measure ``samples`` drags on every page, as a table."""
    with app_server() as server, chromium() as browser:
        floor = Floor(browser, server)
        every = [*subjects(), crowded()]
        rows = [_try(subject, browser, server, floor, samples) for subject in every]
    return table("Live: slider to picture", HEAD, rows, NOTES)


def _try(
    subject: Subject, browser: Browser, server: Server, floor: Floor, samples: int
) -> Sequence[str]:
    """One page's row, or what kept it from being measured: the other pages still are."""
    try:
        return measure(subject, browser, server, floor, samples)
    except (Error, ValueError) as fault:
        reason = str(fault).splitlines()[0][:60]
        head = [subject.stem + subject.state, subject.main_control]
        return [*head, *["–"] * (len(HEAD) - 3), reason]


def measure(
    subject: Subject, browser: Browser, server: Server, floor: Floor, samples: int
) -> Sequence[str]:
    """One page's row of the table."""
    tab = Tab(browser, server.url + subject.address)
    tab.wait_painted()
    wait_calm(server.process)
    name = subject.main_control
    found = moves(reach_of(tab, name), samples)
    drag(tab, name, found[-1])  # so that the first value to be timed is a change
    empty, dragged, asked = [], [], 0
    ways = there_and_back(found, samples)
    for first in range(0, samples, GROUP):
        group = ways[first : first + GROUP]
        floor.tab.page.bring_to_front()
        empty += [floor.measure()["seen"] for _ in group]
        tab.page.bring_to_front()
        for move in group:
            dragged.append(drag(tab, name, move))
            asked += tab.page.evaluate("bench.askedLast()") > 0
    tab.close()
    ratio = p50(dragged) / p50(empty)
    times = (p50(dragged), p95(dragged), p50(empty), p95(empty))
    counted = f"{samples} of {len(found)}"
    return [
        subject.stem + subject.state,
        name,
        counted,
        str(asked),
        *map(ms, times),
        f"{ratio:.2f}",
        TARGET.judge(ratio),
    ]

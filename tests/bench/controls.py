"""Every ordinary control: from the event to its answer on the page, against an empty rerun.

Excepted are those that start a computation of seconds (they show progress instead). Controls that
come in numbers (the buttons of "try this", the stage's further controls) are all measured; the
slowest of them stands in the table. Between rounds the floor is measured on the same server.
"""

import sys
from dataclasses import dataclass, field
from math import ceil

from playwright.sync_api import Browser, Error

from tests.bench.acts import Round, Times, groups_of
from tests.bench.numbers import Target, ms, p50, p95, table
from tests.bench.serving import LONG_REST_MS, Floor, Server, Tab, app_server, chromium, wait_calm
from tests.bench.subjects import Subject, subjects

TARGET = Target(1.5, "≤ 1.5 × p95")
HEAD = ("page", "control", "n", "p50 ms", "p95", "floor p95", "ratio", "ended p95", "target")
NOTES = (
    "ended: the page's script has ended, too. "
    "Excepted, since they start a computation of seconds: {excepted}."
)
# By page: names of stage controls and of "try this" buttons.
EXCEPTED = {"classify": ("network", "method", "occlusion"), "feature_maps": ("model",)}
FLOORS_A_ROUND = 3


@dataclass
class Measured:
    """Controls of one kind, their times by name, and the empty reruns in between."""

    title: str
    round: Round
    times: dict[str, list[Times]] = field(default_factory=dict)
    empty: list[float] = field(default_factory=list)
    fault: str = ""

    def measure(self, tab: Tab, floor: Floor, rounds: int) -> None:
        """So many rounds; before each, empty reruns. A control that does not answer is noted."""
        try:
            self.round()  # what is computed for the first time, and then kept
            tab.rest(LONG_REST_MS)
            for _ in range(rounds):
                floor.tab.page.bring_to_front()
                self.empty += [floor.measure()["seen"] for _ in range(FLOORS_A_ROUND)]
                tab.page.bring_to_front()
                for name, times in self.round():
                    self.times.setdefault(name, []).append(times)
        except Error as error:
            self.fault = error.message.splitlines()[0]

    def slowest(self) -> str:
        """Name of the control with the greatest p95."""
        return max(self.times, key=lambda name: p95([t["seen"] for t in self.times[name]]))


def run(samples: int) -> str:
    """Measure every control at least ``samples / 2.5`` times on every page, as a table."""
    rows = []
    with app_server() as server, chromium() as browser:
        floor = Floor(browser, server)
        for subject in subjects():
            found = measure(subject, browser, server, floor, ceil(samples / 5))
            for row in found:  # the table comes last, after many minutes
                print("  ".join(row), file=sys.stderr, flush=True)
            rows += found
    excepted = [f"{page}'s {', '.join(names)}" for page, names in EXCEPTED.items()]
    return table("Ordinary controls", HEAD, rows, NOTES.format(excepted=" and ".join(excepted)))


def measure(
    subject: Subject, browser: Browser, server: Server, floor: Floor, rounds: int
) -> list[list[str]]:
    """One page's rows of the table."""
    tab = Tab(browser, f"{server.url}{subject.address}?lang=en")
    tab.wait_painted()
    left_out = EXCEPTED.get(subject.stem, ())
    groups = [Measured(*group) for group in groups_of(tab, subject, left_out).items()]
    for group in groups:
        wait_calm(server.process)
        group.measure(tab, floor, rounds)
    tab.close()
    floor_p95 = p95([value for group in groups for value in group.empty])
    return [_row(subject, group, floor_p95) for group in groups]


def _row(subject: Subject, group: Measured, floor_p95: float) -> list[str]:
    if group.fault or not group.times:
        gaps = [""] * (len(HEAD) - 3)
        return [subject.stem, group.title, *gaps, f"NOT MEASURED {group.fault}"]
    name, count = group.slowest(), len(group.times)
    title = group.title if count == 1 else f"{group.title}, slowest of {count}: {name}"
    seen = [times["seen"] for times in group.times[name]]
    ended = [times["ended"] for times in group.times[name] if "ended" in times]
    ratio = p95(seen) / floor_p95
    numbers = [ms(p50(seen)), ms(p95(seen)), ms(floor_p95), f"{ratio:.2f}"]
    last = ms(p95(ended)) if ended else "–"
    return [subject.stem, title, str(len(seen)), *numbers, last, TARGET.judge(ratio)]

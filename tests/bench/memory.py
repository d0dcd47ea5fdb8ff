"""What an open page costs the server: resident memory with one and with twenty sessions.

All are opened on the same two pages in turn, brought to rest, and left open. Twenty more after the
first have gone show whether memory is given back or grows for ever.
"""

from contextlib import suppress

import psutil
from playwright.sync_api import Browser

from tests.bench.numbers import table
from tests.bench.serving import Server, Tab, app_server, chromium, tree, wait_calm
from tests.bench.subjects import subjects

SESSIONS = 20
PREFERRED = ("feature_maps", "filter_sliding")
HEAD = ("server memory", "MiB", "more than before", "per session")


def run(samples: int) -> str:
    """Open the sessions once, however many ``samples`` are asked for; a table."""
    rows: list[list[str]] = []
    with app_server() as server, chromium() as browser:
        wait_calm(server.process)
        last = rss_mib(server.process.pid)
        rows.append(["no session, warmed up", f"{last:.0f}", "", ""])
        tabs: list[Tab] = []
        for title, count in (
            ("one session", 1),
            (f"{SESSIONS} sessions", SESSIONS),
            ("all closed", 0),
            (f"{SESSIONS} new sessions", SESSIONS),
        ):
            more = count - len(tabs)
            tabs = _open(browser, server, tabs, count)
            wait_calm(server.process)
            now = rss_mib(server.process.pid)
            each = f"{(now - last) / more:.1f}" if more > 0 else ""
            rows.append([title, f"{now:.0f}", f"{now - last:+.0f}", each])
            last = now
    pages = " and ".join(subject_path(number) for number in range(2))
    notes = f"Resident memory of screen and engine together, at rest; pages {pages}."
    return table("Memory", HEAD, rows, notes)


def _open(browser: Browser, server: Server, tabs: list[Tab], count: int) -> list[Tab]:
    """Opens or closes sessions until there are ``count``."""
    for tab in tabs[count:]:
        tab.close()
    tabs = tabs[:count]
    while len(tabs) < count:
        tab = Tab(browser, server.url + subject_path(len(tabs)))
        tab.wait_painted()
        tabs.append(tab)
    return tabs


def subject_path(number: int) -> str:
    """The address of the page that session ``number`` opens: two pages in turn."""
    listed = [subject for subject in subjects() if subject.stem in PREFERRED] or subjects()[:1]
    return listed[number % len(listed)].address


def rss_mib(pid: int) -> float:
    """Memory of a process and what it has started that lies in RAM now, shared parts once.

    Where the system does not say what is shared (PSS), each process's whole resident set.
    """
    total = 0
    for each in tree(pid):
        with suppress(psutil.Error):
            full = each.memory_full_info()
            total += getattr(full, "pss", full.rss)
    return total / 2**20

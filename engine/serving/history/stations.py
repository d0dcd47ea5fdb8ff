"""The stations of the history: what was published when, and the page that does it here.

What is said of a station stands in the page's labels; here is what a test can hold against the rest
of Fovea: years, threads, citations, and the links with their values.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import get_args

from engine.serving.history.contract import Thread

THREADS: tuple[Thread, ...] = get_args(Thread)
_TABLE = Path(__file__).with_name("stations.toml")


@dataclass(frozen=True)
class Station:
    """One publication.

    Attributes:
        key: what the page's labels call it.
        year: of the publication that is cited.
        thread: the lane it stands in.
        authors, title, venue, url: the citation; ``url`` is a DOI where there is one.
        page: stem of the page that does it.
        state: values of that page's link, by name.
        mark: it is named first where there is no room for all names.
        below: what the state sets stands further down on that page.
    """

    key: str
    year: int
    thread: Thread
    authors: str
    title: str
    venue: str
    url: str
    page: str
    state: Mapping[str, str] = field(default_factory=dict)
    mark: bool = False
    below: bool = False


@cache
def list_stations() -> tuple[Station, ...]:
    """All of them by year; those of one year in the table's order."""
    table = tomllib.loads(_TABLE.read_text(encoding="utf-8"))
    found = [Station(key=key, **values) for key, values in table.items()]
    return tuple(sorted(found, key=lambda station: station.year))

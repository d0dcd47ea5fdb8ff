"""What is published of public data sets and of the challenges on them, read from tables.

Figures stand in ``sets.toml`` and ``results.toml``, and where each is published in
``sources.toml``; what is said of the sets stands in the page's labels.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

Measure = Literal["top5", "error", "ap50", "ap", "miou", "accuracy"]
LOWER_IS_BETTER: tuple[Measure, ...] = ("top5", "error")
_HERE = Path(__file__).parent


@dataclass(frozen=True)
class Source:
    """Where something is published: ``text`` is a short citation, ``url`` its address."""

    text: str
    url: str


@dataclass(frozen=True)
class PublicSet:
    """A data set, or a platform that holds many.

    Attributes:
        key: what the page's labels call it.
        title: its name.
        year: of its publication.
        kinds: of its labels: "class", "box", "mask", "keypoints", "caption".
        sources: by figure, the key of its source; "licence" among them.
        train, validation, test: pictures in each part; 0 where there is no such part.
        classes: 0 for a platform.
        objects: that bear a box; 0 where they are not counted.
        sides: (H, W) in pixels where all pictures have one size.
    """

    key: str
    title: str
    year: int
    kinds: tuple[str, ...]
    sources: Mapping[str, str]
    train: int = 0
    validation: int = 0
    test: int = 0
    classes: int = 0
    objects: int = 0
    sides: tuple[int, int] | None = None

    @property
    def pictures(self) -> int:
        """In all its parts together."""
        return self.train + self.validation + self.test


@dataclass(frozen=True)
class Result:
    """A result: ``won`` where it won that year's challenge; ``on`` is the test set, if another."""

    year: int
    name: str
    percent: float
    source: str
    won: bool = False
    on: str = ""


@dataclass(frozen=True)
class Results:
    """Results on one set by year, all in one measure."""

    measure: Measure
    rows: tuple[Result, ...]

    def until(self, year: int) -> tuple[Result, ...]:
        """Those up to a year."""
        return tuple(row for row in self.rows if row.year <= year)

    def best(self, year: int) -> Result | None:
        """The best one up to a year; None where there is none yet."""
        sign = 1 if self.measure in LOWER_IS_BETTER else -1
        return min(self.until(year), key=lambda row: sign * row.percent, default=None)


@cache
def list_sets() -> tuple[PublicSet, ...]:
    """All of them by year."""
    found = []
    for key, values in _read("sets").items():
        sides = values.pop("sides", None)
        kinds = tuple(values.pop("kinds"))
        found.append(PublicSet(key, kinds=kinds, sides=sides and tuple(sides), **values))
    return tuple(sorted(found, key=lambda each: each.year))


@cache
def results_of(key: str) -> Results | None:
    """The results on a set, None where none are listed."""
    table = _read("results").get(key)
    if table is None:
        return None
    return Results(table["measure"], tuple(Result(**row) for row in table["rows"]))


@cache
def list_sources() -> dict[str, Source]:
    """By key, where something is published."""
    return {key: Source(**values) for key, values in _read("sources").items()}


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((_HERE / f"{name}.toml").read_text(encoding="utf-8"))

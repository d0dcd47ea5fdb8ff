"""The controls a stage can hold, and the check of what comes back from the browser."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

Value = float | int | str | bool


@dataclass(frozen=True)
class Slider:
    """A number in ``[low, high]`` in steps of ``step``; whole numbers if ``step`` is whole.

    With ``log``, equal ways on the slider are equal factors (``low`` above 0); values are multiples
    of ``step``. Controls of one ``group`` stand in a fold whose title is ``group_<group>``.
    """

    name: str
    low: float
    high: float
    default: float
    step: float = 1
    unit: str = ""
    log: bool = False
    group: str = ""

    def read(self, raw: object) -> Value:
        """``raw`` (text of a link, JSON of the browser) as a legal value, else the default."""
        try:
            number = float(raw)  # type: ignore[arg-type]
        except (TypeError, ValueError):
            return self.default
        if not math.isfinite(number) or not self.low <= number <= self.high:
            return self.default
        base = 0 if self.log else self.low
        number = base + round((number - base) / self.step) * self.step
        return int(number) if float(self.step).is_integer() else round(number, 6)

    def describe(self) -> dict[str, Any]:
        """What the browser needs to draw it."""
        bounds = {"low": self.low, "high": self.high, "step": self.step}
        return {"kind": "slider", "log": self.log, **bounds}


@dataclass(frozen=True)
class Choice:
    """One of several named options; labels come from ``option_<name>_<value>``.

    ``titles`` gives labels that are names of their own (layers, networks) and not translated;
    ``groups`` sorts options under headings.
    """

    name: str
    options: Sequence[str]
    default: str
    titles: dict[str, str] = field(default_factory=dict)
    groups: dict[str, str] = field(default_factory=dict)
    group: str = ""

    def read(self, raw: object) -> Value:
        """``raw`` if it is an option, else the default."""
        return raw if isinstance(raw, str) and raw in self.options else self.default

    def describe(self) -> dict[str, Any]:
        """What the browser needs to draw it, but for the labels."""
        return {"kind": "choice"}


@dataclass(frozen=True)
class Toggle:
    """On or off."""

    name: str
    default: bool = False
    group: str = ""

    def read(self, raw: object) -> Value:
        """True for True, 1 and "1", False for their opposites, else the default."""
        if raw in (True, "1", "true"):
            return True
        return False if raw in (False, "0", "false") else self.default

    def describe(self) -> dict[str, Any]:
        """What the browser needs to draw it."""
        return {"kind": "toggle"}


@dataclass(frozen=True)
class Hidden:
    """A value that the view sets itself (a chosen cell, an edited kernel): text, bounded.

    ``default`` is what it is before anyone touched it; ``pattern`` must match the whole text.
    """

    name: str
    pattern: str
    default: str = ""
    max_length: int = 2000

    def read(self, raw: object) -> Value:
        """``raw`` if it has the stated form, else the default."""
        import re

        text = raw if isinstance(raw, str) else ""
        fits = len(text) <= self.max_length and re.fullmatch(self.pattern, text)
        return text if fits else self.default

    def describe(self) -> dict[str, Any]:
        """Nothing to draw."""
        return {"kind": "hidden"}


Control = Slider | Choice | Toggle | Hidden


def read_values(controls: Sequence[Control], raw: dict[str, Any]) -> dict[str, Value]:
    """Legal values for all controls out of whatever came: wrong or missing ones are defaults."""
    return {c.name: c.read(raw[c.name]) if c.name in raw else c.default for c in controls}

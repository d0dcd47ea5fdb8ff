"""A stretch of events.jsonl taken apart quickly: a run may have very many steps. No torch.

Steps as the recorder writes them are read by one expression; every other line, and steps that have
parts or were changed by hand, are read as JSON, one by one.
"""

import json
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

COLUMNS = ("step", "loss", "accuracy", "lr")
_NUMBER = rb"-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?"
_STEP = re.compile(
    rb'^\{"event": "step", "step": (\d{1,9}), "epoch": \d{1,9}, "loss": (N), "accuracy": (N), '
    rb'"lr": (N), "images_per_s": (N)(?:, "time": N)?\}$'.replace(b"N", _NUMBER),
    re.MULTILINE,
)
_OTHER = re.compile(rb'^(?!\{"event": "step", )[^\n]+$', re.MULTILINE)
_ANY_STEP = b'{"event": "step", '


@dataclass(frozen=True, eq=False)
class Stretch:
    """What whole lines say.

    Attributes:
        steps: float64 (n, 5 + parts): step, loss, accuracy, learning rate, images a second, then
            the parts of the loss; NaN where a line says nothing of it.
        others: (where the line begins, event) of the lines that are no steps.
    """

    steps: np.ndarray
    others: list[tuple[int, dict[str, Any]]]


def take_apart(lines: bytes, parts: tuple[str, ...] | None) -> tuple[Stretch, tuple[str, ...]]:
    """Reads whole lines.

    Args:
        lines: ends with a line's end.
        parts: names of the losses that the loss is made of; None where no step has told yet.

    Returns:
        What they say, and the names of the parts: those given, or the first step's.
    """
    found = [] if parts else _STEP.findall(lines)
    others = [(m.start(), event) for m in _OTHER.finditer(lines) if (event := parse_line(m[0]))]
    if len(found) == lines.count(_ANY_STEP) and not any(_is_step(e) for _, e in others):
        text = b" ".join(b" ".join(row) for row in found)
        rows = np.fromstring(text, np.float64, sep=" ") if found else np.zeros(0)
        return Stretch(rows.reshape(-1, 5), others), parts or ()
    events = [(at, event) for at, line in _lines(lines) if (event := parse_line(line))]
    steps = [event for _, event in events if _is_step(event)]
    names = parts if parts is not None else _first_parts(steps)
    rows = np.array([_row(event, names) for event in steps], np.float64)
    others = [(at, event) for at, event in events if not _is_step(event)]
    return Stretch(rows.reshape(-1, 5 + len(names)), others), names


def parse_line(line: bytes) -> dict[str, Any] | None:
    """The event in a line; None where it is none."""
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) and isinstance(value.get("event"), str) else None


def as_number(value: Any) -> float:
    """A number, or NaN for what was not finite, is none, or is too large to be one."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        return math.nan
    try:
        return float(value)
    except OverflowError:
        return math.nan


def as_mapping(value: Any) -> dict[str, Any]:
    """A mapping; empty where the value is none."""
    return value if isinstance(value, dict) else {}


def _lines(lines: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    for line in lines.splitlines(keepends=True):
        yield at, line
        at += len(line)


def _is_step(event: dict[str, Any]) -> bool:
    return event["event"] == "step"


def _first_parts(steps: list[dict[str, Any]]) -> tuple[str, ...]:
    """A task's parts are the same at each step."""
    return tuple(as_mapping(steps[0].get("parts"))) if steps else ()


def _row(event: dict[str, Any], names: tuple[str, ...]) -> list[float]:
    parts = as_mapping(event.get("parts"))
    named = [event.get(name) for name in (*COLUMNS, "images_per_s")]
    return [as_number(each) for each in (*named, *(parts.get(name) for name in names))]

"""Percentiles, targets, and the table that a topic is printed as."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil


@dataclass(frozen=True)
class Target:
    """The most that a number may be; ``text`` says it with its unit."""

    most: float
    text: str

    def judge(self, value: float) -> str:
        """The target, and whether the value keeps it."""
        return f"{self.text}  {'met' if value <= self.most else 'NOT MET'}"


def percentile(values: Sequence[float], percent: float) -> float:
    """The least of the values that at least ``percent`` of them do not exceed (nearest rank).

    Raises:
        ValueError: there are no values.
    """
    if not values:
        raise ValueError("a percentile of nothing")
    ordered = sorted(values)
    return ordered[max(0, ceil(percent / 100 * len(ordered)) - 1)]


def p50(values: Sequence[float]) -> float:
    """The median, by nearest rank."""
    return percentile(values, 50)


def p95(values: Sequence[float]) -> float:
    """What one value in twenty exceeds, by nearest rank."""
    return percentile(values, 95)


def ms(value: float) -> str:
    """Milliseconds with as many digits as mean something: 0.12, 4.6, 38, 1234."""
    return f"{value:.2f}" if value < 1 else f"{value:.1f}" if value < 10 else f"{value:.0f}"


def table(title: str, head: Sequence[str], rows: Sequence[Sequence[str]], notes: str = "") -> str:
    """A topic as text: title, head, rows, notes; columns of numbers are set to the right."""
    columns = list(zip(head, *rows, strict=True))
    widths = [max(map(len, column)) for column in columns]
    right = [all(_is_number(cell) for cell in column[1:]) for column in columns]
    lines = [
        "  ".join(
            cell.rjust(width) if to_right else cell.ljust(width)
            for cell, width, to_right in zip(row, widths, right, strict=True)
        ).rstrip()
        for row in [head, *rows]
    ]
    lines.insert(1, "─" * max(map(len, lines)))
    return "\n".join(["", title, *lines, *([notes] if notes else [])])


def _is_number(cell: str) -> bool:
    return not cell or cell[0].isdigit() or cell in "–+-"

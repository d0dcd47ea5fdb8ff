"""Moving a control of the stage: where it can go, and how long its picture takes."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle, islice
from math import ceil, floor, log2

from tests.bench.serving import Tab

FINELY = 200  # values, where it does not matter how many
SLACK = 1e-6  # what logarithm and power lose, in steps


@dataclass(frozen=True)
class Reach:
    """What a control can be set to, as ``probe.js`` reads it from the page."""

    type: str
    disabled: bool
    low: float
    high: float
    step: float
    log: bool
    options: list[str]


@dataclass(frozen=True)
class Move:
    """A value, as the canvas will state it, and where it stands on the slider."""

    value: str
    position: float | str | bool


def reach_of(tab: Tab, name: str) -> Reach:
    """What the control called ``name`` can be set to now."""
    return Reach(**tab.page.evaluate("(name) => bench.reach(name)", name))


def value_of(tab: Tab, name: str) -> str:
    """The value of the control that the picture on screen belongs to."""
    return tab.page.evaluate("(name) => String(JSON.parse(bench.painted(name))[name])", name)


def is_movable(reach: Reach) -> bool:
    """Whether the control can be set to more than one value now."""
    return not reach.disabled and len(set(_moves(reach, 2))) > 1


def moves(reach: Reach, count: int) -> list[Move]:
    """At most ``count`` different values, evenly from one end to the other.

    Raises:
        ValueError: the control cannot be moved.
    """
    if not is_movable(reach):
        raise ValueError(f"a control that cannot be moved: {reach}")
    return list(dict.fromkeys(_moves(reach, count)))


def _moves(reach: Reach, count: int) -> Iterator[Move]:
    if reach.type == "checkbox":
        yield from (move_to(reach, "true"), move_to(reach, "false"))
    elif reach.type.startswith("select"):
        yield from (move_to(reach, option) for option in reach.options[:count])
    elif reach.log:
        yield from (move_to(reach, value) for value in _doublings(reach, count))
    else:
        steps = round((reach.high - reach.low) / reach.step)
        for i in range(count):
            value = reach.low + round(steps * i / (count - 1)) * reach.step
            yield move_to(reach, _text(value))


def _doublings(reach: Reach, count: int) -> Iterator[str]:
    """Values of a slider whose positions are doublings; they are multiples of its step."""
    low, high = ceil(2**reach.low / reach.step - SLACK), floor(2**reach.high / reach.step + SLACK)
    for i in range(count):
        steps = round(low * (high / low) ** (i / (count - 1)))
        yield _text(steps * reach.step)


def _text(number: float) -> str:
    """As JavaScript writes it."""
    return f"{number + 0.0:.6f}".rstrip("0").rstrip(".")


def move_to(reach: Reach, value: str) -> Move:
    """The move that leads to ``value``, given as the canvas states it."""
    if reach.type == "checkbox":
        return Move(value, value == "true")
    if reach.type.startswith("select"):
        return Move(value, value)
    return Move(value, log2(float(value)) if reach.log else float(value))


def away_and_back(reach: Reach, now: str) -> tuple[Move, Move]:
    """To a value far from ``now``, and to the reachable value that is nearest to it."""
    found = moves(reach, FINELY)
    if reach.type == "range":
        found.sort(key=lambda move: abs(float(move.value) - float(now)))
    else:
        found.sort(key=lambda move: move.value != now)
    return found[-1], found[0]


def there_and_back(found: list[Move], count: int) -> list[Move]:
    """``count`` moves up and down the list, never to the same value twice in a row."""
    return list(islice(cycle(found + found[-2:0:-1]), count))


def drag(tab: Tab, name: str, move: Move) -> float:
    """Moves the control and lets the page come to rest: ms from the event to its picture.

    A slider is moved as by a hand that does not let go; a choice or a switch is committed.
    """
    arguments = [name, move.value, move.position]
    taken = tab.page.evaluate("([name, value, at]) => bench.drag(name, value, at)", arguments)
    tab.rest()
    return taken

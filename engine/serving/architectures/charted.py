"""All architectures as points: published, counted and measured, and which one to choose."""

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

import numpy as np

from engine.cache import Cache
from engine.device import choose_device
from engine.nets.architectures import Architecture, Counts, count, list_architectures
from engine.nets.pace import BATCH, Pace, measure_pace
from engine.progress import Progress
from engine.serving.architectures.contract import Axis, ChartQuestion
from engine.serving.jobs import jobs
from engine.serving.one_core import on_one_core

MEGA, GIGA = 1e6, 1e9
#: Larger ones are not timed: VGG-16 is, with 15.5 thousand million multiply-adds.
MOST_TIMED_GMACS, MOST_TIMED_PARAMS = 16, 150e6
COUNTED: tuple[Axis, ...] = ("activations",)
TIMED: tuple[Axis, ...] = ("one_ms", "batch_ms")
COSTS: tuple[Axis, ...] = ("params", "macs", *COUNTED, *TIMED)
ACCURACIES: tuple[Axis, ...] = ("acc1", "newest")
PICKED: tuple[Axis, ...] = ("macs", "params", *TIMED)
KEPT = 256
Answer = tuple[dict[str, np.ndarray], dict[str, Any]]

_counted: Cache[Counts] = Cache(KEPT)
_paces: Cache[Pace] = Cache(KEPT)


def look(asked: ChartQuestion) -> Answer:
    """Every architecture that has both numbers so far; ``unfinished`` while some are coming."""
    axes = (asked.x, asked.y)
    coming = [_await(axis) for axis in axes]
    every = list_architectures()
    points = [(of, [value_of(of, axis) for axis in axes]) for of in every]
    found = [(of, values) for of, values in points if None not in values]
    x, y = (np.array([values[k] for _, values in found], np.float64) for k in (0, 1))
    accuracy: Axis = "newest" if "newest" in axes else "acc1"
    about: dict[str, Any] = {
        "nets": [_facts(of, of_accuracy(of, accuracy) >= asked.least) for of, _ in found],
        "listed": [{"name": of.name, "title": of.title, "family": of.family} for of in every],
        "front": front(x, y, asked.x, asked.y),
        "picks": {cost: pick(asked.least, accuracy, cost) for cost in PICKED},
        "enough": sum(of_accuracy(of, accuracy) >= asked.least for of in every),
        "of": len(every),
        "batch": BATCH,
        "device": choose_device().type,
    }
    awaited = [each for each in coming if each is not None]
    if awaited:
        about |= {"unfinished": True, "done": awaited[0].done, "total": awaited[0].total}
    return {"x": x, "y": y}, about


def await_counts() -> Progress[Any] | None:
    """Begins to count all architectures, or looks how far that is; None once all are counted."""
    return _await("activations")


def counts_of(name: str) -> Counts | None:
    """What an architecture costs, if it has been counted."""
    return _counted.peek(name)


def of_accuracy(of: Architecture, kind: Axis) -> float:
    """Of its first weights, or of the newest."""
    return of.newest_acc1_percent if kind == "newest" else of.acc1_percent


def value_of(of: Architecture, axis: Axis) -> float | None:
    """What an architecture has on an axis, in its unit; None where it is not known (yet)."""
    if axis in ACCURACIES:
        return of_accuracy(of, axis)
    if axis == "year":
        return of.year
    if axis == "params":
        return None if of.params is None else of.params / MEGA
    if axis == "macs":
        return of.gmacs
    if axis in COUNTED:
        counts = _counted.peek(of.name)
        return None if counts is None else counts.activations / MEGA
    pace = _paces.peek(of.name)
    return None if pace is None else getattr(pace, axis)


def pick(least: float, accuracy: Axis, cost: Axis) -> dict[str, Any] | None:
    """The cheapest of those that are accurate enough, if any is known."""
    enough = [of for of in list_architectures() if of_accuracy(of, accuracy) >= least]
    known = [(value, of) for of in enough if (value := value_of(of, cost)) is not None]
    if not known:
        return None
    value, of = min(known, key=lambda each: each[0])
    return {"name": of.name, "title": of.title, "value": value, "acc1": of_accuracy(of, accuracy)}


def front(x: np.ndarray, y: np.ndarray, x_axis: Axis, y_axis: Axis) -> list[int]:
    """Those that no other beats: none is as cheap and more accurate. In order of their cost.

    Only where one axis is a cost and the other an accuracy; empty elsewhere.
    """
    if x_axis in COSTS and y_axis in ACCURACIES:
        cost, gain = x, y
    elif y_axis in COSTS and x_axis in ACCURACIES:
        cost, gain = y, x
    else:
        return []
    best, kept = -np.inf, []
    for i in np.lexsort((-gain, cost)):
        if gain[i] > best:
            best = gain[i]
            kept.append(int(i))
    return kept


def _facts(of: Architecture, is_enough: bool) -> dict[str, Any]:
    return {"name": of.name, "title": of.title, "is_enough": bool(is_enough), "year": of.year}


def _await(axis: Axis) -> Progress[Any] | None:
    """Begins what an axis needs, or looks how far it is; None where all is there."""
    if axis in COUNTED:
        work, key = _count_all, "architectures counted"
    elif axis in TIMED:
        work, key = _time_all, "architectures timed"
    else:
        return None
    found = jobs().ask(key, work)
    return found if isinstance(found, Progress) else None


def _count_all() -> Iterator[Progress[bool]]:
    names = [of.name for of in list_architectures()]
    for done, name in enumerate(names):
        yield Progress(done, len(names))
        _counted.get(name, lambda name=name: count(name))
    yield Progress(len(names), len(names), True)


def _time_all() -> Iterator[Progress[bool]]:
    names = timed_names()
    for done, name in enumerate(names):
        yield Progress(done, len(names))
        _paces.get(name, lambda name=name: _time(name))
    yield Progress(len(names), len(names), True)


@cache
def timed_names() -> Sequence[str]:
    """Those whose time is measured, the quickest first: VGG once, with or without its norms."""
    timed = [
        of
        for of in list_architectures()
        if (of.gmacs or 0) <= MOST_TIMED_GMACS
        and (of.params or 0) <= MOST_TIMED_PARAMS
        and not of.name.endswith("_bn")
    ]
    return [of.name for of in sorted(timed, key=lambda of: of.gmacs or 0)]


def _time(name: str) -> Pace:
    """On a CPU on one core, as other work runs beside it."""
    device = choose_device()
    if device.type == "cpu":
        return on_one_core(measure_pace, name, device)
    return measure_pace(name, device)

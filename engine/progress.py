"""How far long work has come. Whoever calls owns the loop, and may stop at any time."""

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Progress(Generic[T]):
    """``done`` of ``total`` pieces of work; only the last one carries the ``result``."""

    done: int
    total: int
    result: T | None = None


def finish(steps: Iterable[Progress[T]]) -> T:
    """Run ``steps`` to its end and return the result of the last one.

    Raises:
        ValueError: there was no last one with a result, as when the work was abandoned before.
    """
    result = None
    for step in steps:
        result = step.result
    if result is None:
        raise ValueError("the work ended without a result")
    return result


def timed(steps: Iterator[Progress[T]]) -> Iterator[tuple[Progress[T], float]]:
    """Each step with the time in ms that all steps so far took to compute.

    What the caller does between two steps does not count.
    """
    ms = 0.0
    while True:
        started = time.perf_counter()
        try:
            step = next(steps)
        except StopIteration:
            return
        ms += (time.perf_counter() - started) * 1000
        yield step, ms

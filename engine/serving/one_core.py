"""Small computations on one core, so that they need not wait for a second one, nor for large ones.

PyTorch splits even a tiny convolution over all cores and waits for the slowest. While another
process keeps one of two cores busy (a browser that paints, say), a convolution of 0.3 ms takes
24 ms that way. PyTorch keeps the number of cores for each thread apart, so threads of their own
are enough to avoid that.

They go one at a time, which is quickest for all, as long as each is quick. Whoever has waited for
:data:`TURN_S` goes beside the one that is not: a long computation holds nobody up. Computations of
seconds are jobs (:mod:`engine.serving.jobs`), and those never take the turn.
"""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import ParamSpec, TypeVar

import torch

from engine.serving.jobs import in_job

P = ParamSpec("P")
T = TypeVar("T")

SMALL_MACS = 10**9
TURN_S = 0.05
LANES = 16  # side by side at most

_NAME = "fovea-one-core"
_turn = threading.BoundedSemaphore(1)
_opening = threading.Lock()


def on_one_core(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """What ``function`` returns, or raises, when it runs on one core."""
    if threading.current_thread().name.startswith(_NAME):
        return function(*args, **kwargs)
    has_turn = not in_job() and _turn.acquire(timeout=TURN_S)
    try:
        return _open_lanes().submit(function, *args, **kwargs).result()
    finally:
        if has_turn:
            _turn.release()


def on_fitting_cores(macs: int, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """What ``function`` returns, or raises: on one core if it is small work, else on all.

    Args:
        macs: multiply-adds that it costs. MobileNetV2's pass (0.3 thousand million) takes 32 ms on
            one core and 30 ms on two, but half a second on two that others use as well.
    """
    if macs < SMALL_MACS:
        return on_one_core(function, *args, **kwargs)
    return function(*args, **kwargs)


def _open_lanes() -> ThreadPoolExecutor:
    with _opening:  # two first calls at once must not open two sets
        return _lanes()


@cache
def _lanes() -> ThreadPoolExecutor:
    cores = torch.get_num_threads()
    lanes = ThreadPoolExecutor(LANES, _NAME, torch.set_num_threads, (1,))
    begun = threading.Barrier(LANES + 1)
    for _ in range(LANES):
        lanes.submit(begun.wait)
    begun.wait()  # all run, and have settled on one core
    torch.set_num_threads(cores)  # what threads that have not used torch yet will begin with
    return lanes

"""Small computations on one core, so that they need not wait for a second one.

PyTorch splits even a tiny convolution over all cores and waits for the slowest. While another
process keeps one of two cores busy (a browser that paints, say), a convolution of 0.3 ms takes
24 ms that way. PyTorch keeps the number of cores for each thread apart, so one thread of its own
is enough to avoid that.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import ParamSpec, TypeVar

import torch

P = ParamSpec("P")
T = TypeVar("T")

SMALL_MACS = 10**9


def on_one_core(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """What ``function`` returns, or raises, when it runs on one core; one call at a time."""
    return _thread().submit(function, *args, **kwargs).result()


def on_fitting_cores(macs: int, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """What ``function`` returns, or raises: on one core if it is small work, else on all.

    Args:
        macs: multiply-adds that it costs. MobileNetV2's pass (0.3 thousand million) takes 32 ms on
            one core and 30 ms on two, but half a second on two that others use as well.
    """
    if macs < SMALL_MACS:
        return on_one_core(function, *args, **kwargs)
    return function(*args, **kwargs)


@cache
def _thread() -> ThreadPoolExecutor:
    cores = torch.get_num_threads()
    thread = ThreadPoolExecutor(1, "fovea-one-core", torch.set_num_threads, (1,))
    thread.submit(torch.get_num_threads).result()  # it runs, and has settled on one core
    torch.set_num_threads(cores)  # what threads that have not used torch yet will begin with
    return thread

"""A loop of its own for what is awaited in a test.

Once Playwright has started in a worker its loop stays the running one of that thread, and no other
can run there.
"""

from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import anyio

T = TypeVar("T")


def run_apart(work: Callable[[], Awaitable[T]]) -> T:
    """What ``work`` comes to, in a thread of its own; raises what it raises."""
    with ThreadPoolExecutor(1) as threads:
        return threads.submit(anyio.run, work).result()

"""The last results of something slow, bounded by their number and by their size together."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

T = TypeVar("T")


class Kept(Generic[T]):
    """Results by key; the one asked for longest ago goes first.

    Two threads that ask for the same key at once may both make it: the results are the same.

    Args:
        most: how many are kept, at least 1.
        most_bytes: how large they may be together; the last one is kept whatever its size.
        size_of: bytes of a result.
    """

    def __init__(self, most: int, most_bytes: int, size_of: Callable[[T], int]) -> None:
        self._most = most
        self._most_bytes = most_bytes
        self._size_of = size_of
        self._results: OrderedDict[Hashable, tuple[T, int]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """The result for ``key``, made where it is not kept; whatever ``make`` raises is raised."""
        with self._lock:
            if key in self._results:
                self._results.move_to_end(key)
                return self._results[key][0]
        made = make()
        with self._lock:
            self._results[key] = (made, self._size_of(made))
            self._results.move_to_end(key)
            self._forget()
        return made

    def _forget(self) -> None:
        taken = sum(size for _, size in self._results.values())
        while len(self._results) > 1:
            if len(self._results) <= self._most and taken <= self._most_bytes:
                return
            _, (_, size) = self._results.popitem(last=False)
            taken -= size

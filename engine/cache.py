"""The one cache of the engine: results of something slow, one budget for all caches together.

Each cache bounds the number of its results; the budget bounds the bytes of all. Where either is
passed, what was asked for longest ago goes first, whichever cache it lies in. Imports no torch.
"""

import dataclasses
import itertools
import sys
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from concurrent.futures import Future
from functools import cache, update_wrapper
from typing import Any, Generic, ParamSpec, TypeVar
from weakref import WeakSet

from engine.memory import cache_bytes

V = TypeVar("V")
P = ParamSpec("P")
_DEEPEST = 8  # that a value's parts are looked into


@dataclasses.dataclass
class _Entry(Generic[V]):
    value: V
    size: int
    used: int  # the budget's count when it was asked for last


class Budget:
    """Bytes that caches may hold together. Safe to use from several threads.

    Args:
        most_bytes: what is held last stays whatever its size.
    """

    def __init__(self, most_bytes: int) -> None:
        self.most_bytes = most_bytes
        self.lock = threading.RLock()
        self._caches: WeakSet[Cache[Any]] = WeakSet()
        self._uses = itertools.count()

    def join(self, one: "Cache[Any]") -> None:
        """From now on what ``one`` holds counts."""
        with self.lock:
            self._caches.add(one)

    def used(self) -> int:
        """The next number of the count of uses: larger is later."""
        return next(self._uses)

    @property
    def held_bytes(self) -> int:
        """What all caches hold now."""
        with self.lock:
            return sum(each.held_bytes for each in self._caches)

    def make_room(self, newest: "_Entry[Any]") -> None:
        """Drops what was used longest ago, but not ``newest``, until all is within bounds."""
        self._drop_down_to(self.most_bytes, newest)

    def shrink_to(self, most_bytes: int) -> None:
        """Drops what was used longest ago until no more than so much is held, for now.

        What was used last stays: whoever asks for a result again finds it, however full it is.
        """
        with self.lock:
            newest = [found for each in self._caches if (found := each.newest())]
            self._drop_down_to(most_bytes, max(newest, key=lambda one: one.used, default=None))

    def _drop_down_to(self, most_bytes: int, newest: "_Entry[Any] | None") -> None:
        with self.lock:
            held = self.held_bytes
            while held > most_bytes:
                oldest = [found for each in self._caches if (found := each.oldest(newest))]
                if not oldest:
                    return
                entry, key, where = min(oldest, key=lambda found: found[0].used)
                where.forget(key)
                held -= entry.size


class Cache(Generic[V]):
    """Results by key; the one asked for longest ago goes first.

    A result is made by the first who asks; others who want the same wait for it, and those who
    want another do not.

    Args:
        most: how many are kept, at least 1.
        budget: whose bytes they count to; by default the process's.
        size_of: bytes of a result; by default :func:`measure_bytes`.
    """

    def __init__(
        self,
        most: int,
        budget: Budget | None = None,
        size_of: Callable[[V], int] | None = None,
    ) -> None:
        self._most = most
        self._budget = budget or shared_budget()
        self._size_of = size_of or measure_bytes
        self._entries: OrderedDict[Hashable, _Entry[V]] = OrderedDict()
        self._making: dict[Hashable, Future[V]] = {}
        self.held_bytes = 0
        self._budget.join(self)

    def get(self, key: Hashable, make: Callable[[], V]) -> V:
        """The result for ``key``, made where it is not kept.

        Raises:
            Whatever ``make`` raised, to all who waited; the next who asks tries again.
        """
        with self._budget.lock:
            entry = self._touch(key)
            if entry is not None:
                return entry.value
            first = key not in self._making
            awaited = self._making.setdefault(key, Future())
        if first:
            self._make_for_all(key, make, awaited)
        return awaited.result()

    def peek(self, key: Hashable) -> V | None:
        """The result for ``key`` if it is kept, which counts as asking for it."""
        with self._budget.lock:
            entry = self._touch(key)
            return None if entry is None else entry.value

    def put(self, key: Hashable, value: V) -> None:
        """Keeps a result that was made elsewhere, in place of any other of that key."""
        size = self._size_of(value)
        with self._budget.lock:
            self.forget(key)
            entry = self._entries[key] = _Entry(value, size, self._budget.used())
            self.held_bytes += size
            while len(self._entries) > self._most:
                self.forget(next(iter(self._entries)))
            self._budget.make_room(entry)

    def forget(self, key: Hashable) -> None:
        """Drops a result; one that is not kept is no error."""
        with self._budget.lock:
            entry = self._entries.pop(key, None)
            if entry is not None:
                self.held_bytes -= entry.size

    def clear(self) -> None:
        """Drops all results."""
        with self._budget.lock:
            self._entries.clear()
            self.held_bytes = 0

    def keys(self) -> list[Hashable]:
        """Of what is kept, the one asked for longest ago first."""
        with self._budget.lock:
            return list(self._entries)

    def oldest(self, but: "_Entry[Any] | None") -> "tuple[_Entry[V], Hashable, Cache[V]] | None":
        """What was asked for longest ago, unless it is ``but``: entry, key, and this cache."""
        for key, entry in self._entries.items():
            if entry is not but:
                return entry, key, self
        return None

    def newest(self) -> "_Entry[V] | None":
        """What was asked for last."""
        return next(reversed(self._entries.values()), None)

    def _touch(self, key: Hashable) -> "_Entry[V] | None":
        entry = self._entries.get(key)
        if entry is not None:
            self._entries.move_to_end(key)
            entry.used = self._budget.used()
        return entry

    def _make_for_all(self, key: Hashable, make: Callable[[], V], awaited: "Future[V]") -> None:
        """Makes a result and hands it, or what went wrong, to everyone who waits for it."""
        try:
            value = make()
            self.put(key, value)
        except BaseException as error:
            with self._budget.lock:
                self._making.pop(key, None)
            awaited.set_exception(error)
            return
        with self._budget.lock:
            self._making.pop(key, None)
        awaited.set_result(value)


def remembered(most: int) -> Callable[[Callable[P, V]], "Remembered[P, V]"]:
    """Decorates a function of hashable arguments: its last ``most`` results are kept in a cache."""
    return lambda function: Remembered(function, most)


class Remembered(Generic[P, V]):
    """A function whose last results are kept; called as the function itself is."""

    def __init__(self, function: Callable[P, V], most: int) -> None:
        update_wrapper(self, function)
        self._function = function
        self._cache: Cache[V] = Cache(most)

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> V:
        key = (args, tuple(sorted(kwargs.items())))
        return self._cache.get(key, lambda: self._function(*args, **kwargs))

    def cache_clear(self) -> None:
        """Forgets all results."""
        self._cache.clear()


@cache
def shared_budget() -> Budget:
    """What all caches of this process may hold together (:func:`engine.memory.cache_bytes`)."""
    return Budget(cache_bytes())


def measure_bytes(value: Any) -> int:
    """Memory that a value takes: tensors, arrays, networks, and what dataclasses hold of them.

    What several parts share counts once. Tensors count by the storage that they keep alive.
    """
    return sum(_sizes(value, set(), 0))


def _sizes(value: Any, seen: set[int], depth: int) -> Iterator[int]:
    if id(value) in seen or depth > _DEEPEST:
        return
    seen.add(id(value))
    if hasattr(value, "untyped_storage"):
        yield 0 if value.is_meta else _storage_bytes(value, seen)
        return
    if hasattr(value, "nbytes") and hasattr(value, "dtype"):
        yield int(value.nbytes)
        return
    yield sys.getsizeof(value, 0)
    for part in _parts(value):
        yield from _sizes(part, seen, depth + 1)


def _storage_bytes(tensor: Any, seen: set[int]) -> int:
    storage = tensor.untyped_storage()
    place = -storage.data_ptr()  # never the id of an object
    if place in seen:
        return 0
    seen.add(place)
    return storage.nbytes()


def _parts(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        yield from value.values()
    elif isinstance(value, list | tuple | set | frozenset):
        yield from value
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        yield from (getattr(value, field.name, None) for field in dataclasses.fields(value))
    elif hasattr(value, "named_parameters") and hasattr(value, "named_buffers"):
        module: Any = value
        yield from itertools.chain(module.parameters(), module.buffers())
    elif type(value).__module__.startswith("engine.") and hasattr(value, "__dict__"):
        yield from vars(value).values()

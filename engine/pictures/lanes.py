"""Memory for decoding, shared out: small pictures never wait for large ones, all wait in turn.

Whoever waits is served in the order of coming, so that a zip of large photos, which asks again and
again, lets others in between its files.
"""

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

SMALL_BYTES = 128_000_000  # what one small picture takes at most
SMALL_LANE_BYTES = 256_000_000
LARGE_LANE_BYTES = 480_000_000


class Lane:
    """A number of bytes that those in it share, first come, first served.

    Args:
        capacity_bytes: shared by all; one alone may take more, and then has the lane for itself.
    """

    def __init__(self, capacity_bytes: int) -> None:
        self._capacity_bytes = capacity_bytes
        self._used_bytes = 0
        self._waiting: deque[object] = deque()
        self._changed = threading.Condition()

    @property
    def waiting(self) -> int:
        """How many wait for room."""
        with self._changed:
            return len(self._waiting)

    @contextmanager
    def hold(self, needed_bytes: int) -> Iterator[None]:
        """Waits until there is room for ``needed_bytes``, and holds it."""
        ticket = object()
        with self._changed:
            self._waiting.append(ticket)
            self._changed.wait_for(lambda: self._waiting[0] is ticket and self._fits(needed_bytes))
            self._waiting.popleft()
            self._used_bytes += needed_bytes
            self._changed.notify_all()  # the next one may fit beside this one
        try:
            yield
        finally:
            with self._changed:
                self._used_bytes -= needed_bytes
                self._changed.notify_all()

    def _fits(self, needed_bytes: int) -> bool:
        return not self._used_bytes or self._used_bytes + needed_bytes <= self._capacity_bytes


_small, _large = Lane(SMALL_LANE_BYTES), Lane(LARGE_LANE_BYTES)


def lane_for(needed_bytes: int) -> Lane:
    """The lane in which a picture of that need is decoded."""
    return _small if needed_bytes <= SMALL_BYTES else _large

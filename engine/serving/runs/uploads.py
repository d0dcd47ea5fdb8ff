"""Zips that wait to be read: in memory, bounded, each for a short time and taken once."""

import secrets
import threading
import time
from collections.abc import Callable
from functools import cache

from engine.errors import InputError
from engine.serving.runs.contract import OWN_SET_MB

KEPT_S = 120.0
CAPACITY_BYTES = 2 * OWN_SET_MB * 2**20


class Uploads:
    """Bytes by unguessable names.

    Args:
        capacity_bytes: how many are kept at most.
        clock: seconds that only go forward; replaced in tests.
    """

    def __init__(
        self, capacity_bytes: int = CAPACITY_BYTES, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._capacity_bytes = capacity_bytes
        self._clock = clock
        self._kept: dict[str, tuple[float, bytes]] = {}
        self._lock = threading.Lock()

    def put(self, data: bytes) -> str:
        """Keep bytes until they are taken; returns their name.

        Raises:
            InputError: (503) too many others wait.
        """
        name = secrets.token_urlsafe(16)
        with self._lock:
            now_s = self._clock()
            self._kept = {k: kept for k, kept in self._kept.items() if kept[0] > now_s}
            waiting_bytes = sum(len(kept) for _, kept in self._kept.values())
            if waiting_bytes + len(data) > self._capacity_bytes:
                raise InputError("uploads_full", status=503)
            self._kept[name] = (now_s + KEPT_S, data)
        return name

    def take(self, name: str) -> bytes:
        """The bytes of that name, which are kept no longer.

        Raises:
            InputError: (404) there are none (any more).
        """
        with self._lock:
            found = self._kept.pop(name, None)
        if found is None:
            raise InputError("own_set_gone", 404)
        return found[1]


@cache
def uploads() -> Uploads:
    """The zips of this process that wait."""
    return Uploads()

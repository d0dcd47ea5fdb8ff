"""The files that visitors chose, as they came: an engine that starts anew is given them again.

The engine decodes them and keeps the pixels; here lie the bytes, in this process's memory alone, so
that a link to a picture holds for the stated time whatever becomes of the engine.
"""

import os
import re
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from pages.ui.engine.question import Question

MB_VARIABLE = "FOVEA_ORIGINALS_MB"
DEFAULT_MB = 256.0
_TOKEN = re.compile(r"[A-Za-z0-9_-]{22}")


@dataclass
class Original:
    """A file behind a token.

    Attributes:
        data: the bytes as they came.
        name: what the file was called.
        expires_s: when it is to be forgotten, on the clock of :class:`Originals`.
        given_to: the start of the engine that has it; see ``Address.started``.
    """

    data: bytes
    name: str
    expires_s: float
    given_to: str


class Originals:
    """A bounded store; the least recently needed go first.

    Args:
        capacity_bytes: how many bytes are kept at most.
        clock: seconds that never run backwards; replaced in tests.
    """

    def __init__(self, capacity_bytes: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._capacity_bytes = capacity_bytes
        self._clock = clock
        self._kept: OrderedDict[str, Original] = OrderedDict()
        self._used_bytes = 0
        self._lock = threading.Lock()

    def keep(self, token: str, data: bytes, name: str, for_s: float, given_to: str) -> None:
        """Keep a file that the engine has just taken under ``token``."""
        with self._lock:
            self._drop_expired()
            if len(data) > self._capacity_bytes:
                return
            while self._used_bytes + len(data) > self._capacity_bytes:
                self._drop(next(iter(self._kept)))
            self._kept[token] = Original(data, name, self._clock() + for_s, given_to)
            self._used_bytes += len(data)

    def forget(self, token: str) -> None:
        """Let go of a file; an unknown token is not an error."""
        with self._lock:
            if token in self._kept:
                self._drop(token)

    def missing(self, text: str, started: str) -> list[str]:
        """The tokens in a request's address whose files this start of the engine was not given."""
        if not self._kept:
            return []
        with self._lock:
            self._drop_expired()
            named = (self._kept.get(token) and token for token in _TOKEN.findall(text))
            return [token for token in named if token and self._kept[token].given_to != started]

    def again(self, token: str) -> Question | None:
        """How the engine is given a file again, for the time that is left; None without a file."""
        with self._lock:
            self._drop_expired()
            found = self._kept.get(token)
            if found is None:
                return None
            self._kept.move_to_end(token)
            params = {"name": found.name, "keep_s": round(found.expires_s - self._clock()) + 1}
            return Question("PUT", f"pictures/{token}", params, content=found.data)

    def note_given(self, token: str, started: str) -> None:
        """This start of the engine has it now, or has refused it."""
        with self._lock:
            if token in self._kept:
                self._kept[token].given_to = started

    def _drop_expired(self) -> None:
        now_s = self._clock()
        for token in [t for t, each in self._kept.items() if each.expires_s <= now_s]:
            self._drop(token)

    def _drop(self, token: str) -> None:
        self._used_bytes -= len(self._kept.pop(token).data)


@cache
def originals() -> Originals:
    """This process's files: ``FOVEA_ORIGINALS_MB`` million bytes of them, by default 256."""
    text = os.environ.get(MB_VARIABLE, "").strip()
    return Originals(int(float(text or DEFAULT_MB) * 1e6))

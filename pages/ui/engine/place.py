"""Where the engine is and how it is: one place that the pages and the pass-through look at.

Whoever looks after the engine (:mod:`child`, :mod:`elsewhere`) writes here, everybody else reads.
"""

import threading
import time
from dataclasses import dataclass
from functools import cache
from urllib.parse import urlsplit

from engine.errors import InputError
from engine.wire.version import contract_version


@dataclass(frozen=True)
class Address:
    """An engine that answers.

    Attributes:
        url: scheme, host, port and the path that ``/api`` stands under, without a slash at its end.
        secret: what it wants to be told; "" where it wants nothing.
        started: another after each start of it; what it keeps in memory is gone with it.
        contract: the version of what it has agreed to.
    """

    url: str
    secret: str = ""
    started: str = ""
    contract: str = ""

    @property
    def differs(self) -> bool:
        """Whether it was written for another version of the pages."""
        return bool(self.contract) and self.contract != contract_version()

    @property
    def host(self) -> str:
        """Host and port as in a ``Host`` header."""
        return urlsplit(self.url).netloc


class Place:
    """The engine's address while it answers, else why it does not; safe in several threads."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._address: Address | None = None
        self._trouble = InputError("engine_starting", status=503)
        self._passing = True  # the trouble is one that ends by itself, and soon

    @property
    def address(self) -> Address | None:
        """Where it is; None while it does not answer."""
        return self._address

    @property
    def trouble(self) -> InputError:
        """What to say while it does not answer."""
        return self._trouble

    @property
    def is_starting(self) -> bool:
        """Whether it does not answer yet, but is on its way."""
        return self._address is None and self._passing

    def answers(self, address: Address) -> None:
        """It is there."""
        with self._changed:
            self._address = address
            self._changed.notify_all()

    def fails(self, trouble: InputError, passing: bool) -> None:
        """It does not answer (any more).

        Args:
            trouble: what to say of it.
            passing: whether it is being started.
        """
        with self._changed:
            self._address, self._trouble, self._passing = None, trouble, passing
            self._changed.notify_all()

    def wait(self, within_s: float) -> Address | None:
        """Its address, as soon as it has one; None where that takes longer."""
        deadline = time.monotonic() + within_s
        with self._changed:
            while self._address is None:
                left_s = deadline - time.monotonic()
                if left_s <= 0 or not self._changed.wait(left_s):
                    break
            return self._address


@cache
def place() -> Place:
    """Where this process's engine is."""
    return Place()

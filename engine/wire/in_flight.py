"""Bodies on their way in, bounded together: what many send at once must fit the memory.

Each body is bounded by itself (:class:`engine.wire.guard.BodyLimit`); a hundred of them at once
would still be too many. So a body is let in only where there is room for it beside those that are
being received or worked on. One that comes too early waits for a moment, unread, so that it lies
with its sender; if there still is no room it is refused (503, ``Retry-After``). One that stops
coming gives its room back. No address has more than half of the room, but for a single body.
"""

import os
from collections.abc import Callable

import anyio
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from engine.errors import InputError
from engine.wire.guard import CALLER
from engine.wire.hosts import error_response

VARIABLE = "FOVEA_BODIES_MIB"
MOST_MIB = 256  # the largest body of all, an own data set of 200 MiB, fits
WAIT_S, LOOK_S = 5.0, 0.05
STALL_S = 20.0  # without any byte
RETRY_AFTER_S = 3
_MIB = 2**20


def most_bytes() -> int:
    """What all bodies on their way may have together: ``FOVEA_BODIES_MIB``, else 256 MiB.

    Raises:
        InputError: the variable is not a whole number above zero.
    """
    text = os.environ.get(VARIABLE, "").strip() or str(MOST_MIB)
    if not text.isdecimal() or int(text) < 1:
        raise InputError("limit_not_whole", name=VARIABLE, value=text[:20])
    return int(text) * _MIB


class InFlight:
    """ASGI middleware that holds bodies back, or refuses them, where there are too many at once.

    Args:
        app: the application behind it; a body counts until it has answered.
        limit_bytes: the largest body that gets through by itself, by the request's path; what a
            body that does not state its length is taken to have.
        most: bytes of all together; by default :func:`most_bytes`.
        wait_s, stall_s: how long a body waits for room, and may take for its next piece.
    """

    def __init__(
        self,
        app: ASGIApp,
        limit_bytes: Callable[[str], int],
        most: int | None = None,
        wait_s: float = WAIT_S,
        stall_s: float = STALL_S,
    ) -> None:
        self.app = app
        self.limit_bytes = limit_bytes
        self.most = most_bytes() if most is None else most
        self.wait_s = wait_s
        self.stall_s = stall_s
        self._taken: dict[str, int] = {}  # by address

    @property
    def taken_bytes(self) -> int:
        """What the bodies on their way have together."""
        return sum(self._taken.values())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        size = self._size_of(scope) if scope["type"] == "http" else 0
        if not size:
            await self.app(scope, receive, send)
            return
        address = _address(scope)
        if not await self._take(address, size):
            await self._refuse("bodies_full", 503, scope, receive, send)
            return
        try:
            await self._pass_on(scope, receive, send)
        finally:
            self._give(address, size)

    def _size_of(self, scope: Scope) -> int:
        """Bytes of the request's body; no more than gets through. 0 where it brings none."""
        headers = Headers(scope=scope)
        most = self.limit_bytes(scope["path"])
        length = headers.get("content-length", "0")
        if "transfer-encoding" in headers or not length.isdecimal():
            return most
        return min(int(length), most)

    async def _take(self, address: str, size: int) -> bool:
        with anyio.move_on_after(self.wait_s if size <= self.most else 0):
            while not self._has_room(address, size):
                await anyio.sleep(LOOK_S)
        if not self._has_room(address, size):
            return False
        self._taken[address] = self._taken.get(address, 0) + size
        return True

    def _has_room(self, address: str, size: int) -> bool:
        own = self._taken.get(address, 0)
        fair = not own or own + size <= self.most // 2
        return fair and self.taken_bytes + size <= self.most

    def _give(self, address: str, size: int) -> None:
        left = self._taken[address] - size
        if left:
            self._taken[address] = left
        else:
            del self._taken[address]

    async def _pass_on(self, scope: Scope, receive: Receive, send: Send) -> None:
        started, stalled, whole = False, False, False

        async def timed_receive() -> Message:
            nonlocal stalled, whole
            if whole:
                return await receive()  # nothing but that the sender goes away
            with anyio.move_on_after(self.stall_s):
                message = await receive()
                whole = not message.get("more_body", False)
                return message
            stalled = True
            raise _stalled()

        async def watched_send(message: Message) -> None:
            nonlocal started
            if stalled and not started:
                return  # whatever the app makes of the cut body, the answer is ours
            started = True
            await send(message)

        try:
            await self.app(scope, timed_receive, watched_send)
        except InputError:
            if started or not stalled:
                raise
        if stalled and not started:
            await self._refuse("body_stalled", 408, scope, receive, send)

    async def _refuse(
        self, key: str, status: int, scope: Scope, receive: Receive, send: Send
    ) -> None:
        error = InputError(key, status=status, limit_mib=self.most // _MIB)
        answer = error_response(error, Headers(scope=scope))
        answer.headers["Retry-After"] = str(RETRY_AFTER_S)
        answer.headers["Connection"] = "close"  # what was not read is not worth reading
        await answer(scope, receive, send)


def _stalled() -> InputError:
    return InputError("body_stalled", status=408)


def _address(scope: Scope) -> str:
    """Of whoever asks: as the edge knows it, else of the connection."""
    caller = scope.get(CALLER)
    return caller.address if caller is not None else (scope.get("client") or ("unknown", 0))[0]

"""The way through to the engine's process: what comes to ``/api`` here goes there, bytes untouched.

Both bodies are passed on piece by piece as they come; a browser that goes away ends the request to
the engine too. While the engine starts, a question that can be asked again is answered "starting"
(202, as for any answer that takes longer), and what can only be sent once waits.
"""

import time
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any
from urllib.parse import urlencode

import anyio
import httpcore2
from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send

from engine.errors import InputError
from engine.wire import headers as names
from engine.wire.hosts import language_of
from pages.ui.engine.forwarding import from_engine, has_body, to_engine
from pages.ui.engine.originals import Originals
from pages.ui.engine.place import Address, Place
from pages.ui.engine.wide_reads import WideReads

QUESTION_WAITS_S = 0.4  # then its sender is to ask again
OTHERS_WAIT_S = 30.0  # an upload, an image
_TICK_S = 0.02
_CONNECTIONS = 256
_IDLE_S = 4.0  # servers close idle connections after 5 s and more
_TIMEOUTS = {"connect": 5.0, "read": 900.0, "write": 60.0, "pool": 60.0}

_Lost = httpcore2.NetworkError, httpcore2.ProtocolError, httpcore2.TimeoutException


class Passage:
    """ASGI app: hands each request to the engine and its answer back.

    Args:
        place: where the engine is.
        originals: the files that an engine that was started anew must be given again.
        prefix: the path under which browsers find the whole app; "" at the root.
    """

    def __init__(self, place: Place, originals: Originals, prefix: str = "") -> None:
        self._place = place
        self._originals = originals
        self._prefix = prefix
        self._pool = httpcore2.AsyncConnectionPool(
            max_connections=_CONNECTIONS, keepalive_expiry=_IDLE_S, network_backend=WideReads()
        )

    async def close(self) -> None:
        """Close what is open to the engine."""
        await self._pool.aclose()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        exchange = _Exchange(receive, send, has_body(scope))
        for attempt in (1, 2):
            address = await self._address(scope)
            if address is None:
                await self._not_there(scope)(scope, receive, send)
                return
            try:
                await self._give_again(scope, address)
                await exchange.run(self._pool, self._request(scope, address, exchange))
                return
            except _Lost:
                if exchange.answered:
                    return  # cut off in the middle: the browser sees that the body is too short
                if attempt == 2 or has_body(scope) or scope["method"] not in ("GET", "HEAD"):
                    break
                await anyio.sleep(_TICK_S)  # whoever looks after it sees that it died
        await self._not_there(scope, lost=True)(scope, receive, send)

    async def _address(self, scope: Scope) -> Address | None:
        """Where the engine is, as soon as it is anywhere; None where that takes too long."""
        if self._place.address is not None:
            return self._place.address
        wait_s = QUESTION_WAITS_S if _can_be_asked_again(scope) else OTHERS_WAIT_S
        deadline = time.monotonic() + wait_s
        while self._place.is_starting and time.monotonic() < deadline:
            await anyio.sleep(_TICK_S)
            if self._place.address is not None:
                break
        return self._place.address

    def _not_there(self, scope: Scope, lost: bool = False) -> JSONResponse:
        trouble = self._place.trouble
        if lost and self._place.address is not None:
            trouble = InputError("engine_restarting", status=503)
        sentence = trouble.sentence(language_of(Headers(scope=scope)))
        if _can_be_asked_again(scope) and (lost or self._place.is_starting):
            body: dict[str, Any] = {"done": 0, "total": 1, "starting": True, "detail": sentence}
            return JSONResponse(body, 202, {**names.ALWAYS, names.ENGINE: "starting"})
        headers = {**names.ALWAYS, names.ENGINE: "away", "Retry-After": "1"}
        return JSONResponse({"detail": sentence}, trouble.status, headers)

    def _request(self, scope: Scope, address: Address, exchange: "_Exchange") -> httpcore2.Request:
        path = scope.get("raw_path") or scope["path"].encode()
        path = path.removeprefix(self._prefix.encode())
        query = scope.get("query_string", b"")
        return httpcore2.Request(
            scope["method"],
            address.url.encode() + path + (b"?" + query if query else b""),
            headers=to_engine(scope, address, self._prefix),
            content=exchange.body() if has_body(scope) else None,
            extensions={"timeout": _TIMEOUTS},
        )

    async def _give_again(self, scope: Scope, address: Address) -> None:
        """Give the engine the files that this request speaks of, where it was started since."""
        said = scope["path"] + "?" + scope.get("query_string", b"").decode("latin-1")
        for token in self._originals.missing(said, address.started):
            again = self._originals.again(token)
            if again is None:
                continue
            answer = await self._pool.request(
                again.method,
                f"{address.url}/api/v1/{again.path}?{urlencode(again.query)}",
                headers={"Host": address.host, names.SECRET: address.secret},
                content=again.content,
                extensions={"timeout": _TIMEOUTS},
            )
            if answer.status < 500:
                self._originals.note_given(token, address.started)


class _Exchange:
    """One request and its answer, ended early when the browser goes away."""

    def __init__(self, receive: Receive, send: Send, brings_body: bool) -> None:
        self._receive = receive
        self._send = send
        self._heard = anyio.Event()  # all that the browser has to say
        self.answered = False
        if not brings_body:
            self._heard.set()

    async def body(self) -> AsyncIterator[bytes]:
        """The request's body, piece by piece."""
        while True:
            message = await self._receive()
            if message["type"] == "http.disconnect":
                raise httpcore2.ReadError("the browser went away")
            if piece := message.get("body", b""):
                yield piece
            if not message.get("more_body", False):
                self._heard.set()
                return

    async def run(self, pool: httpcore2.AsyncConnectionPool, request: httpcore2.Request) -> None:
        """Ask the engine and pass its answer on.

        Raises:
            httpcore2.NetworkError, ProtocolError, TimeoutException: the engine is lost.
        """
        lost: Exception | None = None
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(self._end_with_browser, tasks.cancel_scope)
            try:
                await self._pass_answer(pool, request)
            except _Lost as error:
                lost = error
            tasks.cancel_scope.cancel()
        if lost is not None:
            raise lost

    async def _pass_answer(
        self, pool: httpcore2.AsyncConnectionPool, request: httpcore2.Request
    ) -> None:
        answer = await pool.handle_async_request(request)
        try:
            self.answered = True
            await self._say(
                type="http.response.start",
                status=answer.status,
                headers=from_engine(answer.headers),
            )
            async for piece in answer.aiter_stream():
                await self._say(type="http.response.body", body=piece, more_body=True)
            await self._say(type="http.response.body", body=b"", more_body=False)
        finally:
            with anyio.CancelScope(shield=True), suppress(*_Lost):
                await answer.aclose()

    async def _say(self, **message: Any) -> None:
        await self._send(message)

    async def _end_with_browser(self, scope: anyio.CancelScope) -> None:
        await self._heard.wait()
        while (await self._receive())["type"] != "http.disconnect":
            pass
        scope.cancel()


def _can_be_asked_again(scope: Scope) -> bool:
    """A stage's question: it is asked with ``fetch``, and is asked again after a 202."""
    accepted = Headers(scope=scope).get("accept", "*/*")
    return scope["method"] == "GET" and not accepted.startswith(("image/", "text/html"))

"""What stands between the network and the API: own hosts, own origin, who asks, bounded bodies.

:class:`Guard` stands at the edge: the screen, or the engine where it runs alone. :class:`Trusted`
stands in its place in an engine that has a secret, and believes whoever knows it. Plain ASGI, since
``BaseHTTPMiddleware`` would buffer the bodies that are to be bounded.
"""

import hmac
from collections.abc import Callable

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from engine.errors import InputError
from engine.wire import headers as names
from engine.wire.hosts import check_host, check_origin, error_response
from engine.wire.visitors import Caller, Visitors, cookie_of

MAX_BODY_BYTES = 21 * 1024 * 1024  # one picture of 20 MB and the form around it
# In the scope of a request that got through: who asks, and whether a screen asks for them.
CALLER, TRUSTED = "fovea.caller", "fovea.trusted"


class Guard:
    """ASGI middleware at the edge: refuses foreign hosts and origins, and notes who asks.

    Args:
        app: the application behind it; finds a :class:`Caller` in its scope under :data:`CALLER`.
        visitors: reads the cookies.
    """

    def __init__(self, app: ASGIApp, visitors: Visitors | None = None) -> None:
        self.app = app
        self.visitors = visitors or Visitors()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        try:
            check_host(headers)
            if not _opens_the_docs(scope, headers):
                check_origin(headers)
        except InputError as error:
            await error_response(error, headers)(scope, receive, send)
            return
        address = (scope.get("client") or ("unknown", 0))[0]
        caller = Caller(self.visitors.read(cookie_of(headers)), address)
        await self.app({**scope, CALLER: caller}, receive, send)


def _opens_the_docs(scope: Scope, headers: Headers) -> bool:
    """A link on any site may lead to the description of the API."""
    is_link = headers.get("sec-fetch-dest") == "document" and scope["method"] == "GET"
    return is_link and scope["path"].endswith("/docs")


class Trusted:
    """ASGI middleware of an engine behind a screen: wants the secret, then believes the sender.

    Taken over are the host, scheme and path under which the browser asked (``X-Forwarded-Host``,
    ``-Proto``, ``-Prefix``), so that addresses in answers are right, and the visitor.

    Args:
        app: the application behind it.
        secret: what a request must carry in ``X-Fovea-Secret``.
    """

    def __init__(self, app: ASGIApp, secret: str) -> None:
        self.app = app
        self.secret = secret.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        if not hmac.compare_digest(headers.get(names.SECRET, "").encode(), self.secret):
            refused = InputError("secret_wrong", status=403)
            await error_response(refused, headers)(scope, receive, send)
            return
        await self.app(_as_the_browser_asked(scope, headers), receive, send)


def _as_the_browser_asked(scope: Scope, headers: Headers) -> Scope:
    prefix = headers.get(names.FORWARDED_PREFIX, "").rstrip("/")
    address = headers.get(names.FORWARDED_FOR, "unknown")
    host = headers.get(names.FORWARDED_HOST, headers.get("host", ""))
    others = [(name, value) for name, value in scope["headers"] if name != b"host"]
    return {
        **scope,
        "scheme": headers.get(names.FORWARDED_PROTO, scope["scheme"]),
        "root_path": prefix + scope.get("root_path", ""),
        "path": prefix + scope["path"],
        "headers": [(b"host", host.encode("latin-1")), *others],
        CALLER: Caller(headers.get(names.VISITOR), address),
        TRUSTED: True,
    }


class BodyLimit:
    """ASGI middleware that refuses bodies that are too large, whether they say so or not.

    Args:
        app: the application behind it.
        limit_bytes: the largest body that gets through, by the request's path.
    """

    def __init__(self, app: ASGIApp, limit_bytes: Callable[[str], int] | None = None) -> None:
        self.app = app
        self.limit_bytes = limit_bytes or (lambda _: MAX_BODY_BYTES)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        limit_bytes = self.limit_bytes(scope["path"])
        length = headers.get("content-length", "0")
        if not (length.isascii() and length.isdigit()) or int(length) > limit_bytes:
            await error_response(_too_large(limit_bytes), headers)(scope, receive, send)
            return
        await _Bounded(self.app, limit_bytes)(scope, receive, send, headers)


class _Bounded:
    """One request whose bytes are counted as they come: a chunked body states no length."""

    def __init__(self, app: ASGIApp, limit_bytes: int) -> None:
        self.app = app
        self.limit_bytes = limit_bytes
        self.received_bytes = 0
        self.started = False

    @property
    def overflow(self) -> bool:
        return self.received_bytes > self.limit_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send, headers: Headers) -> None:
        async def bounded_receive() -> Message:
            message = await receive()
            self.received_bytes += len(message.get("body", b""))
            if self.overflow:
                raise _too_large(self.limit_bytes)
            return message

        async def watched_send(message: Message) -> None:
            if self.overflow and not self.started:
                return  # whatever the app makes of the cut body, the answer is ours
            self.started = True
            await send(message)

        try:
            await self.app(scope, bounded_receive, watched_send)
        except InputError:
            if self.started or not self.overflow:
                raise
        if self.overflow and not self.started:
            await error_response(_too_large(self.limit_bytes), headers)(scope, receive, send)


def _too_large(limit_bytes: int) -> InputError:
    return InputError("request_too_large", status=413, limit_mb=limit_bytes // (1024 * 1024))

"""What stands between the network and the API: allowed hosts, own origin, bounded bodies.

The Streamlit server checks hosts for its WebSocket only and limits the size of its own uploads
only, so a mounted app must look after itself. Plain ASGI, since ``BaseHTTPMiddleware`` would
buffer the bodies that are to be bounded. DNS rebinding and cross-site posts are the two attacks
meant (OWASP, "Cross-Site Request Forgery Prevention": verify the origin with standard headers).
"""

import os
from fnmatch import fnmatchcase
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from engine.errors import InputError

MAX_BODY_BYTES = 21 * 1024 * 1024  # one picture of 20 MB and the form around it
DEFAULT_HOSTS = ("localhost", "127.0.0.1", "::1")


def allowed_hosts() -> tuple[str, ...]:
    """Host names that requests may be addressed to; ``FOVEA_ALLOWED_HOSTS`` adds to the defaults.

    The variable holds names separated by commas; ``*.class.example`` stands for all names below
    it, and ``*`` alone for every host, as in Streamlit's own setting.
    """
    extra = os.environ.get("FOVEA_ALLOWED_HOSTS", "")
    return (*DEFAULT_HOSTS, *(name.strip() for name in extra.split(",") if name.strip()))


def language_of(headers: Headers) -> str:
    """ "ko" where the reader prefers Korean (``Accept-Language``), else "en"."""
    return "ko" if headers.get("accept-language", "").lower().startswith("ko") else "en"


def error_response(error: InputError, headers: Headers) -> JSONResponse:
    """An :class:`InputError` as ``{"detail": sentence}`` in the reader's language."""
    detail = error.sentence(language_of(headers))
    return JSONResponse({"detail": detail}, status_code=error.status)


class Guard:
    """ASGI middleware that refuses foreign hosts and origins and bodies that are too large.

    Args:
        app: the application behind it.
        max_body_bytes: the largest request body that gets through.
    """

    def __init__(self, app: ASGIApp, max_body_bytes: int = MAX_BODY_BYTES) -> None:
        self.app = app
        self.max_body_bytes = max_body_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        try:
            _check_host(headers)
            _check_origin(headers)
            self._check_length(headers)
        except InputError as error:
            await error_response(error, headers)(scope, receive, send)
            return
        await self._pass_bounded(scope, receive, send, headers)

    def _too_large(self) -> InputError:
        limit_mb = self.max_body_bytes // (1024 * 1024)
        return InputError("request_too_large", status=413, limit_mb=limit_mb)

    def _check_length(self, headers: Headers) -> None:
        length = headers.get("content-length", "0")
        if not length.isdigit() or int(length) > self.max_body_bytes:
            raise self._too_large()

    async def _pass_bounded(
        self, scope: Scope, receive: Receive, send: Send, headers: Headers
    ) -> None:
        """Count the bytes as they come: a chunked body states no length beforehand."""
        received_bytes = 0
        overflow = started = False

        async def bounded_receive() -> Message:
            nonlocal received_bytes, overflow
            message = await receive()
            received_bytes += len(message.get("body", b""))
            if received_bytes > self.max_body_bytes:
                overflow = True
                raise self._too_large()
            return message

        async def watched_send(message: Message) -> None:
            nonlocal started
            if overflow and not started:
                return  # whatever the app makes of the cut body, the answer is ours
            started = True
            await send(message)

        try:
            await self.app(scope, bounded_receive, watched_send)
        except InputError:
            if started or not overflow:
                raise
        if overflow and not started:
            await error_response(self._too_large(), headers)(scope, receive, send)


def _check_host(headers: Headers) -> None:
    name = _host_name(headers.get("host", ""))
    if not any(fnmatchcase(name, pattern.lower()) for pattern in allowed_hosts()):
        raise InputError("host_not_allowed", status=421, host=name[:80] or "?")


def _check_origin(headers: Headers) -> None:
    """A browser states where a request comes from; programs such as curl state nothing."""
    origin = headers.get("origin")
    if origin is None:
        return
    parts = urlsplit(origin)
    same = parts.scheme in ("http", "https") and parts.netloc == headers.get("host")
    if not same and origin not in _extra_origins():
        raise InputError("origin_not_allowed", status=403, origin=origin[:80])


def _extra_origins() -> list[str]:
    """Origins of a proxy that rewrites the Host header (``FOVEA_ALLOWED_ORIGINS``, commas)."""
    listed = os.environ.get("FOVEA_ALLOWED_ORIGINS", "")
    return [origin.strip() for origin in listed.split(",") if origin.strip()]


def _host_name(host: str) -> str:
    """``localhost:8501`` → ``localhost``, ``[::1]:8501`` → ``::1``."""
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""

"""Who asks: a visitor of the pages, known by a signed cookie, and the address that they ask from.

The cookie says nothing about a person; it is there so that limits can be counted by visitor. It is
signed, so that nobody makes up visitors faster than pages are loaded, and only ever read by the
edge, which tells the engine who it is. Programs have none: of them only the address is known, so
that a new cookie jar is not a new visitor.
"""

import base64
import hashlib
import hmac
import os
import secrets
from dataclasses import dataclass
from functools import cache

from starlette.datastructures import Headers
from starlette.requests import cookie_parser

COOKIE = "fovea_visitor"
KEPT_S = 180 * 24 * 3600
KEY_VARIABLE = "FOVEA_VISITOR_KEY"
_BYTES = 16


@dataclass(frozen=True)
class Caller:
    """``visitor`` is told by a cookie, None without one; ``address`` is the network's (IP)."""

    visitor: str | None
    address: str


class Visitors:
    """Makes and reads the cookie.

    Args:
        key: what it is signed with; by default ``FOVEA_VISITOR_KEY`` (several screens behind one
            address need the same), else a new one, with which every visitor is a new one after a
            restart.
    """

    def __init__(self, key: bytes | None = None) -> None:
        chosen = os.environ.get(KEY_VARIABLE, "").encode()
        self._key = key or chosen or secrets.token_bytes(32)

    def make(self) -> str:
        """The cookie's value for somebody new."""
        visitor = secrets.token_urlsafe(_BYTES)
        return f"{visitor}.{self._signature(visitor)}"

    def read(self, cookie: str | None) -> str | None:
        """Whom a cookie's value stands for; None where we did not sign it."""
        visitor, _, signature = (cookie or "").partition(".")
        if not visitor or not signature.isascii():
            return None
        return visitor if hmac.compare_digest(signature, self._signature(visitor)) else None

    def _signature(self, text: str) -> str:
        digest = hmac.new(self._key, text.encode("utf-8", "replace"), hashlib.sha256).digest()
        return base64.urlsafe_b64encode(digest[:_BYTES]).decode().rstrip("=")


def cookie_of(headers: Headers) -> str | None:
    """The visitor's cookie among a request's headers."""
    return cookie_parser(headers.get("cookie", "")).get(COOKIE)


def cookie_header(value: str, path: str, secure: bool) -> str:
    """``Set-Cookie`` for a visitor's cookie: for this app only, unseen by scripts.

    Args:
        value: of :meth:`Visitors.make`.
        path: the path that the app stands under, at least ``/``.
        secure: whether the browser reached us by https.
    """
    parts = [f"{COOKIE}={value}", f"Path={path}", f"Max-Age={KEPT_S}", "HttpOnly", "SameSite=Lax"]
    return "; ".join([*parts, "Secure"] if secure else parts)


@cache
def visitors() -> Visitors:
    """This process's; all of its edges read the same cookies."""
    return Visitors()

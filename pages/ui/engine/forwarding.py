"""Which headers go on to the engine and which come back, as at any reverse proxy.

Dropped: what is meant for one hop (RFC 9110, 7.6.1), what only the edge may say, what the edge has
dealt with (origin, cookies), and on the way back what our own server adds.
"""

from collections.abc import Iterable

from starlette.types import Scope

from engine.wire import headers as names
from engine.wire.guard import CALLER
from engine.wire.visitors import Caller
from pages.ui.engine.place import Address

Raw = list[tuple[bytes, bytes]]

_STAYS_HERE = frozenset(("host", "cookie", "origin", "expect", "content-length"))
_OURS = frozenset(("date", "server"))
_NAMED = (names.OWN_PREFIX, *names.FORWARDED_NAMES, "sec-fetch-")


def to_engine(scope: Scope, address: Address, prefix: str) -> Raw:
    """The headers of a request as the engine gets them.

    Args:
        scope: the browser's request, with its :class:`Caller`.
        address: the engine's.
        prefix: the path under which the browser finds the whole app; "" at the root.
    """
    kept = [(name, value) for name, value in _for_more_than_one_hop(scope["headers"])]
    kept = [(n, v) for n, v in kept if n not in _STAYS_HERE and not n.startswith(_NAMED)]
    caller: Caller = scope[CALLER]
    said = {
        "host": address.host,
        names.FORWARDED_HOST: _first(scope["headers"], b"host"),
        names.FORWARDED_PROTO: scope.get("scheme", "http"),
        names.FORWARDED_PREFIX: prefix,
        names.FORWARDED_FOR: caller.address,
        names.VISITOR: caller.visitor or "",
        names.SECRET: address.secret,
    }
    said |= _framing(scope["headers"])
    return [(name.encode(), value.encode("latin-1")) for name, value in (said.items()) if value] + [
        (name.encode("latin-1"), value) for name, value in kept
    ]


def from_engine(headers: Iterable[tuple[bytes, bytes]]) -> Raw:
    """The headers of an answer as the browser gets them; our server adds its own date."""
    kept = _for_more_than_one_hop(headers)
    return [(name.encode("latin-1"), value) for name, value in kept if name not in _OURS]


def has_body(scope: Scope) -> bool:
    """Whether a request brings a body: it says how long it is, or that it comes in chunks."""
    return bool(_framing(scope["headers"]))


def _framing(headers: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    length = _first(headers, b"content-length")
    if length and length != "0":
        return {"content-length": length}
    return {"transfer-encoding": "chunked"} if _first(headers, b"transfer-encoding") else {}


def _for_more_than_one_hop(headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[str, bytes]]:
    lower = [(name.decode("latin-1").lower(), value) for name, value in headers]
    named = {
        each.strip().lower()
        for name, value in lower
        if name == "connection"
        for each in value.decode("latin-1").split(",")
    }
    return [(n, v) for n, v in lower if n not in names.HOP_BY_HOP and n not in named]


def _first(headers: Iterable[tuple[bytes, bytes]], wanted: bytes) -> str:
    found = (value.decode("latin-1") for name, value in headers if name.lower() == wanted)
    return next(found, "")

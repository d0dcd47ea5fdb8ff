"""Who asks: a browser by the secrets that it holds, a visitor by the word of a trusted screen.

``X-Owner`` is a secret of the browser's own making, of which runs keep a hash; after it those that
others have handed to it by a link. It says whose a run is, and is no limit, since anybody can make
up another. Limits count visitors, as the edge has recognised them (``engine.wire.guard``), and the
addresses that they come from. Imports no torch.
"""

from contextvars import ContextVar
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated

from fastapi import Depends, Header, Request
from starlette.types import ASGIApp, Receive, Scope, Send

from engine.errors import InputError
from engine.runs.ownership import hash_token
from engine.wire.guard import CALLER
from engine.wire.visitors import Caller

_TOKENS = r"^[A-Za-z0-9_-]{16,64}(,[A-Za-z0-9_-]{16,64}){0,7}$"


@dataclass(frozen=True)
class Visitor:
    """Whoever asks.

    Attributes:
        tokens: the browser's own secret first, then those handed to it; empty where it has none.
        name: whom the edge has recognised by a cookie; None where nobody vouches.
        address: of the network.
    """

    tokens: tuple[str, ...]
    name: str | None
    address: str

    @cached_property
    def proofs(self) -> frozenset[str]:
        """Hashes of all that could open a run."""
        found = {hash_token(token) for token in self.tokens}
        return frozenset(found | ({self.visitor} if self.visitor else set()))

    @property
    def visitor(self) -> str | None:
        """Hash of the visitor's name."""
        return hash_token(f"visitor {self.name}") if self.name else None

    def need_owner(self) -> str:
        """What a run keeps of its owner: hash of the browser's own secret.

        Raises:
            InputError: (401) the browser did not say who it is, so nobody could stop the run.
        """
        if not self.tokens:
            raise InputError("owner_missing", 401)
        return hash_token(self.tokens[0])


def visitor_of(
    request: Request,
    owner: Annotated[str | None, Header(alias="X-Owner", pattern=_TOKENS)] = None,
) -> Visitor:
    """Whoever sent a request."""
    tokens = tuple(owner.split(",")) if owner else ()
    caller: Caller = request.scope[CALLER]
    return Visitor(tokens, caller.visitor, caller.address)


Asker = Annotated[Visitor, Depends(visitor_of)]


@dataclass(frozen=True)
class Asking:
    """To whom a request's work is counted.

    Attributes:
        key: the visitor's name or, where nobody vouches for one, the address.
        is_vouched: whether it is one visitor's; an address may be many visitors'.
    """

    key: str = ""
    is_vouched: bool = False


_NOBODY = Asking()
#: Of the request that is being answered, in this thread.
asking: ContextVar[Asking] = ContextVar("asking", default=_NOBODY)


class Askers:
    """ASGI middleware that remembers who asks, for as long as the request is answered."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        caller: Caller | None = scope.get(CALLER)
        if caller is not None:
            asking.set(Asking(caller.visitor or caller.address, caller.visitor is not None))
        await self.app(scope, receive, send)

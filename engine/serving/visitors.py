"""Who asks: a browser by the secrets that it holds, a visitor by the word of a trusted screen.

``X-Owner`` is a secret of the browser's own making, of which runs keep a hash; after it those that
others have handed to it by a link. It says whose a run is, and is no limit, since anybody can make
up another. Limits count visitors: a screen that holds this engine's secret (the environment's
``FOVEA_ENGINE_SECRET``, sent as ``X-Fovea-Secret``) may name one in ``X-Fovea-Visitor``, and the
address that the visitor came from in ``X-Fovea-Address``. Without the secret both headers count for
nothing, and all that is known is the address that the request came from. Imports no torch.
"""

import os
import re
import secrets
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated

from fastapi import Depends, Header, Request
from starlette.datastructures import Headers

from engine.errors import InputError
from engine.runs.ownership import hash_token

SECRET_VARIABLE = "FOVEA_ENGINE_SECRET"
SECRET_HEADER, VISITOR_HEADER = "X-Fovea-Secret", "X-Fovea-Visitor"
ADDRESS_HEADER = "X-Fovea-Address"
_TOKENS = r"^[A-Za-z0-9_-]{16,64}(,[A-Za-z0-9_-]{16,64}){0,7}$"
_VISITOR = re.compile(r"[A-Za-z0-9_-]{8,64}")
_MOST_ADDRESS = 64


@dataclass(frozen=True)
class Visitor:
    """Whoever asks.

    Attributes:
        tokens: the browser's own secret first, then those handed to it; empty where it has none.
        name: whom a trusted screen says it is; None where nobody vouches.
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


def is_trusted(headers: Headers) -> bool:
    """Whether a request comes from a screen that holds this engine's secret."""
    secret = os.environ.get(SECRET_VARIABLE, "")
    given = headers.get(SECRET_HEADER, "")
    return bool(secret) and secrets.compare_digest(given.encode(), secret.encode())


def visitor_of(
    request: Request,
    owner: Annotated[str | None, Header(alias="X-Owner", pattern=_TOKENS)] = None,
) -> Visitor:
    """Whoever sent a request."""
    tokens = tuple(owner.split(",")) if owner else ()
    address = request.client.host if request.client else ""
    if not is_trusted(request.headers):
        return Visitor(tokens, None, address)
    name = request.headers.get(VISITOR_HEADER, "")
    told = request.headers.get(ADDRESS_HEADER, "")[:_MOST_ADDRESS]
    return Visitor(tokens, name if _VISITOR.fullmatch(name) else None, told or address)


Asker = Annotated[Visitor, Depends(visitor_of)]

"""The engine's process as the pages ask it, wherever its place says it is."""

import time

import httpx2

from engine.errors import InputError
from engine.wire import headers as names
from engine.wire.visitors import Caller
from pages.ui.engine.originals import Originals
from pages.ui.engine.place import Address, Place
from pages.ui.engine.question import Question, Refused

TIMEOUT_S = 120.0
_REST_S = 0.02


class EngineOverHttp:
    """An :class:`Engine` over HTTP; safe in several threads.

    Args:
        place: where it is.
        originals: the files that an engine that was started anew must be given again.
        client: sends the requests; replaced in tests.
    """

    def __init__(
        self, place: Place, originals: Originals, client: httpx2.Client | None = None
    ) -> None:
        self._place = place
        self._originals = originals
        self._client = client or httpx2.Client(trust_env=False, timeout=TIMEOUT_S)

    def send(self, question: Question, caller: Caller, wait_s: float) -> httpx2.Response:
        """See :class:`Engine`; one question is asked again where the engine dies over it."""
        deadline = time.monotonic() + wait_s
        while True:
            address = self._place.wait(max(0.0, deadline - time.monotonic()))
            if address is None:
                raise Refused(self._place.trouble.sentence(question.lang), 503)
            try:
                self._give_again(question, address)
                return self._ask(question, address, caller)
            except httpx2.TransportError:
                if question.method != "GET" or time.monotonic() >= deadline:
                    lost = InputError("engine_restarting", status=503)
                    raise Refused(lost.sentence(question.lang), 503) from None
                time.sleep(_REST_S)  # whoever looks after it sees that it died

    def _ask(self, question: Question, address: Address, caller: Caller) -> httpx2.Response:
        said = {"Accept-Language": question.lang, names.FORWARDED_FOR: caller.address}
        said |= {names.VISITOR: caller.visitor or "", names.SECRET: address.secret}
        return self._client.request(
            question.method,
            f"{address.url}/api/v1/{question.path}",
            params=question.query,
            json=question.json,
            content=question.content,
            headers={**question.headers, **{name: value for name, value in said.items() if value}},
        )

    def _give_again(self, question: Question, address: Address) -> None:
        said = " ".join((question.path, *question.query.values()))
        for token in self._originals.missing(said, address.started):
            again = self._originals.again(token)
            if again is not None and self._ask(again, address, SCREEN).status_code < 500:
                self._originals.note_given(token, address.started)


SCREEN = Caller(None, "")

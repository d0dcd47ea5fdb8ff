"""The engine within a test's own process, behind the client that pages ask.

It is the app that the engine's process serves; a page waits here for every answer, where it would
say how far one is.
"""

import httpx2
import pytest
from starlette.testclient import TestClient

from engine.serving.api import create_app
from engine.wire import headers as names
from engine.wire.visitors import Caller
from pages.ui.engine import client
from pages.ui.engine.question import Question

SECRET = "between the screen and the engine of a test"
PATIENCE_S = 120.0


class EngineHere:
    """The engine's app in this process, as a screen that knows its secret asks it."""

    def __init__(self) -> None:
        self.app = TestClient(create_app(SECRET), raise_server_exceptions=False)

    def send(self, question: Question, caller: Caller, wait_s: float) -> httpx2.Response:
        """The engine's answer; it is always there."""
        said = {"Accept-Language": question.lang, names.SECRET: SECRET}
        return self.app.request(
            question.method,
            f"/api/v1/{question.path}",
            params=question.query,
            json=question.json,
            content=question.content,
            headers={**question.headers, **said, names.VISITOR: caller.visitor or ""},
        )

    def answer(self, patch: pytest.MonkeyPatch) -> None:
        """Let pages ask this engine, and wait until it has answered."""
        patch.setattr(client, "engine", lambda: self)
        patch.setattr(client, "PATIENCE_S", PATIENCE_S)
        patch.setattr(client, "caller", lambda: Caller("somebody", "127.0.0.1"))


@pytest.fixture(scope="session")
def engine_here() -> EngineHere:
    """One engine for all tests of a worker."""
    return EngineHere()


@pytest.fixture
def ask_engine_here(engine_here: EngineHere, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages ask the engine of this process, and wait until it has answered."""
    engine_here.answer(monkeypatch)

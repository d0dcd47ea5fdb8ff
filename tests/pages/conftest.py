"""Pages run through AppTest inside their frame, in either language, with the engine beside them.

The engine is the same app that its process serves, within this process and behind the same client;
a page waits here for every answer, where it would say how far one is.
"""

from collections.abc import Callable
from pathlib import Path

import httpx2
import pytest
from starlette.testclient import TestClient
from streamlit.testing.v1 import AppTest

from engine.serving.api import create_app
from engine.wire import headers as names
from engine.wire.visitors import Caller
from pages.ui.engine import client
from pages.ui.engine.question import Question

NAVIGATION = Path(__file__).resolve().parents[2] / "pages" / "navigation.py"
SECRET = "between the screen and the engine of a test"
PATIENCE_S = 120.0
OpenPage = Callable[..., AppTest]


@pytest.fixture
def open_page() -> OpenPage:
    """Open a page by its path below ``pages/`` with query values; fails on any exception."""

    def open_it(path: str, lang: str = "en", **query: str) -> AppTest:
        app = AppTest.from_file(str(NAVIGATION), default_timeout=60)
        app.query_params["lang"] = lang
        for name, value in query.items():
            app.query_params[name] = value
        app.run()
        if path != "start/home":
            app.switch_page(f"{path}/page.py").run()
        assert not app.exception, app.exception
        return app

    return open_it


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


@pytest.fixture(scope="session")
def engine_here() -> EngineHere:
    """One engine for all tests of a worker."""
    return EngineHere()


@pytest.fixture(autouse=True)
def ask_engine_here(engine_here: EngineHere, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages ask the engine of this process, and wait until it has answered."""
    monkeypatch.setattr(client, "engine", lambda: engine_here)
    monkeypatch.setattr(client, "PATIENCE_S", PATIENCE_S)
    monkeypatch.setattr(client, "caller", lambda: Caller("somebody", "127.0.0.1"))

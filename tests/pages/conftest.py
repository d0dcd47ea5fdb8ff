"""Pages run through AppTest inside their frame, in either language, with the engine beside them."""

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from pages.ui.chapters import url_path

NAVIGATION = Path(__file__).resolve().parents[2] / "pages" / "navigation.py"
OpenPage = Callable[..., AppTest]


@pytest.fixture
def open_page() -> OpenPage:
    """Open a page by its path below ``pages/`` with query values; fails on any exception."""

    def open_it(path: str, lang: str = "en", **query: str) -> AppTest:
        app = AppTest.from_file(str(NAVIGATION), default_timeout=60)
        app.query_params["lang"] = lang
        for name, value in query.items():
            app.query_params[name] = value
        stem = path.rpartition("/")[2]
        if stem != "home":  # the page at once, as by a direct link: switch_page wants a run first
            app._page_hash = calc_hash(url_path(stem))
        app.run()
        assert not app.exception, app.exception
        return app

    return open_it


@pytest.fixture(autouse=True)
def with_engine(ask_engine_here: None) -> None:
    """Pages ask the engine of this process, and wait until it has answered."""

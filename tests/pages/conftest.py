"""Pages run through AppTest inside their frame, in either language, with the engine beside them."""

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from time import monotonic, sleep

import pytest
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from engine.serving.jobs import jobs
from pages.ui.chapters import url_path

NAVIGATION = Path(__file__).resolve().parents[2] / "pages" / "navigation.py"
JOBS_END_S = 20.0  # nobody asks for them any more, so that they stop by themselves
OpenPage = Callable[..., AppTest]


def run_page(path: str, lang: str = "en", **query: str) -> AppTest:
    """A page by its path below ``pages/``, with query values; fails on any exception."""
    app = AppTest.from_file(str(NAVIGATION), default_timeout=120)
    app.query_params["lang"] = lang
    for name, value in query.items():
        app.query_params[name] = value
    stem = path.rpartition("/")[2]
    if stem != "home":  # the page at once, as by a direct link: switch_page wants a run first
        app._page_hash = calc_hash(url_path(stem))
    app.run()
    assert not app.exception, app.exception
    return app


@pytest.fixture
def open_page() -> OpenPage:
    """Open a page by its path below ``pages/`` with query values; fails on any exception."""
    return run_page


@pytest.fixture(autouse=True)
def with_engine(ask_engine_here: None) -> None:
    """Pages ask the engine of this process, and wait until it has answered."""


@pytest.fixture(scope="session", autouse=True)
def components_of_packages() -> Iterator[None]:
    """Every AppTest reads what each installed package says of itself; here they read it once."""
    with pytest.MonkeyPatch.context() as patch:
        scan = cache(manifest_scanner.scan_component_manifests)
        patch.setattr(manifest_scanner, "scan_component_manifests", scan)
        yield


@pytest.fixture(scope="session", autouse=True)
def jobs_end_first() -> Iterator[None]:
    """What pages began ends before the process does: torch does not bear to be cut off."""
    yield
    until = monotonic() + JOBS_END_S
    while any(jobs().counts()) and monotonic() < until:
        sleep(0.1)

"""The API as a client meets it, without a server."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from starlette.testclient import TestClient

from engine.serving.api import app
from engine.serving.binary import unpack

Arrays = tuple[dict[str, np.ndarray], dict]


@pytest.fixture(scope="session")
def api() -> TestClient:
    """The stand-alone app; no lifespan, so no warm-up thread."""
    return TestClient(app, base_url="http://localhost:8501", raise_server_exceptions=False)


@pytest.fixture
def ask(api: TestClient) -> Callable[..., Arrays]:
    """Ask a stage's route for arrays, waiting while it answers 202; fails on any other status."""

    def ask_it(path: str, **params: object) -> Arrays:
        answer = api.get(f"/api/v1/{path}", params={k: str(v) for k, v in params.items()})
        while answer.status_code == 202:
            answer = api.get(f"/api/v1/{path}", params={k: str(v) for k, v in params.items()})
        assert answer.status_code == 200, answer.text
        return unpack(answer.content, answer.headers["X-Arrays"])

    return ask_it


@pytest.fixture
def sample_file() -> Callable[[str], Path]:
    """A picture file that ships with scikit-image."""
    import skimage

    return lambda name: Path(skimage.__file__).parent / "data" / name

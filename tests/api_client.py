"""The API as a client meets it, without a server."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from starlette.testclient import TestClient

from engine.serving.api import app
from engine.serving.binary import unpack
from engine.serving.jobs import jobs
from engine.serving.own_sets import own_sets
from engine.serving.training import readers, workers

Arrays = tuple[dict[str, np.ndarray], dict]
ME = "a" * 22  # a browser's own key


@pytest.fixture(scope="session")
def api() -> TestClient:
    """The stand-alone app; no lifespan, so no warm-up thread."""
    return TestClient(app, base_url="http://localhost:8501", raise_server_exceptions=False)


@pytest.fixture
def ask(api: TestClient) -> Callable[..., Arrays]:
    """Ask a stage's route for arrays, waiting while there is none, or a part; fails on any other
    status."""

    def ask_it(path: str, **params: object) -> Arrays:
        while True:
            answer = api.get(f"/api/v1/{path}", params={k: str(v) for k, v in params.items()})
            if answer.status_code == 202:
                continue
            assert answer.status_code == 200, answer.text
            arrays, about = unpack(answer.content, answer.headers["X-Arrays"])
            if not about.get("unfinished"):
                return arrays, about

    return ask_it


@pytest.fixture
def sample_file() -> Callable[[str], Path]:
    """A picture file that ships with scikit-image."""
    import skimage

    return lambda name: Path(skimage.__file__).parent / "data" / name


@pytest.fixture
def runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty place for runs; nothing looks after the queue."""
    monkeypatch.setenv("FOVEA_RUNS", str(tmp_path / "runs"))
    kept = (workers, readers, own_sets, jobs)
    for each in kept:
        each.cache_clear()
    yield tmp_path / "runs"
    for each in kept:
        each.cache_clear()


@pytest.fixture
def post(api: TestClient) -> Callable[..., tuple[int, dict]]:
    """POST as a browser with this key; returns status and answer."""

    def post_it(path: str, body: dict | None = None, token: str | None = ME) -> tuple[int, dict]:
        headers = {"X-Owner": token} if token else {}
        answer = api.post(f"/api/v1/{path}", json=body, headers=headers)
        return answer.status_code, answer.json()

    return post_it

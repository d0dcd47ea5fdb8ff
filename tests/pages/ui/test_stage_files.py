"""What is served beside the pages: their scripts, and Plotly's as its package brings it."""

import gzip

import pytest
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.testclient import TestClient

from pages.ui.stage_files import plotly_script, stage_files


@pytest.fixture
def client() -> TestClient:
    return TestClient(Starlette(routes=[Mount("/", stage_files())]))


def test_plotly_is_the_packages_own(client: TestClient) -> None:
    plain = client.get("/plotly.min.js", headers={"Accept-Encoding": "identity"})
    assert plain.status_code == 200
    assert plain.content == plotly_script().read_bytes()
    assert plain.headers["content-type"].startswith("text/javascript")
    assert "immutable" in plain.headers["cache-control"]
    assert "content-encoding" not in plain.headers


def test_plotly_is_zipped_for_those_who_can_read_it(client: TestClient) -> None:
    with client.stream("GET", "/plotly.min.js", headers={"Accept-Encoding": "br, gzip"}) as zipped:
        sent = b"".join(zipped.iter_raw())
    assert zipped.headers["content-encoding"] == "gzip"
    assert zipped.headers["vary"] == "Accept-Encoding"
    assert gzip.decompress(sent) == plotly_script().read_bytes()
    assert len(sent) < 2e6


@pytest.mark.parametrize("path", ["/ui/stage_files.py", "/ui/labels/shared.toml", "/missing.js"])
def test_nothing_else_is_served(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404

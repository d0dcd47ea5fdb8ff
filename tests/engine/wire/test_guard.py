"""The guard in front of the API: hosts, origins, and bodies of any kind that are too large."""

from collections.abc import Iterator

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from engine.wire.guard import BodyLimit, Guard

LIMIT = 1024 * 1024


async def count(request: Request) -> JSONResponse:
    try:
        body = await request.body()
    except Exception as error:  # as FastAPI does: turn whatever went wrong into an answer
        return JSONResponse({"detail": str(error)}, status_code=400)
    return JSONResponse({"bytes": len(body)})


@pytest.fixture
def client() -> TestClient:
    app = Starlette(routes=[Route("/", count, methods=["GET", "POST"])])
    return TestClient(Guard(BodyLimit(app, lambda _: LIMIT)), base_url="http://localhost:8501")


@pytest.mark.parametrize("host", ["localhost", "localhost:8501", "127.0.0.1:1", "[::1]:8501"])
def test_own_hosts_get_through(client: TestClient, host: str) -> None:
    assert client.get("/", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("host", ["", "evil.example", "localhost.evil.example", "[::1", "a b"])
def test_foreign_hosts_are_refused_with_a_sentence(client: TestClient, host: str) -> None:
    answer = client.get("/", headers={"Host": host})
    assert answer.status_code == 421
    assert answer.json()["detail"].endswith("to add a name.")


def test_a_host_can_be_added(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOVEA_ALLOWED_HOSTS", "class.example, other.example")
    assert client.get("/", headers={"Host": "class.example"}).status_code == 200
    assert client.get("/", headers={"Host": "third.example"}).status_code == 421
    monkeypatch.setenv("FOVEA_ALLOWED_HOSTS", "*.Class.example")
    assert client.get("/", headers={"Host": "room1.class.example:80"}).status_code == 200
    assert client.get("/", headers={"Host": "class.example.evil.example"}).status_code == 421


@pytest.mark.parametrize(
    "origin", ["null", "http://evil.example", "http://localhost:9999", "https://", "file://"]
)
def test_foreign_origins_are_refused(client: TestClient, origin: str) -> None:
    answer = client.post("/", headers={"Origin": origin})
    assert answer.status_code == 403
    assert origin in answer.json()["detail"]


@pytest.mark.parametrize(
    ("site", "status"),
    [
        ("same-origin", 200),
        ("none", 200),
        ("same-site", 403),
        ("cross-site", 403),
    ],
)
def test_an_image_tag_of_another_site_is_refused(
    client: TestClient, site: str, status: int
) -> None:
    headers = {"Sec-Fetch-Site": site, "Sec-Fetch-Dest": "image"}
    assert client.get("/", headers=headers).status_code == status


def test_own_origin_gets_through_and_a_proxy_can_be_named(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert client.post("/", headers={"Origin": "http://localhost:8501"}).status_code == 200
    monkeypatch.setenv("FOVEA_ALLOWED_ORIGINS", "https://class.example")
    assert client.post("/", headers={"Origin": "https://class.example"}).status_code == 200


def chunks(total_bytes: int) -> Iterator[bytes]:
    for _ in range(total_bytes // 65536):
        yield b"x" * 65536


@pytest.mark.parametrize("chunked", [False, True])
def test_bodies_are_bounded_whether_or_not_they_state_their_length(
    client: TestClient, chunked: bool
) -> None:
    fits = client.post("/", content=chunks(LIMIT) if chunked else b"x" * LIMIT)
    assert fits.json() == {"bytes": LIMIT}
    large = client.post("/", content=chunks(2 * LIMIT) if chunked else b"x" * (LIMIT + 1))
    assert large.status_code == 413
    assert large.json()["detail"] == "The request is too large; at most 1 MB are accepted."


def test_the_sentence_comes_in_korean(client: TestClient) -> None:
    headers = {"Origin": "null", "Accept-Language": "ko-KR,ko;q=0.9"}
    assert "받지 않습니다" in client.post("/", headers=headers).json()["detail"]

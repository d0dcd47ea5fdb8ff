"""The way through: bytes untouched both ways, headers of a proxy, an engine that comes and goes."""

import asyncio
import socket
import threading
import time
from collections.abc import AsyncIterator, Iterator

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from engine.errors import InputError
from engine.wire.guard import Guard
from engine.wire.visitors import COOKIE, Visitors
from pages.ui.engine import passage as module
from pages.ui.engine.originals import Originals
from pages.ui.engine.passage import Passage
from pages.ui.engine.place import Address, Place
from tests.pages.ui.engine.servers import served, wait_until

SECRET = "between the two"
TOKEN = "t" * 22
VISITORS = Visitors(b"key")


class FakeEngine:
    """Answers as the tests need it, and notes what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, str], bytes]] = []
        self.cancelled = threading.Event()
        self.received = 0
        self.app = Starlette(
            routes=[
                Route("/api/v1/bytes", self.bytes),
                Route("/api/v1/slow", self.slow),
                Route("/api/v1/cut", self.cut),
                Route("/api/v1/upload", self.upload, methods=["POST"]),
                Route("/api/v1/pictures/{token}", self.note, methods=["GET", "PUT"]),
                Route("/{path:path}", self.note, methods=["GET", "POST", "DELETE", "PUT"]),
            ]
        )

    async def note(self, request: Request) -> Response:
        body = await request.body()
        self.asked.append((f"{request.method} {request.url.path}", dict(request.headers), body))
        return JSONResponse({"query": request.url.query})

    async def bytes(self, request: Request) -> Response:
        headers = {"Content-Encoding": "identity", "X-Arrays": "[]", "Connection": "X-Hop"}
        headers |= {"X-Hop": "for this hop", "Keep-Alive": "timeout=5"}
        data = bytes(range(256)) * int(request.query_params["kib"]) * 4
        return Response(data, media_type="application/octet-stream", headers=headers)

    async def slow(self, request: Request) -> StreamingResponse:
        async def pieces() -> AsyncIterator[bytes]:
            try:
                for _ in range(100):
                    yield b"x" * 100
                    await asyncio.sleep(0.1)
            except asyncio.CancelledError:
                self.cancelled.set()
                raise

        return StreamingResponse(pieces(), media_type="application/octet-stream")

    async def cut(self, request: Request) -> Response:
        async def broken(scope: Scope, receive: Receive, send: Send) -> None:
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": b"half", "more_body": True})
            raise RuntimeError("it dies")

        return broken  # type: ignore[return-value]

    async def upload(self, request: Request) -> JSONResponse:
        total = 0
        async for piece in request.stream():
            total += len(piece)
            self.received = total
        return JSONResponse({"bytes": total})


@pytest.fixture(scope="module")
def fake() -> FakeEngine:
    return FakeEngine()


@pytest.fixture(scope="module")
def engine_url(fake: FakeEngine) -> Iterator[str]:
    with served(fake.app) as url:
        yield url


@pytest.fixture(scope="module")
def place(engine_url: str) -> Place:
    found = Place()
    found.answers(Address(engine_url, SECRET, "first"))
    return found


@pytest.fixture(scope="module")
def kept() -> Originals:
    return Originals(10_000)


@pytest.fixture(scope="module")
def screen(place: Place, kept: Originals) -> Iterator[str]:
    passage = Passage(place, kept, "/fovea")
    with served(Guard(passage, VISITORS), passage.close) as url:
        yield url


@pytest.fixture
def browser(screen: str) -> Iterator[httpx2.Client]:
    with httpx2.Client(base_url=f"{screen}/fovea/api/v1", trust_env=False, timeout=120) as client:
        yield client


@pytest.fixture
def away(place: Place) -> Iterator[Place]:
    """The engine is gone for the length of a test."""
    address = place.address
    assert address is not None
    yield place
    place.answers(address)


@pytest.mark.parametrize("kib", [0, 20, 200, 3000])
def test_bytes_come_through_untouched(browser: httpx2.Client, kib: int) -> None:
    answer = browser.get("/bytes", params={"kib": kib})
    assert answer.content == bytes(range(256)) * kib * 4
    assert answer.headers["content-encoding"] == "identity"
    assert answer.headers["content-length"] == str(kib * 1024)
    assert answer.headers["x-arrays"] == "[]"


def test_what_was_meant_for_one_hop_ends_there_and_nothing_is_doubled(
    browser: httpx2.Client,
) -> None:
    answer = browser.get("/bytes", params={"kib": 1})
    names = [name for name, _ in answer.headers.raw]
    assert len(names) == len({name.lower() for name in names})
    assert not {"x-hop", "keep-alive"} & set(answer.headers)


def test_the_engine_learns_who_asks_and_what_a_browser_may_not_say_is_dropped(
    browser: httpx2.Client, fake: FakeEngine, engine_url: str
) -> None:
    cookie = VISITORS.make()
    answer = browser.get(
        "/any/thing?x=%2F&y=1",
        headers={
            "Cookie": f"{COOKIE}={cookie}; _streamlit=secret",
            "X-Fovea-Visitor": "somebody else",
            "X-Fovea-Secret": "guess",
            "X-Forwarded-For": "1.2.3.4",
            "Forwarded": "for=1.2.3.4",
            "Connection": "keep-alive, X-Mine",
            "X-Mine": "for this hop",
            "Accept-Language": "ko",
            "X-Owner": "o" * 22,
        },
    )
    path, headers, _ = fake.asked[-1]
    assert path == "GET /api/v1/any/thing"
    assert answer.json()["query"] == "x=%2F&y=1"
    assert headers["x-fovea-secret"] == SECRET
    assert headers["x-fovea-visitor"] == VISITORS.read(cookie)
    assert headers["x-forwarded-for"] == "127.0.0.1"
    assert headers["x-forwarded-prefix"] == "/fovea"
    assert headers["x-forwarded-host"] == browser.base_url.netloc.decode()
    assert headers["host"] == engine_url.removeprefix("http://")
    assert (headers["accept-language"], headers["x-owner"]) == ("ko", "o" * 22)
    assert not {"cookie", "forwarded", "x-mine"} & set(headers)


@pytest.mark.parametrize("chunked", [False, True])
def test_uploads_are_passed_on_as_they_come(
    browser: httpx2.Client, fake: FakeEngine, chunked: bool
) -> None:
    fake.received = 0

    def pieces() -> Iterator[bytes]:
        for sent in range(50_000, 250_000, 50_000):
            yield b"x" * 50_000
            wait_until(
                lambda sent=sent: fake.received == sent
            )  # the engine has it before the next is sent

    body = pieces() if chunked else b"x" * 200_000
    assert browser.post("/upload", content=body).json() == {"bytes": 200_000}


def test_a_browser_that_goes_away_ends_the_request_to_the_engine(
    screen: str, fake: FakeEngine
) -> None:
    fake.cancelled.clear()
    host, port = screen.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as connection:
        request = f"GET /fovea/api/v1/slow HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n"
        connection.sendall(request.encode())
        assert b"200 OK" in connection.recv(4096)
        assert not fake.cancelled.is_set()
    assert fake.cancelled.wait(120)


def test_an_answer_that_breaks_off_breaks_off_here_too(browser: httpx2.Client) -> None:
    with pytest.raises(httpx2.RemoteProtocolError):
        browser.get("/cut")


def test_while_it_starts_questions_come_again_and_others_wait(
    browser: httpx2.Client, away: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "OTHERS_WAIT_S", 1.0)
    away.fails(InputError("engine_restarting", status=503), passing=True)
    told = browser.get("/bytes?kib=1", headers={"Accept-Language": "ko"})
    assert told.status_code == 202
    assert told.json()["starting"] is True
    assert told.json()["total"] == 1
    assert "다시 시작" in told.json()["detail"]
    begun = time.monotonic()
    image = browser.get("/bytes?kib=1", headers={"Accept": "image/avif,image/webp,*/*"})
    assert image.status_code == 503
    assert time.monotonic() - begun > 0.9
    assert browser.post("/upload", content=b"x").status_code == 503


def test_what_waits_is_answered_when_it_is_there(browser: httpx2.Client, place: Place) -> None:
    address = place.address
    assert address is not None
    place.fails(InputError("engine_starting", status=503), passing=True)
    threading.Timer(0.5, place.answers, [address]).start()
    assert browser.post("/upload", content=b"xyz").json() == {"bytes": 3}


def test_one_that_is_away_is_a_sentence_at_once(browser: httpx2.Client, away: Place) -> None:
    away.fails(InputError("engine_away", status=503), passing=False)
    begun = time.monotonic()
    told = browser.get("/bytes?kib=1")
    assert time.monotonic() - begun < 5  # and not as long as one that is about to come
    assert told.status_code == 503
    assert told.headers["retry-after"] == "1"
    assert told.json()["detail"].startswith("The engine")


def test_one_that_dies_over_a_question_is_asked_again(
    browser: httpx2.Client, away: Place, engine_url: str
) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        nobody = f"http://127.0.0.1:{free.getsockname()[1]}"
        away.answers(Address(nobody, SECRET, "first"))
        told = browser.get("/bytes?kib=1")
        assert (told.status_code, told.json()["starting"]) == (202, True)
        lost = browser.post("/upload", content=b"x")
        assert lost.status_code == 503
        assert "stopped" in lost.json()["detail"]


def test_a_new_start_is_given_the_file_before_it_is_asked_for_it(
    browser: httpx2.Client, fake: FakeEngine, place: Place, kept: Originals, engine_url: str
) -> None:
    kept.keep(TOKEN, b"a photo", "holiday.jpg", 600, "first")
    fake.asked.clear()
    browser.get("/home", params={"picture": TOKEN})
    assert [path for path, _, _ in fake.asked] == ["GET /api/v1/home"]
    place.answers(Address(engine_url, SECRET, "second"))
    fake.asked.clear()
    for _ in range(2):
        browser.get("/home", params={"picture": TOKEN})
    paths = [path for path, _, _ in fake.asked]
    assert paths == [f"PUT /api/v1/pictures/{TOKEN}", "GET /api/v1/home", "GET /api/v1/home"]
    _, headers, body = fake.asked[0]
    assert (body, headers["x-fovea-secret"]) == (b"a photo", SECRET)

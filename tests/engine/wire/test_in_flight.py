"""Many bodies at once have a stated size together; the one too many is told to come again."""

from collections.abc import AsyncIterator, Callable

import anyio
import httpx2
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.types import Message

from engine.errors import InputError
from engine.serving.api import create_app
from engine.wire.guard import BodyLimit
from engine.wire.in_flight import InFlight, most_bytes
from tests.own_loop import run_apart

KIB = 1024
MOST, LARGEST = 100 * KIB, 60 * KIB


class Counting:
    """An application that reads its body, and works until it is let go."""

    def __init__(self) -> None:
        self.held = self.peak = self.answered = 0
        self.go = anyio.Event()

    async def answer(self, request: Request) -> JSONResponse:
        own = 0
        async for piece in request.stream():
            own += len(piece)
            self.held += len(piece)
            self.peak = max(self.peak, self.held)
        await self.go.wait()
        self.held -= own
        self.answered += 1
        return JSONResponse({"bytes": own})


def client_of(app: InFlight) -> httpx2.AsyncClient:
    transport = httpx2.ASGITransport(app)
    return httpx2.AsyncClient(transport=transport, base_url="http://localhost")


def bounded(counting: Counting, wait_s: float = 0.0, stall_s: float = 5.0) -> InFlight:
    inner = Starlette(routes=[Route("/", counting.answer, methods=["GET", "POST"])])
    return InFlight(BodyLimit(inner, lambda _: LARGEST), lambda _: LARGEST, MOST, wait_s, stall_s)


def from_address(app: InFlight) -> Callable:
    """The same app, each request from an address of its own."""
    numbers = iter(range(1000))

    async def asked(scope: dict, receive: Callable, send: Callable) -> None:
        await app({**scope, "client": (f"10.0.0.{next(numbers)}", 1)}, receive, send)

    return asked


async def send_all(app: Callable, sizes: list[int], counting: Counting) -> list[httpx2.Response]:
    """Sends bodies at once; the application lets go when all that get in are there."""
    answers: list[httpx2.Response] = []
    async with client_of(app) as client, anyio.create_task_group() as tasks:  # type: ignore[arg-type]

        async def post(size: int) -> None:
            answers.append(await client.post("/", content=b"x" * size))

        for size in sizes:
            tasks.start_soon(post, size)
        await anyio.sleep(0.2)
        counting.go.set()
    return answers


def test_together_they_have_the_stated_size_and_one_too_many_is_refused() -> None:
    async def run() -> None:
        counting = Counting()
        app = bounded(counting)
        answers = await send_all(from_address(app), [30 * KIB] * 10, counting)
        statuses = sorted(answer.status_code for answer in answers)
        assert statuses == [200] * 3 + [503] * 7
        assert counting.peak == 90 * KIB <= MOST
        refused = next(answer for answer in answers if answer.status_code == 503)
        assert refused.headers["Retry-After"].isdecimal()
        assert refused.json()["detail"].startswith("Too many files")
        assert app.taken_bytes == 0

    run_apart(run)


def test_one_that_comes_too_early_waits_unread() -> None:
    async def run() -> None:
        counting = Counting()
        app = bounded(counting, wait_s=5)
        answers = await send_all(from_address(app), [60 * KIB] * 4, counting)
        assert [answer.status_code for answer in answers] == [200] * 4
        assert counting.peak <= MOST

    run_apart(run)


def test_an_address_has_half_of_the_room_but_for_a_single_body() -> None:
    async def run() -> None:
        counting = Counting()
        app = bounded(counting)
        answers = await send_all(app, [20 * KIB] * 5, counting)
        assert sorted(a.status_code for a in answers) == [200, 200, 503, 503, 503]
        alone = Counting()
        alone.go.set()
        (answer,) = await send_all(bounded(alone), [60 * KIB], alone)
        assert answer.status_code == 200

    run_apart(run)


def test_a_body_of_unknown_length_counts_as_the_largest() -> None:
    async def pieces() -> AsyncIterator[bytes]:
        yield b"x" * KIB

    async def run() -> None:
        counting = Counting()
        app = bounded(counting)
        async with client_of(app) as client, anyio.create_task_group() as tasks:

            async def post() -> None:
                answer = await client.post("/", content=pieces())
                assert answer.status_code == 200

            tasks.start_soon(post)
            await anyio.sleep(0.1)
            assert app.taken_bytes == LARGEST
            counting.go.set()
        assert app.taken_bytes == 0

    run_apart(run)


def test_one_that_stops_coming_gives_its_room_back() -> None:
    async def run() -> None:
        counting = Counting()
        app = bounded(counting, stall_s=0.1)
        sent: list[Message] = []

        async def receive() -> Message:
            await anyio.sleep_forever()
            raise AssertionError

        async def send(message: Message) -> None:
            sent.append(message)

        headers = [(b"host", b"localhost"), (b"content-length", b"2048")]
        scope = {"type": "http", "method": "POST", "path": "/", "headers": headers}
        scope |= {"query_string": b"", "client": ("10.0.0.1", 1)}
        await app(scope, receive, send)
        assert sent[0]["status"] == 408
        assert app.taken_bytes == 0

    run_apart(run)


def test_questions_without_a_body_are_never_held_up() -> None:
    async def run() -> None:
        counting = Counting()
        counting.go.set()
        app = InFlight(bounded(counting), lambda _: LARGEST, most=1, wait_s=0)
        async with client_of(app) as client:
            assert (await client.get("/")).status_code == 200
            assert (await client.post("/", content=b"xx")).status_code == 503

    run_apart(run)


def test_the_api_is_behind_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOVEA_BODIES_MIB", "1")

    async def run() -> None:
        transport = httpx2.ASGITransport(create_app())
        async with httpx2.AsyncClient(transport=transport, base_url="http://localhost") as client:
            answer = await client.post("/api/v1/pictures", files={"file": b"x" * 2**21})
            assert answer.status_code == 503
            assert answer.headers["Retry-After"]
            assert "1 MiB" in answer.json()["detail"]

    run_apart(run)


@pytest.mark.parametrize("text", ["0", "-1", "many", "1.5"])
def test_a_bad_limit_is_said_at_the_start(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("FOVEA_BODIES_MIB", text)
    with pytest.raises(InputError, match="FOVEA_BODIES_MIB"):
        most_bytes()

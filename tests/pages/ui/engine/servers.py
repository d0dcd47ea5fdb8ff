"""ASGI apps on ports of their own, each with a thread and a loop of its own, and waiting."""

import socket
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp

PATIENCE_S = 120.0  # of a busy machine
AtEnd = Callable[[], Awaitable[None]]


def wait_until(condition: Callable[[], bool]) -> None:
    """Until something is so; fails where it does not happen."""
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


class _Server(uvicorn.Server):
    """A server that says when it answers."""

    def __init__(self, config: uvicorn.Config, at_end: AtEnd | None) -> None:
        super().__init__(config)
        self.answers = threading.Event()
        self.at_end = at_end

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.answers.set()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await super().shutdown(sockets)
        if self.at_end is not None:
            await self.at_end()


@contextmanager
def served(app: ASGIApp, at_end: AtEnd | None = None) -> Iterator[str]:
    """The app's address while it is served; ``at_end`` runs in its loop when it no longer is."""
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.bind(("127.0.0.1", 0))
    config = uvicorn.Config(
        app, log_level="error", lifespan="off", proxy_headers=False, timeout_graceful_shutdown=1
    )
    server = _Server(config, at_end)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        assert server.answers.wait(PATIENCE_S)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(PATIENCE_S)
        listening.close()

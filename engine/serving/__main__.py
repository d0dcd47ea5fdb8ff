"""The engine as a process of its own behind a screen: ``python -m engine.serving``.

It serves the API on a free port of the loopback to whoever knows ``FOVEA_ENGINE_SECRET``, and says
where in one line of JSON on standard output: ``{"port": 40123, "contract": "…", "started": "…"}``.
It ends when its standard input does, so that a screen killed with -9 leaves no engine behind.
"""

import json
import logging
import os
import socket
import sys
import threading

import uvicorn

from engine.serving.api import create_app
from engine.serving.health.route import STARTED
from engine.wire.version import contract_version

KEEP_ALIVE_S = 30
GRACE_S = 2  # for answers that are on their way when the end comes
_BACKLOG = 128
_LOG_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"


class _Server(uvicorn.Server):
    """A server that says where it is once it answers."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started and sockets:
            _say_where(sockets[0].getsockname()[1])


def main() -> None:
    """Serve until standard input ends or a signal comes."""
    secret = os.environ.pop("FOVEA_ENGINE_SECRET", "")  # not for the workers that it starts
    if not secret:
        raise SystemExit(f"{__doc__}\nFOVEA_ENGINE_SECRET is not set.")
    logging.basicConfig(level=logging.INFO, format=_LOG_FORMAT, stream=sys.stderr)
    config = uvicorn.Config(
        create_app(secret),
        access_log=False,
        log_config=None,
        log_level="warning",
        server_header=False,
        proxy_headers=False,  # the screen is believed by its secret, not by its address
        timeout_keep_alive=KEEP_ALIVE_S,
        timeout_graceful_shutdown=GRACE_S,
    )
    server = _Server(config)
    threading.Thread(target=_end_with_input, args=(server,), name="input", daemon=True).start()
    with listen() as listening:
        server.run(sockets=[listening])
    # Computations that nobody waits for any more must not hold the process up.
    sys.stderr.flush()
    os._exit(0)


def listen() -> socket.socket:
    """A socket on a free port of the loopback whose connections send at once.

    asyncio switches Nagle's algorithm off only where the protocol number is given.
    """
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    listening.bind(("127.0.0.1", 0))
    listening.listen(_BACKLOG)
    return listening


def _say_where(port: int) -> None:
    """Tell the screen, then leave standard output to the log: libraries print there."""
    print(json.dumps({"port": port, "contract": contract_version(), "started": STARTED}))
    sys.stdout.flush()
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())


def _end_with_input(server: uvicorn.Server) -> None:
    while sys.stdin.buffer.read(4096):
        pass
    server.should_exit = True


if __name__ == "__main__":
    main()

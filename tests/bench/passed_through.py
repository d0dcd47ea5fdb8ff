"""What the way through the screen costs an answer: the engine asked directly, and behind it.

Both are asked for the same bytes over connections that are kept, by one client and by eight at
once; the engine runs by itself, so that it can be asked both ways.
"""

import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

from engine.wire.headers import SECRET
from tests.bench.numbers import Target, ms, p50, p95, table
from tests.bench.serving import wait_calm
from tests.browser.fixtures import ROOT, free_port, start_server, stop_server

SIDES = {"20 kB": 100, "200 kB": 316}  # longest side of Chelsea's pixels, 451 × 300 at first
CLIENTS = (1, 8)
TARGET = Target(3, "≤ 3 ms")
HEAD = ("bytes", "clients", "direct p50 ms", "p95", "through p50", "p95", "costs p50", "target")
NOTE = "target: what the way through adds to the median of one client."
WARM = 10
SAY_S = 60


def run(samples: int) -> str:
    """Measure ``samples`` answers of each kind, a client; a table."""
    with _engine() as (engine, secret), _screen(engine, secret) as screen:
        rows = [
            _row(name, clients, samples, (engine, screen), secret)
            for name in SIDES
            for clients in CLIENTS
        ]
    return table("Passed through", HEAD, rows, NOTE)


def _row(name: str, clients: int, samples: int, urls: tuple[str, str], secret: str) -> list[str]:
    path = f"/api/v1/pictures/chelsea?form=raw&max_side_px={SIDES[name]}"
    direct, through = (_times(url, path, secret, clients, samples) for url in urls)
    cost = p50(through) - p50(direct)
    verdict = TARGET.judge(cost) if clients == 1 else "–"
    times = (p50(direct), p95(direct), p50(through), p95(through), cost)
    return [name, str(clients), *map(ms, times), verdict]


def _times(url: str, path: str, secret: str, clients: int, samples: int) -> list[float]:
    """Milliseconds of each answer of all clients together."""
    times: list[float] = []
    threads = [
        threading.Thread(target=_ask, args=(url, path, secret, samples, times))
        for _ in range(clients)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return times


def _ask(url: str, path: str, secret: str, samples: int, times: list[float]) -> None:
    """One client, as bare as can be: what it needs itself is not what is measured."""
    host, _, port = urlsplit(url).netloc.partition(":")
    lines = (f"GET {path} HTTP/1.1", f"Host: {host}:{port}", f"{SECRET}: {secret}", "", "")
    request = "\r\n".join(lines).encode()
    with socket.create_connection((host, int(port))) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for number in range(WARM + samples):
            begun = time.perf_counter()
            connection.sendall(request)
            _read_answer(connection)
            if number >= WARM:
                times.append((time.perf_counter() - begun) * 1000)


def _read_answer(connection: socket.socket) -> None:
    got = b""
    while b"\r\n\r\n" not in got:
        got += connection.recv(2**18)
    head, _, body = got.partition(b"\r\n\r\n")
    fields = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:])
    if b" 200 " not in head.split(b"\r\n")[0]:
        raise ValueError(head.decode(errors="replace"))
    left = int(fields[b"content-length"]) - len(body)
    while left > 0:
        left -= len(connection.recv(2**18))


@contextmanager
def _engine() -> Iterator[tuple[str, str]]:
    """An engine's address and secret."""
    secret = "benchmark"
    process = subprocess.Popen(
        [sys.executable, "-m", "engine.serving"],
        cwd=ROOT,
        env={**os.environ, "FOVEA_ENGINE_SECRET": secret},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stdin is not None
    try:
        port = json.loads(process.stdout.readline())["port"]
        wait_calm(process)
        yield f"http://127.0.0.1:{port}", secret
    finally:
        process.stdin.close()
        process.wait(SAY_S)
        process.stdout.close()


@contextmanager
def _screen(engine: str, secret: str) -> Iterator[str]:
    """The address of a screen in front of it."""
    port = free_port()
    named = {"FOVEA_ENGINE": engine, "FOVEA_ENGINE_SECRET": secret}
    with TemporaryDirectory() as folder:
        log = Path(folder) / "log.txt"
        process = start_server(port, log=log, environment=named)
        try:
            wait_calm(process)
            yield f"http://127.0.0.1:{port}"
        finally:
            stop_server(process)

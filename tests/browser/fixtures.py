"""A real server and a real Chromium: one of each for a worker."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from engine.runs.folder import list_folders
from engine.runs.state import worker_pid
from scripts import chromium

ROOT = Path(__file__).resolve().parents[2]
APP = "streamlit_app.py"
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
START_TIMEOUT_S = 60
PATIENCE_MS = 120_000  # with whatever a page is waited for, an engine that starts on a busy machine


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def start_server(
    port: int,
    *flags: str,
    log: Path,
    environment: Mapping[str, str] | None = None,
    script: str = APP,
) -> subprocess.Popen[bytes]:
    """Start the app on 127.0.0.1 and wait until it answers; its runs lie beside the log."""
    command = [sys.executable, "-m", "streamlit", "run", script]
    command += [f"--server.port={port}", "--server.address=127.0.0.1", *flags]
    with log.open("wb") as output:
        runs = {"FOVEA_RUNS": str(log.parent / "runs")}
        settings = {**os.environ, **runs, **(environment or {})}
        server = subprocess.Popen(command, cwd=ROOT, env=settings, stdout=output, stderr=output)
    bases = [flag.partition("=")[2] for flag in flags if flag.startswith("--server.baseUrlPath=")]
    health = "/".join([f"http://127.0.0.1:{port}", *bases, "_stcore/health"])
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline and server.poll() is None:
        try:
            urllib.request.urlopen(health, timeout=1).close()
            return server
        except OSError:
            time.sleep(0.1)
    server.kill()
    raise RuntimeError(f"the server did not start:\n{log.read_text()}")


def end_trainings(runs: Path) -> None:
    """Workers outlive their server, as they should; those of a test must not."""
    for folder in list_folders(runs):
        pid = worker_pid(folder)
        if pid is not None:
            os.kill(pid, signal.SIGKILL)


def stop_server(server: subprocess.Popen[bytes]) -> None:
    """Ask the server to end, and see that it does."""
    server.send_signal(signal.SIGINT)
    try:
        server.wait(10)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait(10)


@pytest.fixture(scope="session")
def app_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a running app."""
    port = free_port()
    log = tmp_path_factory.mktemp("server") / "log.txt"
    server = start_server(port, log=log)
    yield f"http://127.0.0.1:{port}"
    stop_server(server)
    end_trainings(log.parent / "runs")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium, else the one that Playwright has downloaded; none is a failure."""
    path = chromium.find()
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=CHROMIUM_FLAGS)
        yield launched
        launched.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page of 1280×800 in which any error of a script fails the test."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    opened = context.new_page()
    opened.set_default_timeout(PATIENCE_MS)
    expect.set_options(timeout=PATIENCE_MS)
    faults: list[str] = []
    opened.on("pageerror", lambda error: faults.append(str(error)))
    yield opened
    context.close()
    assert not faults, faults

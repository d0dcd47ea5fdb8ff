"""A real server and a real Chromium: one of each for a worker."""

import os
import signal
import socket
import subprocess
import sys
import textwrap
import time
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect, sync_playwright

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
VIEWPORT: ViewportSize = {"width": 1280, "height": 800}
# What a browser keeps of a visitor, but for the cookies; what it loaded stays.
VISITORS = "file_systems,indexeddb,local_storage,service_workers,websql"
START_TIMEOUT_S = 120
REFUSED = ("torch", "torchvision", "cv2", "captum", "sklearn", "skimage", "onnx", "pandas")
# Python runs this at its start; the engine's process, a child of the screen, is left alone.
HOOK = f"""
import os, sys

class Refuse:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {REFUSED!r}:
            with open(os.environ["FOVEA_TEST_REFUSED"], "a") as file:
                file.write(name + "\\n")
            raise ImportError("the screen may not import " + name)

if "streamlit" in sys.orig_argv:
    sys.meta_path.insert(0, Refuse())
"""
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
def refusals(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Names that the screen tried to import and may not, a line each."""
    return tmp_path_factory.mktemp("hook") / "refused.txt"


@pytest.fixture(scope="session")
def app_url(refusals: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a running app, whose screen cannot import torch, and has not tried to."""
    (refusals.parent / "sitecustomize.py").write_text(textwrap.dedent(HOOK))
    paths = os.pathsep.join([str(refusals.parent), os.environ.get("PYTHONPATH", "")])
    settings = {"PYTHONPATH": paths.rstrip(os.pathsep), "FOVEA_TEST_REFUSED": str(refusals)}
    port = free_port()
    log = tmp_path_factory.mktemp("server") / "log.txt"
    server = start_server(port, log=log, environment=settings)
    yield f"http://127.0.0.1:{port}"
    stop_server(server)
    end_trainings(log.parent / "runs")
    assert not refusals.exists(), refusals.read_text()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium, else the one that Playwright has downloaded; none is a failure."""
    path = chromium.find()
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=CHROMIUM_FLAGS)
        yield launched
        launched.close()


def first_visit(browser: Browser, **options: Any) -> Page:
    """A page of 1280×800 in a profile of its own: nothing is loaded yet. The caller closes its
    context."""
    context = browser.new_context(viewport=VIEWPORT, **options)
    context.set_default_timeout(PATIENCE_MS)
    return context.new_page()


@pytest.fixture(scope="session")
def opener(browser: Browser) -> Iterator[Page]:
    """A page that stays open: those opened from it share its process and its profile, where
    Streamlit and Plotly are loaded and compiled once, and not for each of them (half the time)."""
    opened = first_visit(browser)
    yield opened
    opened.context.close()


def forget(opener: Page) -> None:
    """Whatever a visitor left in the browser but the cache: the next one is somebody else."""
    tool = opener.context.new_cdp_session(opener)
    tool.send("Storage.clearDataForOrigin", {"origin": "*", "storageTypes": VISITORS})
    tool.detach()
    opener.context.clear_cookies()
    opener.context.clear_permissions()


def note_faults(page: Page) -> list[str]:
    """The errors of this page's scripts from now on."""
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    return faults


@pytest.fixture
def page(opener: Page) -> Iterator[Page]:
    """A page of 1280×800 of a new visitor in which any error of a script fails the test."""
    forget(opener)
    with opener.expect_popup() as coming:
        opener.evaluate("() => { open('about:blank') }")
    opened = coming.value
    faults = note_faults(opened)
    yield opened
    opened.close()
    assert not faults, faults

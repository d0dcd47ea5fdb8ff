"""The engine's process: it is started, told apart, started again, and never left behind."""

import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import httpx2
import psutil
import pytest

from engine.wire.headers import SECRET
from engine.wire.version import contract_version
from pages.ui.engine import child as module
from pages.ui.engine.child import EngineChild
from pages.ui.engine.place import Place
from tests.pages.ui.engine.servers import wait_until

ROOT = Path(__file__).resolve().parents[4]
STARTS_S = 300.0
# Says where it is, as the engine does, and ends with its input; quicker than the engine.
BRIEF = """
import json, os, sys
print("a library prints this", file=sys.stderr, flush=True)
print(json.dumps({"port": 1, "contract": "c", "started": str(os.getpid())}), flush=True)
sys.stdin.read()
"""


def gone(pid: int) -> bool:
    return not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


@pytest.fixture
def brief() -> Iterator[tuple[EngineChild, Place]]:
    place = Place()
    keeper = EngineChild(place, [sys.executable, "-c", BRIEF])
    keeper.start()
    assert place.wait(30) is not None
    yield keeper, place
    keeper.close()
    assert keeper.pid is not None
    assert gone(keeper.pid)


def test_the_engine_answers_its_screen_and_ends_with_it() -> None:
    place = Place()
    keeper = EngineChild(place)
    keeper.start()
    try:
        address = place.wait(STARTS_S)
        assert address is not None
        assert (address.contract, address.differs) == (contract_version(), False)
        health = f"{address.url}/api/v1/health"
        assert httpx2.get(health, trust_env=False).status_code == 403
        told = httpx2.get(health, headers={SECRET: address.secret}, trust_env=False).json()
        assert told["started"] == address.started
    finally:
        keeper.close()
    assert keeper.pid is not None
    assert gone(keeper.pid)


def test_a_killed_engine_is_started_again_and_said_to_be(
    brief: tuple[EngineChild, Place],
) -> None:
    keeper, place = brief
    first, pid = place.address, keeper.pid
    assert first is not None
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    wait_until(lambda: place.address is None)
    assert place.is_starting
    assert "being started again" in place.trouble.sentence("en")
    second = place.wait(30)
    assert second is not None
    assert second.started != first.started
    assert second.secret == first.secret


def test_the_pause_grows_and_one_that_never_starts_is_said_to_fail(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(module, "FIRST_PAUSE_S", 0.02)
    place = Place()
    keeper = EngineChild(place, [sys.executable, "-c", "raise SystemExit(3)"])
    keeper.start()
    wait_until(lambda: len(caplog.records) >= 5 and not place.is_starting)
    keeper.close()
    told = [record.args for record in caplog.records]
    assert told[:5] == [(3, 0.02), (3, 0.04), (3, 0.08), (3, 0.16), (3, 0.32)]
    assert place.address is None
    assert "does not start" in place.trouble.sentence("en")


def test_its_log_is_told_apart(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    # Not capfd: what is written while pytest goes from setup to call belongs to nobody.
    log = tmp_path / "log.txt"
    with log.open("wb") as taken:
        monkeypatch.setattr(module, "_STANDARD_ERROR", taken.fileno())
        keeper = EngineChild(Place(), [sys.executable, "-c", BRIEF])
        keeper.start()
        try:
            wait_until(lambda: log.read_text() == "engine: a library prints this\n")
        finally:
            keeper.close()


def test_a_log_that_nobody_takes_does_not_stop_the_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_STANDARD_ERROR", -1)
    talkative = subprocess.Popen(
        [sys.executable, "-c", "import sys; sys.stderr.write('a line\\n' * 100_000)"],
        stderr=subprocess.PIPE,
    )
    assert talkative.stderr is not None
    module._pass_on_log(talkative.stderr)
    assert talkative.wait(30) == 0


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is POSIX's")
def test_a_screen_that_is_killed_leaves_no_engine_behind() -> None:
    screen = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(SCREEN)], cwd=ROOT, stdout=subprocess.PIPE
    )
    assert screen.stdout is not None
    pid = int(screen.stdout.readline())
    assert psutil.pid_exists(pid)
    screen.kill()
    screen.wait()
    screen.stdout.close()
    wait_until(lambda: gone(pid))


SCREEN = """
import time
from pages.ui.engine.child import EngineChild
from pages.ui.engine.place import Place

place = Place()
keeper = EngineChild(place)
keeper.start()
assert place.wait(60)
print(keeper.pid, flush=True)
time.sleep(60)
"""

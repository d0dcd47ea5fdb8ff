"""Imports: one thread loads them, the light routes answer meanwhile, the others say "starting"."""

import subprocess
import sys
import threading
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from engine.serving import loading as module
from engine.serving.loading import NEEDED, Loading

ROOT = Path(__file__).resolve().parents[3]
WARM = """
import gc, sys
from engine.serving.loading import loading, start_loading
assert "torch" not in sys.modules, "the module itself must be light"
start_loading().join(120)
assert loading().ready
from engine.nets.residence import residence
assert residence().list_names() == ["mobilenet_v2"]
assert "captum.attr" in sys.modules
frozen = gc.get_freeze_count()
assert frozen > 100_000, frozen
assert len(gc.get_objects()) < frozen / 10
print("warm")
"""
LIGHT = """
import sys

class Refuse:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("torch", "torchvision", "captum", "sklearn"):
            raise AssertionError(f"{name} was imported")

sys.meta_path.insert(0, Refuse())
from starlette.testclient import TestClient
from engine.serving.api import app
client = TestClient(app, base_url="http://localhost")
from engine.serving.loading import loading
loading()._thread = object()  # begun, and never done
for path in sys.argv[1:]:
    answer = client.get("/api/v1/" + path)
    print(answer.status_code, answer.json() if "json" in answer.headers["content-type"] else "")
"""


def run_in_process(code: str, *arguments: str) -> str:
    """What a fresh interpreter prints."""
    command = [sys.executable, "-c", code, *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_in_a_process_of_its_own() -> None:
    assert run_in_process(WARM) == "warm"


def test_pictures_and_health_are_answered_without_torch_and_networks_say_starting() -> None:
    paths = ["pictures/chelsea?max_side_px=96", "pictures/coffee/about", "health"]
    paths += ["pixels?picture=chelsea", "pixels/weights?picture=chelsea&resolution=64"]
    lines = run_in_process(LIGHT, *paths, "home?picture=chelsea").splitlines()
    assert [line[:3] for line in lines] == ["200", "200", "200", "200", "200", "202"]
    assert "'status': 'starting'" in lines[2]
    assert lines[5] == f"202 {{'done': 0, 'total': {len(NEEDED)}, 'starting': True}}"


class Slow:
    """Imports that wait until the test lets them through."""

    def __init__(self) -> None:
        self.loaded: list[str] = []
        self.threads: set[int] = set()
        self.go = threading.Semaphore(0)

    def __call__(self, name: str) -> None:
        assert self.go.acquire(timeout=120)
        self.threads.add(threading.get_ident())
        self.loaded.append(name)


def test_one_thread_imports_and_others_wait_for_it() -> None:
    slow = Slow()
    here = Loading(slow)
    here.start()
    others = [threading.Thread(target=here.load) for _ in range(4)]
    for other in others:
        other.start()
    assert (here.progress.done, here.ready) == (0, False)
    slow.go.release(len(NEEDED))
    for other in others:
        other.join(120)
    assert here.ready
    assert slow.loaded == list(NEEDED)
    assert len(slow.threads) == 1


def test_what_cannot_be_imported_holds_nothing_up(caplog: pytest.LogCaptureFixture) -> None:
    def missing(name: str) -> None:
        raise ImportError(f"no {name}")

    here = Loading(missing)
    here.load()
    assert here.ready
    assert "torch cannot be imported" in caplog.text


def test_a_question_is_told_to_come_again_and_a_file_waits(
    api: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = Slow()
    here = Loading(slow)
    monkeypatch.setattr(module, "loading", lambda: here)
    thread = here.start()
    early = api.get("/api/v1/home", params={"picture": "chelsea"})
    assert early.status_code == 202
    assert early.json() == {"done": 0, "total": len(NEEDED), "starting": True}
    answers: list[int] = []
    sent = threading.Thread(
        target=lambda: answers.append(api.post("/api/v1/runs/expect").status_code)
    )
    sent.start()
    sent.join(0.5)
    assert not answers
    slow.go.release(len(NEEDED))
    sent.join(120)
    thread.join(120)
    assert answers == [204]
    assert api.get("/api/v1/home", params={"picture": "chelsea"}).status_code == 200

"""Workers as real processes: warm, queued, cancelled, killed, outliving whoever started them."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from engine.errors import InputError
from engine.runs import state
from engine.runs.__main__ import main as runs_main
from engine.runs.checkpoints import list_checkpoints
from engine.runs.events import read_events
from engine.runs.folder import Run
from engine.runs.limits import Limits
from engine.runs.workers import Workers
from engine.train.__main__ import main as train_main

Make = Callable[..., Run]
PATIENCE_S = 120  # of a busy machine; each wait ends as soon as what it waits for is there
LONG = {"epochs": 10_000, "learning_rate": 1e-6}


@pytest.fixture
def workers(root: Path) -> Iterator[Workers]:
    """Looks after the queue only when told to (``tick``); leaves no process behind."""
    each = Workers(root, limits=Limits(waiting_per_visitor=3))
    yield each
    children = list(each._workers.values())
    each.close()
    for child in children:
        child.kill()
        child.wait()


def wait_for(what: Callable[[], object], workers: Workers | None = None) -> None:
    """Until ``what`` is true; the queue is looked after meanwhile."""
    end = time.monotonic() + PATIENCE_S
    while not what():
        assert time.monotonic() < end, "waited too long"
        if workers is not None:
            workers.tick()
        time.sleep(0.05)


def status(run: Run) -> str:
    return state.read_state(run.folder).status


def steps(run: Run) -> list[int]:
    return [e["step"] for e in read_events(run.folder)[0] if e["event"] == "step"]


def test_one_runs_the_others_wait_and_a_killed_one_goes_on(workers: Workers, make: Make):
    first, second = make(**LONG), make()
    for run in (first, second):
        workers.submit(run)
    assert [status(first), status(second)] == ["queued", "queued"]
    workers.tick()
    assert status(first) == "starting"
    wait_for(lambda: state.read_state(first.folder).epoch >= 3, workers)
    assert (status(first), status(second)) == ("running", "queued")
    assert workers.queued() == [second.folder]
    assert workers.running() == {"": first.folder}
    with pytest.raises(InputError, match="being trained"):
        workers.submit(first)

    pid = state.worker_pid(first.folder)
    assert pid is not None
    assert os.getpriority(os.PRIO_PROCESS, pid) >= 10
    os.kill(pid, signal.SIGKILL)
    wait_for(lambda: not state.worker_alive(first.folder), workers)
    assert status(first) in ("interrupted", "queued")
    done = len(steps(first))
    assert list_checkpoints(first.folder)[-1].step >= done - 8  # within an epoch of 4 steps
    wait_for(lambda: status(second) == "finished", workers)  # its turn came
    wait_for(lambda: len(steps(first)) > done + 4, workers)  # taken up again by itself

    again = state.worker_pid(first.folder)
    assert again is not None
    os.kill(again, signal.SIGKILL)
    wait_for(lambda: not state.worker_alive(first.folder), workers)
    wait_for(lambda: all(each.pid != again for each in workers._workers.values()), workers)
    assert status(first) == "interrupted"  # once; then somebody is asked
    done = len(steps(first))
    workers.submit(first)
    wait_for(lambda: len(steps(first)) > done + 4, workers)
    workers.cancel(first)
    wait_for(lambda: status(first) == "stopped", workers)
    assert steps(first) == list(range(1, len(steps(first)) + 1))  # none twice, none missing


def test_a_warm_worker_trains_run_after_run_and_ends_with_its_server(workers: Workers, make: Make):
    workers.expect()
    workers.tick()
    warm = workers._workers[""]
    first, second = make(), make()
    for run in (first, second):
        workers.submit(run)
    workers.tick()
    assert state.worker_pid(first.folder) == warm.pid
    assert workers.queued() == [second.folder]
    wait_for(lambda: status(second) == "finished", workers)
    assert status(first) == "finished"
    assert workers._workers == {"": warm}
    workers.close()
    assert warm.poll() is not None


def test_cancelling_what_waits_takes_it_out_of_the_queue(workers: Workers, make: Make):
    run = make()
    workers.submit(run)
    workers.cancel(run)
    assert status(run) == "new"
    assert not workers.tick()
    assert not workers.running()


def test_a_visitor_cannot_queue_without_end(workers: Workers, make: Make):
    for _ in range(3):
        workers.submit(make(owner="me"))
    with pytest.raises(InputError, match="3 runs waiting"):
        workers.submit(make(owner="me"))
    assert len(workers.queued()) == 3


def test_a_run_that_cannot_be_trained_says_why(workers: Workers, make: Make):
    run = make()
    text = (run.folder / "run.json").read_text()
    (run.folder / "run.json").write_text(text.replace('"digits"', '"nonesuch"'))
    workers.submit(run)
    workers.tick()
    wait_for(lambda: status(run) == "failed", workers)
    found = state.read_state(run.folder)
    assert found.sentence is not None
    assert "nonesuch" in found.sentence["en"]
    assert "Traceback" not in (run.folder / "worker.log").read_text()


def test_a_run_outlives_the_server_and_the_next_server_finds_it(root: Path, make: Make):
    """The server is a process of its own that is killed; another then looks after its runs."""
    first, second = make(**LONG), make()
    code = (
        "import sys, time; from pathlib import Path\n"
        "from engine.runs.workers import Workers; from engine.runs.folder import read_run\n"
        "workers = Workers(Path(sys.argv[1]))\n"
        "for each in sys.argv[2:]: workers.submit(read_run(Path(each)))\n"
        "workers.start(); time.sleep(600)\n"
    )
    folders = [str(root), str(first.folder), str(second.folder)]
    server = subprocess.Popen([sys.executable, "-c", code, *folders])
    try:
        wait_for(lambda: len(steps(first)) > 2)
    finally:
        server.kill()
        server.wait()
    assert (status(first), status(second)) == ("running", "queued")
    before = len(steps(first))
    wait_for(lambda: len(steps(first)) > before)
    other = Workers(root)
    try:
        assert other.tick()
        assert other.running() == {"": first.folder}
        other.cancel(first)
        wait_for(lambda: status(first) == "stopped", other)
        wait_for(lambda: status(second) == "finished", other)
    finally:
        children = list(other._workers.values())
        other.close()
        for child in children:
            child.wait(timeout=PATIENCE_S)


def test_the_command_line_makes_trains_lists_and_shows(
    root: Path, capsys: pytest.CaptureFixture[str]
):
    new = "--new --data digits --per-class 20 --net softmax --epochs 2 --augment flip --no-shuffle"
    command = [sys.executable, "-m", "engine.train", *new.split(), "--seed", "5"]
    made = subprocess.run(command, capture_output=True, text=True)
    assert (made.returncode, made.stderr) == (0, "")
    assert made.stdout.splitlines() == [str(root / "softmax-digits-0001"), "finished"]
    assert runs_main(["list"]) == 0
    assert capsys.readouterr().out.startswith("softmax-digits-0001  finished  2/2 epochs")
    assert runs_main(["show", "softmax-digits-0001"]) == 0
    shown = capsys.readouterr().out
    assert '"seed": 5' in shown
    assert "epoch 2:" in shown


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nonesuch"], "There is no run called nonesuch."),
        (["--new", "--net", "vgg99"], "must be one of softmax"),
        (["--new", "--epochs", "0"], "whole number from 1"),
    ],
)
def test_a_wrong_command_is_a_sentence(
    root: Path, words: list[str], said: str, capsys: pytest.CaptureFixture[str]
):
    assert train_main(words) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert said in printed.err
    assert not root.exists()


def test_a_fault_does_not_end_the_queue(
    root: Path, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    each, faults = Workers(root), iter([OSError(24, "no descriptor left"), ValueError("a bug")])
    real = each.tick

    def tick() -> bool:
        for fault in faults:
            raise fault
        return real()

    monkeypatch.setattr(each, "tick", tick)
    each.start()
    run = make()
    try:
        each.submit(run)
        for _ in range(2):
            each.expect()
            time.sleep(0.2)
        wait_for(lambda: status(run) == "finished")
    finally:
        children = list(each._workers.values())
        each.close()
        for child in children:
            child.kill()
            child.wait()


def test_a_run_refused_by_a_warm_worker_blocks_nobody(workers: Workers, make: Make) -> None:
    refused, other = make(), make()
    (refused.folder / "run.json").write_text("[" * 100_000)
    for run in (refused, other):
        workers.submit(run)
    wait_for(lambda: status(other) == "finished", workers)
    assert not state.worker_alive(refused.folder)


@pytest.mark.parametrize(
    "events",
    [
        b'{"event": "step", "step": 3, "epoch": NaN}\n',
        b'{"event": "step", "step": 3, "epoch": 1e999}\n',
        b"[" * 100_000 + b"\n",
        b"\xff\xfe\n",
    ],
)
def test_damaged_events_damage_nothing_else(make: Make, events: bytes) -> None:
    run = make()
    (run.folder / "events.jsonl").write_bytes(events)
    assert state.read_state(run.folder).epoch == 0
    (run.folder / "events.jsonl").unlink()
    (run.folder / "events.jsonl").mkdir()
    assert state.read_state(run.folder).step == 0
    (run.folder / "queued.json").write_bytes(b"[" * 100_000)
    assert state.read_state(run.folder).status in ("queued", "new")


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the system keeps the moment itself")
def test_a_process_is_known_by_a_moment_that_setting_the_clock_does_not_move() -> None:
    before = time.clock_gettime(time.CLOCK_BOOTTIME)
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    try:
        moment = state.start_moment(child.pid)
        assert moment is not None
        assert before - 1 < moment < time.clock_gettime(time.CLOCK_BOOTTIME) + 1
    finally:
        child.communicate(b"\n")
    assert state.start_moment(child.pid) is None

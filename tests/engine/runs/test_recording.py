"""Runs trained into their folders: stopped, killed, damaged, refused by the disk, gone on with."""

import errno
import json
import os
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from engine.errors import InputError
from engine.runs import checkpoints, state, writing
from engine.runs.checkpoints import find_checkpoint, list_checkpoints, load_checkpoint, load_latest
from engine.runs.events import read_events
from engine.runs.folder import Run
from engine.runs.recording import record
from engine.runs.tensorboard import FOLDER as TENSORBOARD

Make = Callable[..., Run]
CPU = torch.device("cpu")
TIMES = ("time", "images_per_s")


def curve(run: Run) -> list[dict]:
    """What was measured, without when and how fast."""
    events = read_events(run.folder)[0]
    return [{k: v for k, v in event.items() if k not in TIMES} for event in events]


def stop_after(events: int) -> Callable[[], bool]:
    """Asks to stop once that many steps and ends of epochs were written."""
    asked = iter(range(1, 10_000))
    return lambda: next(asked) >= events


def last_weights(run: Run) -> dict[str, torch.Tensor]:
    return load_checkpoint(find_checkpoint(run.folder).path).tensors


def test_a_finished_run_holds_everything(trained: Run):
    events = curve(trained)
    begin, *after = events
    assert begin == {
        "event": "begin",
        "step": 0,
        "steps_per_epoch": 4,
        "train_images": 200,
        "validation_images": 179,
        "params": 64 * 8 + 8 + 8 * 10 + 10,
    }
    assert [event["event"] for event in after] == (["step"] * 4 + ["epoch"]) * 3
    assert [c.epoch for c in list_checkpoints(trained.folder)] == [0, 1, 2, 3]
    found = state.read_state(trained.folder)
    assert (found.status, found.step, found.epoch) == ("finished", 12, 3)
    assert not list(trained.folder.rglob("*.part"))
    assert not (trained.folder / "reserve").exists()


@pytest.mark.parametrize("events", [1, 4, 5, 6])
def test_stopped_and_gone_on_with_is_as_never_stopped(make: Make, trained: Run, events: int):
    run = make()
    assert record(run.folder, CPU, stop_after(events)) == "stopped"
    assert state.read_state(run.folder).status == "stopped"
    assert record(run.folder, CPU) == "finished"
    assert curve(run) == curve(trained)
    assert all(torch.equal(t, last_weights(trained)[k]) for k, t in last_weights(run).items())


def test_a_stop_file_stops_it_too(make: Make):
    run = make()
    seen = []

    def touch() -> bool:
        seen.append(1)
        (run.folder / state.STOP_FILE).touch()
        return False

    assert record(run.folder, CPU, touch) == "stopped"
    assert len(seen) == 1
    assert record(run.folder, CPU) == "finished"  # the file of last time means nothing


def test_a_finished_run_is_not_trained_further(trained: Run):
    before = curve(trained)
    assert record(trained.folder, CPU) == "finished"
    assert curve(trained) == before


def test_damaged_checkpoints_are_passed_over(make: Make, trained: Run):
    run = make()
    record(run.folder, CPU, stop_after(11))
    damaged = list_checkpoints(run.folder)[-2:]
    damaged[0].path.write_bytes(damaged[0].path.read_bytes()[:500])
    damaged[1].path.write_bytes(b"")
    latest = load_latest(run.folder)
    assert latest is not None
    assert latest.facts["position"]["epoch"] == 1
    record(run.folder, CPU)
    assert curve(run) == curve(trained)


def test_without_any_checkpoint_it_begins_anew(make: Make, trained: Run):
    run = make()
    record(run.folder, CPU, stop_after(6))
    for each in list_checkpoints(run.folder):
        each.path.unlink()
    record(run.folder, CPU)
    assert curve(run) == curve(trained)


def test_leftovers_of_a_killed_process_are_swept(make: Make):
    run = make()
    left = run.folder / "checkpoints" / f"epoch-0001.safetensors.1234{writing.PART}"
    left.write_bytes(bytes(10))
    record(run.folder, CPU)
    assert not left.exists()


@pytest.mark.parametrize("content", [b"", b"{}", bytes(8), b"\x02\0\0\0\0\0\0\0{}"])
def test_a_file_that_is_no_checkpoint_is_a_sentence(tmp_path: Path, content: bytes):
    path = tmp_path / "epoch-0001-step-000004.safetensors"
    path.write_bytes(content)
    with pytest.raises(InputError, match="missing or damaged"):
        load_checkpoint(path)


def test_an_epoch_that_is_not_there_is_a_sentence(trained: Run):
    with pytest.raises(InputError, match="it has 0, 1, 2, 3"):
        find_checkpoint(trained.folder, 9)
    assert find_checkpoint(trained.folder, 2).step == 8


def test_a_loss_that_is_no_number_ends_the_run_with_a_sentence(make: Make):
    deep = {"depth": 12, "init": "he", "activation": "leaky_relu"}
    run = make(net=deep, optimiser="momentum", learning_rate=100.0, schedule="constant", epochs=9)
    with pytest.raises(InputError, match="Lower the learning rate"):
        record(run.folder, CPU)
    found = state.read_state(run.folder)
    assert found.status == "diverged"
    assert found.sentence is not None
    assert "학습률" in found.sentence["ko"]


def test_two_processes_never_train_one_run(make: Make):
    run = make()
    with state.hold_run(run.folder), pytest.raises(InputError, match="being trained"):
        record(run.folder, CPU)
    assert record(run.folder, CPU) == "finished"


def test_a_full_disk_is_a_sentence_and_nothing_is_lost(
    make: Make, trained: Run, monkeypatch: pytest.MonkeyPatch
):
    run = make()
    save, calls = checkpoints.write_atomically, []

    def full(path: Path, content: bytes) -> None:
        calls.append(path)
        if len(calls) == 3:
            with writing.report_disk(path.parent):
                raise OSError(errno.ENOSPC, "No space left on device")
        save(path, content)

    with monkeypatch.context() as patched:
        patched.setattr(checkpoints, "write_atomically", full)
        with pytest.raises(InputError, match="disk is full"):
            record(run.folder, CPU)
    found = state.read_state(run.folder)
    assert found.status == "failed"
    assert found.sentence is not None
    assert "disk is full" in found.sentence["en"]
    assert [c.epoch for c in list_checkpoints(run.folder)] == [0, 1]
    record(run.folder, CPU)
    assert curve(run) == curve(trained)


@pytest.mark.parametrize("limit", [100, 1_000, 5_000, 8_000])
def test_a_disk_that_refuses_for_real(make: Make, trained: Run, limit: int):
    """A limit on the size of files makes the system itself refuse, wherever that hits."""
    run = make()
    assert limit < max(p.stat().st_size for p in trained.folder.rglob("*") if p.is_file())
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
    try:
        with pytest.raises(InputError, match="disk is full"):
            record(run.folder, CPU)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert state.read_state(run.folder).status in ("failed", "new" if limit == 100 else "failed")
    record(run.folder, CPU)
    assert curve(run) == curve(trained)


def test_a_run_that_lost_its_worker_is_interrupted(make: Make):
    run = make()
    gone = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    state.write_worker(run.folder, gone.pid, "", training=True)
    assert state.read_state(run.folder).status == "running"
    gone.kill()
    gone.communicate()
    assert state.read_state(run.folder).status == "interrupted"


def test_a_number_that_was_given_again_is_not_the_worker(make: Make):
    run = make()
    state.write_worker(run.folder, os.getpid(), "", training=True)
    assert state.worker_pid(run.folder) == os.getpid()
    worker = json.loads((run.folder / state.WORKER_FILE).read_text())
    writing.write_json(run.folder / state.WORKER_FILE, {**worker, "started": "1"})
    assert state.worker_pid(run.folder) is None
    for broken in ("", "[]", '{"pid": -1, "started": "1"}', '{"pid": "7"}'):
        (run.folder / state.WORKER_FILE).write_text(broken)
        assert state.worker_pid(run.folder) is None


def test_tensorboard_reads_the_same_numbers(make: Make, trained: Run):
    run = make()
    record(run.folder, CPU, stop_after(6))
    record(run.folder, CPU)
    reader = EventAccumulator(str(run.folder / TENSORBOARD))
    reader.Reload()
    events = read_events(run.folder)[0]
    steps = [(e["step"], pytest.approx(e["loss"])) for e in events if e["event"] == "step"]
    assert [(e.step, e.value) for e in reader.Scalars("batch/loss")] == steps
    accuracies = [e["validation"]["accuracy"] for e in events if e["event"] == "epoch"]
    found = [e.value for e in reader.Scalars("accuracy/validation")]
    assert found == pytest.approx(accuracies)
    assert "weights/hidden.0.linear" in reader.Tags()["histograms"]


def test_atomic_writing_leaves_the_old_file_where_it_cannot(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    path = tmp_path / "file"
    writing.write_atomically(path, b"old")

    def refuse(handle: int) -> None:
        raise OSError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(InputError, match="Permission denied"):
        writing.write_atomically(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]

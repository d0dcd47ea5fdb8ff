"""events.jsonl: read while it is written, cut short, edited by hand."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.runs.events import EVENTS_FILE, EventLog, cut_after, describe, read_events
from engine.train.loop import Step


def step(number: int, epoch: int = 1) -> dict:
    return describe(Step(number, epoch, 0.5, 0.25, 0.1, 100.0))


def write(folder: Path, events: list[dict]) -> None:
    log = EventLog(folder)
    for event in events:
        log.append(event)
    log.close()


def test_no_file_is_no_events(tmp_path: Path):
    assert read_events(tmp_path) == ([], 0)
    assert cut_after(tmp_path, 5, 1) == []


def test_what_is_appended_is_there_at_once(tmp_path: Path):
    log, place = EventLog(tmp_path), 0
    for number in range(1, 4):
        log.append(step(number))
        found, place = read_events(tmp_path, place)
        assert found == [step(number)]
    log.close()
    assert read_events(tmp_path, place) == ([], place)


def test_a_step_says_what_it_is():
    assert step(2) == {
        "event": "step", "step": 2, "epoch": 1, "loss": 0.5,
        "accuracy": 0.25, "lr": 0.1, "images_per_s": 100.0,
    }  # fmt: skip


def test_what_is_no_number_becomes_null(tmp_path: Path):
    write(tmp_path, [{"event": "step", "loss": float("nan"), "of": [float("inf"), (1.0,)]}])
    text = (tmp_path / EVENTS_FILE).read_text()
    assert json.loads(text) == {"event": "step", "loss": None, "of": [None, [1.0]]}


@pytest.mark.parametrize("cut", range(1, 40, 7))
def test_a_line_cut_short_is_passed_over_and_the_next_one_is_whole(tmp_path: Path, cut: int):
    write(tmp_path, [step(1), step(2)])
    path = tmp_path / EVENTS_FILE
    path.write_bytes(path.read_bytes()[:-cut])
    found, place = read_events(tmp_path)
    assert found == [step(1)]
    write(tmp_path, [step(3)])
    kept = [step(1), step(2), step(3)] if cut == 1 else [step(1), step(3)]
    assert read_events(tmp_path)[0] == kept
    assert read_events(tmp_path, place)[0] == kept[1:]


@given(noise=st.lists(st.binary(max_size=30), max_size=4))
def test_lines_of_any_kind_lose_no_others(tmp_path_factory: pytest.TempPathFactory, noise: list):
    folder = tmp_path_factory.mktemp("noise")
    lines = [json.dumps(step(1)).encode(), *noise, b"7", b"{}", json.dumps(step(2)).encode()]
    (folder / EVENTS_FILE).write_bytes(b"\n".join(lines) + b"\n")
    assert read_events(folder)[0] == [step(1), step(2)]


def test_cutting_keeps_what_will_not_be_done_again(tmp_path: Path):
    end = {"event": "epoch", "epoch": 1, "step": 2}
    events = [step(1), step(2), end, step(3, 2), step(4, 2), {**end, "epoch": 2, "step": 4}]
    write(tmp_path, events)
    assert cut_after(tmp_path, 4, 1) == events[:5]
    assert cut_after(tmp_path, 3, 1) == events[:4] == read_events(tmp_path)[0]
    assert cut_after(tmp_path, 0, 0) == []
    assert not (tmp_path / "events.before-resume.jsonl").exists()


def test_before_unreadable_lines_are_dropped_they_are_copied(tmp_path: Path):
    text = json.dumps(step(1)).encode() + b"\nmy own remark\n"
    (tmp_path / EVENTS_FILE).write_bytes(text)
    assert cut_after(tmp_path, 1, 0) == [step(1)]
    assert (tmp_path / "events.before-resume.jsonl").read_bytes() == text


def test_a_file_that_became_shorter_is_read_anew(tmp_path: Path):
    write(tmp_path, [step(1), step(2)])
    _, place = read_events(tmp_path)
    cut_after(tmp_path, 1, 0)
    assert read_events(tmp_path, place)[0] == [step(1)]

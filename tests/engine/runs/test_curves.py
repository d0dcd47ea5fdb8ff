"""Curves are what the events say, however they are read: at once, bit by bit, after a cut."""

import json
from pathlib import Path

import numpy as np
import pytest

from engine.runs.curves import MOST_POINTS, CurveReader
from engine.runs.events import EVENTS_FILE, cut_after, read_events
from engine.runs.folder import Run


def step(number: int, loss: float | None = 1.0) -> dict:
    rate, accuracy = 0.1, 0.5
    return {
        "event": "step",
        "step": number,
        "epoch": 1,
        "loss": loss,
        "accuracy": accuracy,
        "lr": rate,
        "images_per_s": 10.0 * number,
    }


def write(folder: Path, *events: dict) -> None:
    with (folder / EVENTS_FILE).open("a") as file:
        file.writelines(f"{json.dumps(event)}\n" for event in events)


def test_no_events_are_empty_curves(tmp_path: Path):
    curves = CurveReader(tmp_path).read()
    assert curves.steps.shape == (0, 4)
    assert curves.epochs.shape == (0, 5)
    assert (curves.images_per_s, curves.steps_per_epoch) == (0.0, None)


def test_a_run_gives_its_own_numbers(trained: Run):
    reader = CurveReader(trained.folder)
    curves = reader.read()
    events, _ = read_events(trained.folder)
    steps = [(e["step"], e["loss"], e["accuracy"], e["lr"]) for e in events if e["event"] == "step"]
    np.testing.assert_array_equal(curves.steps, np.array(steps, np.float32))
    ends = [e for e in events if e["event"] == "epoch"]
    rows = [
        (e["epoch"], e["loss"], e["accuracy"], *(e["validation"][k] for k in ("loss", "accuracy")))
        for e in ends
    ]
    np.testing.assert_array_equal(curves.epochs, np.array(rows, np.float32))
    assert curves.steps_per_epoch == 4
    assert reader.epoch(2) == ends[1]
    assert reader.epoch(9) is None


def test_reading_on_is_as_reading_at_once(tmp_path: Path):
    reader = CurveReader(tmp_path)
    for number in range(1, 8):
        write(tmp_path, step(number, loss=number / 7))
        reader.read()
    at_once = CurveReader(tmp_path).read()
    np.testing.assert_array_equal(reader.read().steps, at_once.steps)
    assert len(at_once.steps) == 7
    assert reader.read().images_per_s == 70


def test_a_run_taken_up_from_earlier_is_read_anew(tmp_path: Path):
    reader = CurveReader(tmp_path)
    write(tmp_path, *(step(n) for n in range(1, 6)))
    assert len(reader.read().steps) == 5
    cut_after(tmp_path, step=2, epoch=0)
    write(tmp_path, *(step(n, loss=0.25) for n in range(3, 9)))
    steps = reader.read().steps
    assert steps[:, 0].tolist() == list(range(1, 9))
    assert steps[2, 1] == 0.25


def test_what_was_not_finite_or_broken_by_hand_is_no_number(tmp_path: Path):
    write(tmp_path, step(1, loss=None), {"event": "step", "step": "two"}, {"event": "epoch"})
    with (tmp_path / EVENTS_FILE).open("a") as file:
        file.write("{broken\n")
    write(tmp_path, step(3))
    steps = CurveReader(tmp_path).read().steps
    assert np.isnan(steps[0, 1])
    assert np.isnan(steps[1]).all()
    assert steps[2, 0] == 3


@pytest.mark.parametrize("count", [MOST_POINTS, MOST_POINTS + 1, 2 * MOST_POINTS + 7])
def test_long_runs_are_thinned_by_means(tmp_path: Path, count: int):
    losses = np.random.default_rng(count).random(count)
    write(tmp_path, *(step(n + 1, loss=float(losses[n])) for n in range(count)))
    curves = CurveReader(tmp_path).read()
    every = curves.steps_per_point
    assert every == -(-count // MOST_POINTS)
    assert len(curves.steps) <= MOST_POINTS
    assert curves.steps[-1, 0] == count
    groups = [losses[i : i + every].mean() for i in range(0, count, every)]
    np.testing.assert_allclose(curves.steps[:, 1], groups, rtol=1e-5)


def epoch(number: int, loss: float | None) -> dict:
    validation = {"loss": loss, "accuracy": 0.5, "parts": {}}
    return {
        "event": "epoch",
        "epoch": number,
        "loss": 1.0,
        "accuracy": 0.5,
        "validation": validation,
    }


@pytest.mark.parametrize(
    ("losses", "best"),
    [([], None), ([2, 1, 3], 2), ([1, 1], 1), ([None, 5, None], 2), ([None], None)],
)
def test_the_best_epoch_is_the_first_of_least_validation_loss(
    tmp_path: Path, losses: list, best: int | None
):
    write(tmp_path, *(epoch(k + 1, loss) for k, loss in enumerate(losses)))
    assert CurveReader(tmp_path).read().best_epoch == best

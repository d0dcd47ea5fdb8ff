"""A run's curves out of its events, read on from where the last reading ended. No torch."""

import math
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from engine.runs.events import EVENTS_FILE, read_events

MOST_POINTS = 1500
_STEP_COLUMNS = ("step", "loss", "accuracy", "lr")


@dataclass(frozen=True, eq=False)
class Curves:
    """What has been measured in a run so far.

    Attributes:
        steps: float32 (n, 4): step, loss, accuracy, learning rate. Of long runs each row stands
            for ``steps_per_point`` steps: the last step's number and rate, the others' means.
        epochs: float32 (m, 5): epoch, loss and accuracy in training, loss and accuracy in
            validation.
        part_names: of the losses that the loss is made of, where there are several; else empty.
        step_parts: float32 (n, parts), at the steps, thinned as they are.
        epoch_parts: float32 (m, parts), in validation.
        steps_per_point: >= 1.
        images_per_s: of the last step, 0 before it.
        beginning: what was written before the first step ("steps_per_epoch", "train_images",
            "validation_images", "params"); empty before that.
    """

    steps: np.ndarray
    epochs: np.ndarray
    part_names: tuple[str, ...]
    step_parts: np.ndarray
    epoch_parts: np.ndarray
    steps_per_point: int
    images_per_s: float
    beginning: dict[str, int]

    @property
    def steps_per_epoch(self) -> int | None:
        """Updates in an epoch, where they are known."""
        return self.beginning.get("steps_per_epoch")


class CurveReader:
    """Reads what is new in a run's events at each call, since a run may have very many."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._forget()

    def _forget(self) -> None:
        self._file: int | None = None
        self._offset = 0
        self._steps: list[tuple[float, ...]] = []
        self._epochs: dict[int, dict[str, Any]] = {}
        self._parts: tuple[str, ...] = ()
        self._images_per_s = 0.0
        self._beginning: dict[str, int] = {}

    def read(self) -> Curves:
        """The curves as they are now."""
        self._catch_up()
        rows = np.array(self._steps, np.float32).reshape(-1, 4 + len(self._parts))
        every = max(1, -(-len(rows) // MOST_POINTS))
        steps, parts = np.split(_thin(rows, every), [4], axis=1)
        epochs = [_epoch_row(event, self._parts) for _, event in sorted(self._epochs.items())]
        held, held_parts = np.split(
            np.array(epochs, np.float32).reshape(-1, 5 + len(self._parts)), [5], axis=1
        )
        return Curves(
            steps=steps,
            epochs=held,
            part_names=self._parts,
            step_parts=parts,
            epoch_parts=held_parts,
            steps_per_point=every,
            images_per_s=self._images_per_s,
            beginning=self._beginning,
        )

    def epoch(self, number: int) -> dict[str, Any] | None:
        """All that was written at the end of an epoch; None where it has not ended."""
        self._catch_up()
        return self._epochs.get(number)

    def _catch_up(self) -> None:
        try:
            found = os.stat(self._folder / EVENTS_FILE)
        except FileNotFoundError:
            self._forget()
            return
        if found.st_ino != self._file or found.st_size < self._offset:  # taken up from earlier
            self._forget()
            self._file = found.st_ino
        events, self._offset = read_events(self._folder, self._offset)
        for event in events:
            if event["event"] == "epoch" and isinstance(event.get("epoch"), int):
                self._epochs[event["epoch"]] = event
            elif event["event"] == "step":
                parts = _mapping(event.get("parts"))
                self._parts = self._parts or tuple(parts)  # a task's are the same at each step
                self._steps.append(
                    (
                        *(_number(event.get(name)) for name in _STEP_COLUMNS),
                        *(_number(parts.get(name)) for name in self._parts),
                    )
                )
                self._images_per_s = _number(event.get("images_per_s"))
            elif event["event"] == "begin":
                self._beginning = {k: v for k, v in event.items() if isinstance(v, int) and v > 0}


def _number(value: Any) -> float:
    """A number, or NaN for what was not finite or is none."""
    return float(value) if isinstance(value, int | float) else math.nan


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _epoch_row(event: dict[str, Any], names: tuple[str, ...]) -> tuple[float, ...]:
    held = _mapping(event.get("validation"))
    parts = _mapping(held.get("parts"))
    return (
        _number(event.get("epoch")),
        _number(event.get("loss")),
        _number(event.get("accuracy")),
        _number(held.get("loss")),
        _number(held.get("accuracy")),
        *(_number(parts.get(name)) for name in names),
    )


def _thin(rows: np.ndarray, every: int) -> np.ndarray:
    """Groups of ``every`` rows: losses and accuracy as means, the rest from the last row."""
    if every == 1 or not len(rows):
        return rows
    starts = np.arange(0, len(rows), every)
    ends = np.minimum(starts + every, len(rows))
    thinned = rows[ends - 1].copy()
    meant = [1, 2, *range(len(_STEP_COLUMNS), rows.shape[1])]
    sums = np.add.reduceat(rows[:, meant].astype(np.float64), starts)
    thinned[:, meant] = sums / (ends - starts)[:, None]
    return thinned

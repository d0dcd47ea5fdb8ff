"""A run's curves out of its events, read on from where the last reading ended. No torch."""

import os
import threading
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, TypeGuard

import numpy as np

from engine.runs.events import EVENTS_FILE
from engine.runs.step_lines import COLUMNS, as_mapping, as_number, parse_line, take_apart

MOST_POINTS = 1500
_CHUNK_BYTES = 2**18  # some 1,500 steps: other threads have their turn in between
_MOST_EPOCHS = 100_000
_EPOCH_BYTES = 1000  # of what is kept of an epoch, about


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
    def best_epoch(self) -> int | None:
        """The epoch of least validation loss, the earlier of equals; None before there is one.

        It is what early stopping goes by.
        """
        losses = np.where(np.isfinite(self.epochs[:, 3]), self.epochs[:, 3], np.inf)
        if not np.isfinite(losses).any():
            return None
        return int(self.epochs[losses.argmin(), 0])

    @property
    def steps_per_epoch(self) -> int | None:
        """Updates in an epoch, where they are known."""
        return self.beginning.get("steps_per_epoch")


class CurveReader:
    """Reads what is new in a run's events at each call, since a run may have very many.

    Safe to use from several threads; a reader that is busy holds up no other one.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._forget()

    def _forget(self) -> None:
        self._file: int | None = None
        self._offset = 0
        self._steps = _Rows()
        self._epochs: dict[int, dict[str, Any]] = {}  # what curves need of each
        self._places: dict[int, int] = {}  # where in the file the rest of it is
        self._parts: tuple[str, ...] | None = None
        self._beginning: dict[str, int] = {}

    def read(self) -> Curves:
        """The curves as they are now."""
        with self._lock:
            self._catch_up()
            return self._make()

    def epoch(self, number: int) -> dict[str, Any] | None:
        """All that was written at the end of an epoch; None where it has not ended."""
        with self._lock:
            self._catch_up()
            place = self._places.get(number)
        if place is None:
            return None
        with suppress(OSError), (self._folder / EVENTS_FILE).open("rb") as file:
            file.seek(place)
            return parse_line(file.readline())
        return None

    def count_bytes(self) -> int:
        """Memory that the reader holds."""
        return self._steps.held_bytes + len(self._epochs) * _EPOCH_BYTES

    def _make(self) -> Curves:
        parts = self._parts or ()
        rows = self._steps.rows
        every = max(1, -(-len(rows) // MOST_POINTS))
        steps, rates, step_parts = np.split(_thin(rows, every), [4, 5], axis=1)
        epochs = [_epoch_row(event, parts) for _, event in sorted(self._epochs.items())]
        held, held_parts = np.split(
            np.array(epochs, np.float64).reshape(-1, 5 + len(parts)), [5], axis=1
        )
        return Curves(
            steps=_single(steps),
            epochs=_single(held),
            part_names=parts,
            step_parts=_single(step_parts),
            epoch_parts=_single(held_parts),
            steps_per_point=every,
            images_per_s=float(rates[-1, 0]) if len(rates) else 0.0,
            beginning=self._beginning,
        )

    def _catch_up(self) -> None:
        try:
            found = os.stat(self._folder / EVENTS_FILE)
            with (self._folder / EVENTS_FILE).open("rb") as file:
                if found.st_ino != self._file or found.st_size < self._offset:
                    self._forget()  # taken up from earlier
                    self._file = found.st_ino
                self._read_on(file)
        except OSError:  # there is none, or none that can be read
            self._forget()

    def _read_on(self, file: BinaryIO) -> None:
        file.seek(self._offset)
        rest = b""
        while chunk := file.read(_CHUNK_BYTES):
            lines, end, rest = (rest + chunk).rpartition(b"\n")
            if end:
                self._take(lines + end)

    def _take(self, lines: bytes) -> None:
        found, names = take_apart(lines, self._parts)
        if len(found.steps):
            self._parts = names
            self._steps.add(found.steps)
        for at, event in found.others:
            epoch = event.get("epoch")
            if event["event"] == "epoch" and _is_count(epoch) and epoch <= _MOST_EPOCHS:
                self._epochs[epoch] = _of_curves(event)
                self._places[epoch] = self._offset + at
            elif event["event"] == "begin":
                self._beginning = {k: v for k, v in event.items() if _is_count(v) and v > 0}
        self._offset += len(lines)


class _Rows:
    """Rows of numbers, to which more are added: float32, since they are many."""

    def __init__(self) -> None:
        self._held = np.zeros((0, 5), np.float32)
        self._count = 0

    @property
    def rows(self) -> np.ndarray:
        """float32 (n, columns)."""
        return self._held[: self._count]

    @property
    def held_bytes(self) -> int:
        """Memory of the rows, and of the room for more."""
        return self._held.nbytes

    def add(self, rows: np.ndarray) -> None:
        """Adds float64 (m, columns); as many columns as there have been."""
        wanted = self._count + len(rows)
        if wanted > len(self._held):
            grown = np.zeros((max(wanted, 2 * len(self._held)), rows.shape[1]), np.float32)
            grown[: self._count] = self.rows if self._count else 0
            self._held = grown
        self._held[self._count : wanted] = _single(rows)
        self._count = wanted


def _single(values: np.ndarray) -> np.ndarray:
    """float32; what is too large for it is infinite."""
    with np.errstate(over="ignore"):
        return values.astype(np.float32)


def _is_count(value: Any) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**53


def _of_curves(event: dict[str, Any]) -> dict[str, Any]:
    """An epoch's event without its histograms and tables, which are large."""
    held = as_mapping(event.get("validation"))
    short = {name: held.get(name) for name in ("loss", "accuracy", "parts")}
    kept = {name: event.get(name) for name in ("epoch", "loss", "accuracy")}
    return {**kept, "validation": short}


def _epoch_row(event: dict[str, Any], names: tuple[str, ...]) -> tuple[float, ...]:
    held = event["validation"]
    parts = as_mapping(held["parts"])
    row = (event["epoch"], event["loss"], event["accuracy"], held["loss"], held["accuracy"])
    return tuple(as_number(each) for each in (*row, *(parts.get(name) for name in names)))


def _thin(rows: np.ndarray, every: int) -> np.ndarray:
    """Groups of ``every`` rows: losses and accuracy as means, the rest from the last row."""
    if every == 1 or not len(rows):
        return rows
    starts = np.arange(0, len(rows), every)
    ends = np.minimum(starts + every, len(rows))
    thinned = rows[ends - 1].copy()
    meant = [1, 2, *range(len(COLUMNS) + 1, rows.shape[1])]  # not the images a second
    sums = np.add.reduceat(rows[:, meant].astype(np.float64), starts)
    thinned[:, meant] = sums / (ends - starts)[:, None]
    return thinned

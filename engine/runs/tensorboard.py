"""TensorBoard's event file of a run, made of the same events as events.jsonl.

Source: TensorBoard's own record writer and messages. Written without ``SummaryWriter``, which has
a thread of its own: a full disk would be noticed there, and not by whoever writes.
"""

import io
import math
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

# The messages are made while their modules are imported, where no type checker sees them.
from tensorboard.compat.proto.event_pb2 import Event  # pyright: ignore[reportAttributeAccessIssue]
from tensorboard.compat.proto.summary_pb2 import (  # pyright: ignore[reportAttributeAccessIssue]
    HistogramProto,  # pyright: ignore[reportAttributeAccessIssue]
    Summary,  # pyright: ignore[reportAttributeAccessIssue]
)
from tensorboard.summary.writer.record_writer import RecordWriter

from engine.runs.writing import append_whole, report_disk

FOLDER = "tensorboard"
_FILE = "events.out.tfevents.0000000001.fovea"


class TensorBoardLog:
    """Writes a run's TensorBoard file anew from the events so far, then appends.

    Raises:
        InputError: the disk is full or refuses.
    """

    def __init__(self, folder: Path, events: list[dict[str, Any]]) -> None:
        self._folder = folder
        with report_disk(folder):
            (folder / FOLDER).mkdir(exist_ok=True)
            self._file = (folder / FOLDER / _FILE).open("wb", buffering=0)
        self._write(Event(wall_time=time.time(), file_version="brain.Event:2"))
        for event in events:
            self.append(event)

    def append(self, event: dict[str, Any]) -> None:
        """Writes a step's or an epoch's event; others say nothing to TensorBoard."""
        kinds = {"step": _step_values, "epoch": _epoch_values}
        if event["event"] in kinds:
            summary = Summary(value=list(kinds[event["event"]](event)))
            now = event.get("time", time.time())
            self._write(Event(wall_time=now, step=event["step"], summary=summary))

    def _write(self, event: Event) -> None:
        record = io.BytesIO()
        RecordWriter(record).write(event.SerializeToString())
        with report_disk(self._folder):
            append_whole(self._file, record.getvalue())

    def close(self) -> None:
        """Closes the file."""
        self._file.close()


def _scalar(tag: str, value: float | None) -> Summary.Value:
    return Summary.Value(tag=tag, simple_value=math.nan if value is None else value)


def _step_values(event: dict[str, Any]) -> Iterator[Summary.Value]:
    yield _scalar("batch/loss", event["loss"])
    yield _scalar("batch/accuracy", event["accuracy"])
    yield _scalar("learning_rate", event["lr"])
    yield _scalar("images_per_s", event["images_per_s"])


def _epoch_values(event: dict[str, Any]) -> Iterator[Summary.Value]:
    for part, values in (("train", event), ("validation", event["validation"])):
        yield _scalar(f"loss/{part}", values["loss"])
        yield _scalar(f"accuracy/{part}", values["accuracy"])
    for layer, facts in event["layers"].items():
        for what, size in (("weights", "weight_norm"), ("gradients", "gradient_norm")):
            if facts[what] is not None:
                yield _scalar(f"{size}/{layer}", facts[size])
                yield Summary.Value(tag=f"{what}/{layer}", histo=_histogram(facts[what]))


def _histogram(facts: dict[str, Any]) -> HistogramProto:
    low, high, counts = facts["low"] or 0.0, facts["high"] or 0.0, list(facts["counts"])
    width = (high - low) / len(counts)
    middles = [low + (i + 0.5) * width for i in range(len(counts))]
    return HistogramProto(
        min=low,
        max=high,
        num=sum(counts),
        sum=sum(c * m for c, m in zip(counts, middles, strict=True)),
        sum_squares=sum(c * m * m for c, m in zip(counts, middles, strict=True)),
        bucket_limit=[low + (i + 1) * width for i in range(len(counts))],
        bucket=counts,
    )

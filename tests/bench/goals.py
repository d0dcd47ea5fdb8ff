"""How soon a training from a page's first settings is good enough; loading and measuring included.

As a worker trains: its threads, its seed, one process.
"""

import time
from collections.abc import Iterator

import torch

from engine.runs.workers import thread_settings
from engine.serving.detectnet.compute import own_training
from engine.train.feeding import load_learning_data
from engine.train.loop import EpochEnd, Training, train
from engine.train.settings import MASKED_SCENES, DataSettings, RunSettings, TrainSettings
from engine.trainable.net_settings import net_defaults
from tests.bench.numbers import table

HEAD = ("training", "figure", "goal", "s to it", "epoch", "s, all", "at the end", "target")
NOTES = "s: from the start of the data's loading, each epoch's validation included."


def run(samples: int) -> str:
    """The table; ``samples`` is not used: a training is deterministic."""
    torch.set_num_threads(int(thread_settings()["OMP_NUM_THREADS"]))
    rows = [
        _row("DetectNet on drawn scenes", "AP50", 0.5, 90, own_training(1.0, "l2", 3e-3, 12)),
        _row("U-Net on scenes with masks", "mIoU", 0.6, 120, _segmenter()),
    ]
    return table("Goals of trainings", HEAD, rows, NOTES)


def _segmenter() -> RunSettings:
    """As the Training studio sets it once U-Net is chosen."""
    train = TrainSettings(epochs=10, batch_size=8, learning_rate=0.01, schedule="one_cycle")
    return RunSettings(DataSettings(MASKED_SCENES), net_defaults("unet"), train)


def _row(title: str, figure: str, goal: float, limit_s: float, settings: RunSettings) -> list[str]:
    ends = list(_ends(settings))
    found = [(second, end) for second, end in ends if end.validation.accuracy >= goal]
    reached = [f"{found[0][0]:.0f}", str(found[0][1].epoch)] if found else ["–", "–"]
    met = "met" if found and found[0][0] <= limit_s else "NOT MET"
    last_s, last = ends[-1]
    numbers = [f"{last_s:.0f}", f"{last.validation.accuracy:.3f}"]
    return [title, figure, str(goal), *reached, *numbers, f"≤ {limit_s:.0f} s  {met}"]


def _ends(settings: RunSettings) -> Iterator[tuple[float, EpochEnd]]:
    """Each epoch's end, and the seconds since everything began."""
    begun = time.perf_counter()
    training = Training(settings, load_learning_data(settings), torch.device("cpu"))
    for event in train(training):
        if isinstance(event, EpochEnd):
            yield time.perf_counter() - begun, event

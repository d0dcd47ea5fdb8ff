"""Training: what yielding, logging and checkpoints cost, the first step, how soon it has learnt.

The bare loop does the same learning and the same validation, and writes nothing.
"""

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import torch
from torch.nn import functional as F

from engine.runs import state
from engine.runs.checkpoints import saving
from engine.runs.events import EventLog, describe, read_events
from engine.runs.folder import create_run
from engine.runs.tensorboard import TensorBoardLog
from engine.runs.workers import Workers, thread_settings
from engine.train.feeding import load_learning_data
from engine.train.learning_data import LearningData, normalise
from engine.train.loop import EpochEnd, Step, Training, train
from engine.train.measuring import autocast, predict
from engine.train.settings import DataSettings, RunSettings, TrainSettings
from engine.train.snapshot import Snapshot, capture
from engine.trainable.net_settings import net_defaults
from tests.bench.clock import clock, devices
from tests.bench.numbers import Target, ms, p50, table

OVERHEAD = Target(1.05, "≤ 1.05")
FIRST_STEP = Target(6.0, "≤ 6 s")
ENDLESS = 10_000

DIGITS = RunSettings(
    data=DataSettings("digits"),
    net=replace(net_defaults("lenet"), dropout=0.2),
    train=TrainSettings(epochs=20, batch_size=32, learning_rate=3e-3, schedule="one_cycle"),
)
SHAPES = RunSettings(
    data=DataSettings("shapes32", per_class=2000, validation_share=0.1),
    net=replace(net_defaults("small_vgg"), width=8),
    train=TrainSettings(epochs=2, batch_size=32, learning_rate=6e-3, schedule="one_cycle"),
)
# Settings, the validation accuracy wanted, and within how many seconds of the first step.
GOALS = ((SHAPES, 0.95, Target(15.0, "≤ 15 s")), (DIGITS, 0.97, Target(20.0, "≤ 20 s")))


def run(samples: int) -> str:
    """Three tables: cost against a bare loop, time to the first step, time to learn.

    With as many threads as a worker has.
    """
    torch.set_num_threads(int(thread_settings()["OMP_NUM_THREADS"]))
    rows = [row for device in devices() for row in _cost_rows(samples, device)]
    head = ("an epoch of", "device", "n", "images/s bare", "p50 ms", "yielded ÷", "recorded ÷", "")
    notes = "yielded: train(); recorded: with both logs and a checkpoint too; ÷ bare, each with"
    cost = table("Cost of the loop", head, rows, f"{notes} validation.")
    return "\n".join([cost, _first_steps(), _learning()])


def _cost_rows(samples: int, device: torch.device) -> Iterator[list[str]]:
    large = replace(
        SHAPES, data=replace(SHAPES.data, per_class=1000), net=net_defaults("small_vgg")
    )
    for settings in (large, DIGITS):
        if device.type == "cuda":
            settings = replace(settings, train=replace(settings.train, batch_size=512))
        endless = replace(settings, train=replace(settings.train, epochs=ENDLESS))
        data = load_learning_data(endless)
        with tempfile.TemporaryDirectory() as place:
            folder = create_run(endless, Path(place)).folder
            with (
                closing(EventLog(folder)) as log,
                closing(TensorBoardLog(folder, [])) as board,
                saving(folder) as save,
            ):
                training = Training(endless, data, device)
                variants = {
                    "bare": _bare(endless, data, device),
                    "yielded": _yielded(Training(endless, data, device)),
                    "recorded": _recorded(training, folder, log, board, save),
                }
                times = clock(variants, min(samples, 8), device)
        count, bare = len(data.train_targets), p50(times["bare"])
        ratios = [p50(times[name]) / bare for name in ("yielded", "recorded")]
        yield [
            f"{settings.net.name}, {settings.data.name}, {count} images",
            device.type,
            str(len(times["bare"])),
            f"{count / bare * 1000:.0f}",
            ms(bare),
            *(f"{ratio:.3f}" for ratio in ratios),
            OVERHEAD.judge(ratios[1]),
        ]


def _bare(settings: RunSettings, data: LearningData, device: torch.device) -> Callable[[], object]:
    """An epoch as one would write it by hand, with losses read and the net validated."""
    holder = Training(settings, data, device)
    net, data, optimiser = holder.net, holder.data, holder.optimiser

    def epoch() -> None:
        order = torch.randperm(len(data.train_targets)).to(device)
        for indices in order.split(settings.train.batch_size):
            images, targets = data.train_images[indices], data.train_targets[indices]
            with autocast(device):
                logits = net(normalise(images, data.mean, data.std))
            loss = F.cross_entropy(logits.float(), targets)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            loss.item()
            (logits.argmax(1) == targets).float().mean().item()
        logits = predict(net, data.validation_images, data.mean, data.std)
        (logits.argmax(1) == data.validation_targets).float().mean().item()

    return epoch


def _yielded(training: Training) -> Callable[[], object]:
    events = train(training)
    return lambda: next(event for event in events if isinstance(event, EpochEnd))


def _recorded(
    training: Training,
    folder: Path,
    log: EventLog,
    board: TensorBoardLog,
    save: Callable[[Snapshot], None],
) -> Callable[[], object]:
    """An epoch as :mod:`engine.runs.recording` has it."""
    events = train(training)

    def epoch() -> None:
        for event in events:
            line = {**describe(event), "time": time.time()}
            log.append(line)
            board.append(line)
            (folder / state.STOP_FILE).exists()
            if isinstance(event, EpochEnd):
                save(capture(training))
                return

    return epoch


def _first_steps() -> str:
    rows = []
    for settings in (SHAPES, DIGITS):
        with tempfile.TemporaryDirectory() as place:
            workers = Workers(Path(place))
            workers.expect()
            workers.tick()
            time.sleep(25)  # as long as it may take to import torch on a busy machine
            run = create_run(settings, workers.root)
            begun = time.perf_counter()
            workers.submit(run)
            workers.tick()
            while not read_events(run.folder)[0]:
                time.sleep(0.02)
            taken = time.perf_counter() - begun
            while state.worker_alive(run.folder):
                workers.cancel(run)
                time.sleep(0.1)
            workers.tick()
            workers.close()
        title = f"{settings.net.name}, {settings.data.name}"
        rows.append([title, f"{taken:.2f}", FIRST_STEP.judge(taken)])
    return table("From Train to the first step, with a warm worker", ("run", "s", ""), rows)


def _learning() -> str:
    rows = []
    for settings, wanted, target in GOALS:
        training = Training(settings, load_learning_data(settings), torch.device("cpu"))
        begun, reached, accuracy = 0.0, float("inf"), 0.0
        for event in train(training):
            now = time.perf_counter()
            if isinstance(event, Step):
                begun = begun or now
            else:
                accuracy = event.validation.accuracy
                if accuracy >= wanted and reached == float("inf"):
                    reached = now - begun
        whole = time.perf_counter() - begun
        rows.append(
            [
                f"{settings.net.name}, {settings.data.name}, seed {settings.seed}",
                f"{wanted:.0%}",
                f"{reached:.1f}",
                f"{accuracy:.2%}",
                f"{whole:.1f}",
                target.judge(reached),
            ]
        )
    threads = f"{torch.get_num_threads()} threads, {os.cpu_count()} cores"
    head = ("run", "wanted", "reached after s", "at the end", "after s", "")
    return table("How soon it has learnt (validation accuracy)", head, rows, threads)

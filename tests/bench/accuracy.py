"""What each small network reaches on each installed data set from seed 0, one recipe a set."""

import time
from collections.abc import Iterator

import torch

from engine.runs.workers import thread_settings
from engine.train.feeding import load_learning_data
from engine.train.loop import EpochEnd, Training, train
from engine.train.settings import DataSettings, RunSettings, TrainSettings
from engine.trainable.net_settings import NETS, net_defaults
from tests.bench.numbers import table

RECIPES = {
    "digits": (DataSettings("digits"), 20),
    "faces": (DataSettings("faces"), 20),
    "shapes32": (DataSettings("shapes32", per_class=1000), 6),
}
HEAD = ("network", "data set", "images", "epochs", "parameters", "validation %", "best %", "s")
NOTES = (
    "AdamW, one cycle up to 0.003, batches of 32, nothing augmented; seed 0; the threads of a "
    "worker. s: training and validation, without loading."
)


def run(samples: int) -> str:
    """The table; ``samples`` is not used: a training is deterministic."""
    torch.set_num_threads(int(thread_settings()["OMP_NUM_THREADS"]))
    return table("Accuracy", HEAD, list(_rows()), NOTES)


def _rows() -> Iterator[list[str]]:
    recipe = {"batch_size": 32, "learning_rate": 3e-3, "schedule": "one_cycle"}
    for name, (data, epochs) in RECIPES.items():
        for net in NETS:
            if net == "transfer":  # its recipe would be another
                continue
            settings = RunSettings(data, net_defaults(net), TrainSettings(epochs, **recipe))
            learnt = load_learning_data(settings)
            training = Training(settings, learnt, torch.device("cpu"))
            begun = time.perf_counter()
            ends = [event for event in train(training) if isinstance(event, EpochEnd)]
            seconds = time.perf_counter() - begun
            accuracies = [100 * end.validation.accuracy for end in ends]
            params = sum(each.numel() for each in training.net.parameters())
            yield [
                net,
                name,
                str(len(learnt.train_targets)),
                str(epochs),
                f"{params:,}",
                f"{accuracies[-1]:.1f}",
                f"{max(accuracies):.1f}",
                f"{seconds:.1f}",
            ]

"""What the Loss and learning rate page looks at, computed once for each setting."""

from functools import cache
from typing import TYPE_CHECKING

from engine.cache import remembered
from engine.serving.learning_rate.contract import REACH

if TYPE_CHECKING:
    from torch import Tensor

    from engine.train.descent import Descent
    from engine.train.learning_data import LearningData
    from engine.train.loss_curves import LossCurves
    from engine.train.one_epoch import EpochStudy
    from engine.train.settings import RunSettings, TrainSettings

ANSWERS = 121  # … in steps of a tenth
LOSS_STEPS = 100
LOSS_RATES = {"class": 1.0, "number": 0.1}
SURFACE_CELLS = 100
EPOCHS, STEPS_PER_EPOCH = 6, 10  # of a descent: steps are grouped so that schedules have epochs
WARMUP_STEPS = 15
EPOCH_RATE = 0.1
BATCH_SIZE = 64
WARMUP_EPOCHS = 2


@cache
def losses(case: str) -> "LossCurves":
    """All losses of a case on the 121 answers."""
    import torch

    from engine.serving.one_core import on_one_core
    from engine.train.loss_curves import study_losses

    answers = torch.linspace(-REACH, REACH, ANSWERS)
    return on_one_core(study_losses, case, answers, LOSS_RATES[case], LOSS_STEPS)


@cache
def surface(name: str) -> "Tensor":
    """Heights of a surface, float32 (100, 100), the top row having the largest y."""
    from engine.train.surfaces import sample_surface

    return sample_surface(name, SURFACE_CELLS)


def descent_settings(rate: float, momentum: float, schedule: str) -> "TrainSettings":
    """60 steps under a schedule; "warmup" is a constant rate that rises over the first 15."""
    from engine.train.settings import TrainSettings

    return TrainSettings(
        epochs=EPOCHS,
        learning_rate=rate,
        momentum=momentum,
        schedule="constant" if schedule == "warmup" else schedule,
        warmup_steps=WARMUP_STEPS if schedule == "warmup" else 0,
        step_epochs=2,
        step_factor=0.3,
    )


@remembered(256)
def descent(
    name: str, start: tuple[float, float], rate: float, momentum: float, schedule: str
) -> "Descent":
    """The optimisers' ways over a surface."""
    from engine.serving.one_core import on_one_core
    from engine.train.descent import descend_surface

    settings = descent_settings(rate, momentum, schedule)
    return on_one_core(descend_surface, name, start, settings, STEPS_PER_EPOCH)


def small_net_settings(batch_size: int, order: str, rate: float = EPOCH_RATE) -> "RunSettings":
    """A small net on scikit-learn's digits, plain gradient descent.

    Args:
        batch_size: images a step.
        order: "shuffled" anew in each epoch, "fixed" in one mixed order, or "by_class".
        rate: the learning rate, > 0.
    """
    from engine.train.settings import DataSettings, RunSettings, TrainSettings
    from engine.trainable.net_settings import NetSettings

    return RunSettings(
        data=DataSettings("digits", by_class=order == "by_class"),
        net=NetSettings("mlp", depth=2, width=32),
        train=TrainSettings(
            epochs=10,
            batch_size=batch_size,
            optimiser="sgd",
            learning_rate=rate,
            shuffle=order == "shuffled",
        ),
    )


@cache
def digits(is_by_class: bool) -> "LearningData":
    """The digits that the small net learns from, in a mixed order or class after class."""
    from engine.train.feeding import load_learning_data

    order = "by_class" if is_by_class else "fixed"
    return load_learning_data(small_net_settings(BATCH_SIZE, order))


@remembered(64)
def epoch(batch_size: int, order: str) -> "EpochStudy":
    """One epoch of the small net, looked at batch by batch."""
    from engine.serving.one_core import on_one_core
    from engine.train.one_epoch import study_epoch

    settings = small_net_settings(batch_size, order)
    return on_one_core(study_epoch, settings, digits(order == "by_class"))


def steps_per_epoch() -> int:
    """Updates in an epoch of the comparisons."""
    return -(-len(digits(is_by_class=False).train_targets) // BATCH_SIZE)


def compare(varied: str, peak: float, optimiser: str, is_warmed: bool) -> "dict[str, RunSettings]":
    """Trainings of the small net that differ in one thing.

    Args:
        varied: "rates" (a tenth, the same, ten times), "schedules" or "optimisers".
        peak: largest learning rate, of all where it is not the rates that differ.
        optimiser: of all, where it is not the optimisers that differ.
        is_warmed: whether all of them rise from 0 to their learning rate in the first two epochs.
    """
    from dataclasses import replace

    from engine.train.settings import OPTIMISERS

    plain = small_net_settings(BATCH_SIZE, "shuffled", peak)
    warmup = WARMUP_EPOCHS * steps_per_epoch() if is_warmed else 0
    plain = replace(plain, train=replace(plain.train, optimiser=optimiser, warmup_steps=warmup))
    changes = {
        "rates": {
            f"rate_{name}": {"learning_rate": min(100.0, peak * factor)}
            for name, factor in (("tenth", 0.1), ("same", 1.0), ("tenfold", 10.0))
        },
        "schedules": {
            "constant": {},
            "step": {"schedule": "step", "step_epochs": 4},
            "cosine": {"schedule": "cosine"},
            "one_cycle": {"schedule": "one_cycle"},
        },
        "optimisers": {name: {"optimiser": name} for name in OPTIMISERS},
    }[varied]
    return {
        label: replace(plain, train=replace(plain.train, **change))
        for label, change in changes.items()
    }

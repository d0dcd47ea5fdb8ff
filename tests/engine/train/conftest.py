"""A few handwritten digits, and settings that train on them in no time."""

from collections.abc import Callable
from dataclasses import replace

import pytest
import torch

from engine.data.datasets import load_digits
from engine.train.feeding import load_learning_data
from engine.train.learning_data import LearningData
from engine.train.loop import Training
from engine.train.settings import DataSettings, RunSettings, TrainSettings
from engine.trainable.net_settings import net_defaults

CPU = torch.device("cpu")


@pytest.fixture(scope="session")
def settings() -> RunSettings:
    """Two epochs of four batches on 20 digits of each class."""
    return RunSettings(
        data=DataSettings("digits", per_class=20, validation_share=0.1),
        net=replace(net_defaults("mlp"), width=16, depth=2, norm="batch", dropout=0.1),
        train=TrainSettings(epochs=2, batch_size=64, learning_rate=0.01),
        seed=3,
    )


@pytest.fixture(scope="session")
def digits(settings: RunSettings) -> LearningData:
    """The pictures that the settings name."""
    return load_learning_data(settings, load_digits())


@pytest.fixture
def begin(settings: RunSettings, digits: LearningData) -> Callable[..., Training]:
    """A new training; keyword arguments replace settings of the group "train"."""

    def make(net: dict | None = None, seed: int | None = None, **changes: object) -> Training:
        changed = replace(
            settings,
            train=replace(settings.train, **changes),  # pyright: ignore[reportArgumentType]
            net=replace(settings.net, **(net or {})),
            seed=settings.seed if seed is None else seed,
        )
        return Training(changed, digits, CPU)

    return make

"""Training studio on Home: a short training, now."""

from collections.abc import Iterator

import numpy as np

from engine.progress import Progress
from engine.serving.jobs import jobs
from engine.serving.thumbnail import WAIT_S, Thumbnail, chart

EPOCHS = 1
_SMOOTH = 5  # batches whose mean is drawn


def thumbnail() -> Thumbnail | Progress:
    """The loss of LeNet on scikit-learn's digits, batch by batch, over an epoch."""
    return jobs().ask(("thumbnail", "training_studio"), _learn, WAIT_S)


def _learn() -> Iterator[Progress[Thumbnail]]:
    import torch

    from engine.serving.one_core import on_one_core
    from engine.train.feeding import load_learning_data
    from engine.train.loop import EpochEnd, Training, train
    from engine.train.settings import DataSettings, RunSettings, TrainSettings
    from engine.trainable.net_settings import net_defaults

    settings = RunSettings(
        data=DataSettings("digits"),
        net=net_defaults("lenet"),
        train=TrainSettings(epochs=EPOCHS, batch_size=32, learning_rate=0.003),
    )
    training = Training(settings, load_learning_data(settings), torch.device("cpu"))
    total, losses, percent = EPOCHS * training.steps_per_epoch, [], 0
    steps = train(training)
    while (step := on_one_core(next, steps, None)) is not None:
        if isinstance(step, EpochEnd):
            percent = round(100 * step.validation.accuracy)
        else:
            losses.append(step.loss)
            yield Progress(len(losses), total + 1)
    smooth = np.convolve(losses, np.ones(_SMOOTH) / _SMOOTH, mode="valid")
    told = {"batches": len(losses), "percent": percent}
    yield Progress(total + 1, total + 1, Thumbnail(paths=chart(smooth, low=0), told=told))

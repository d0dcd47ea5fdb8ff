"""Overfitting on Home: two curves that part."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from engine.progress import Progress
from engine.serving.jobs import jobs
from engine.serving.overfitting.contract import PairQuestion
from engine.serving.thumbnail import WAIT_S, Thumbnail, chart

EPOCHS = 12


def thumbnail() -> Thumbnail | Progress:
    """The page's first training for twelve epochs: its accuracy in training and in validation."""
    return jobs().ask(("thumbnail", "overfitting"), _learn, WAIT_S)


def _learn() -> Iterator[Progress[Thumbnail]]:
    import torch

    from engine.serving.one_core import on_one_core
    from engine.serving.overfitting.compute import choices_of, data_set
    from engine.train.feeding import load_learning_data
    from engine.train.loop import EpochEnd, Training, train

    settings = replace(choices_of(PairQuestion()), epochs=EPOCHS).settings()
    data = load_learning_data(settings, data_set(settings.data.name))
    steps, ends = train(Training(settings, data, torch.device("cpu"))), []
    while (step := on_one_core(next, steps, None)) is not None:
        if isinstance(step, EpochEnd):
            ends.append((step.accuracy, step.validation.accuracy))
            yield Progress(len(ends), EPOCHS + 1)
    learnt, held = np.array(ends).T
    told = {"learnt": round(100 * learnt[-1]), "held": round(100 * held[-1]), "epochs": EPOCHS}
    drawn = Thumbnail(paths=chart(learnt, held, low=0, high=1), told=told)
    yield Progress(EPOCHS + 1, EPOCHS + 1, drawn)

"""The batch and the races that the Vanishing gradients page looks at."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from engine.cache import Cache
from engine.progress import Progress
from engine.serving.jobs import jobs
from engine.serving.vanishing_gradients.contract import Question

if TYPE_CHECKING:
    from torch import Tensor

    from engine.neurons.depth import DepthSettings, DepthStudy

STUDIED = 128  # pictures in the one batch that is looked at
KEPT_RACES = 8
STRIDE = 5  # steps between two looks at whether anybody still wants the race
RIVAL = {"activation": "relu", "init": "he", "norm": "batch", "skip": True}


def settings_of(asked: Question) -> "DepthSettings":
    """The same as the engine reads it."""
    from engine.neurons.depth import DepthSettings

    return DepthSettings(
        asked.depth, asked.width, asked.activation, asked.init, asked.norm, asked.skip
    )


@cache
def digits() -> "tuple[Tensor, Tensor]":
    """scikit-learn's 1,797 handwritten digits: float32 ``(N, 1, 8, 8)``, int64 ``(N,)``.

    Values are normalised to mean 0 and standard deviation 1 over the whole set.
    """
    import gzip

    import torch

    from engine.data.installed import find_installed

    path = find_installed("sklearn", "scikit-learn", "datasets/data/digits.csv.gz")
    with gzip.open(path, "rt") as file:
        table = np.loadtxt(file, delimiter=",", dtype=np.float32)
    images = torch.tensor(table[:, :64]).view(-1, 1, 8, 8)
    return (images - images.mean()) / images.std(), torch.tensor(table[:, 64], dtype=torch.int64)


def study(settings: "DepthSettings") -> "DepthStudy":
    """What the first 128 digits do to a net of these settings."""
    from engine.neurons.depth import study_depth
    from engine.serving.one_core import on_one_core

    images, targets = digits()
    return on_one_core(study_depth, settings, images[:STUDIED], targets[:STUDIED])


@dataclass(frozen=True, eq=False)
class RaceSeen:
    """How far a race is, and what has been measured in it.

    Attributes:
        steps: how many have been made.
        losses, accuracies: float32 (nets, steps).
        moved: of each net float32 (depth,), how far each layer's weights moved, relative.
    """

    steps: int
    losses: np.ndarray
    accuracies: np.ndarray
    moved: tuple[np.ndarray, ...]


class _Shared:
    """A race that several may ask for at once."""

    def __init__(self, settings: "tuple[DepthSettings, ...]", rate: float) -> None:
        from engine.neurons.race import Race

        self._race = Race(list(settings), *digits(), rate)
        self._lock = threading.Lock()

    def advance(self, until: int) -> int:
        """Makes the next few steps, not past ``until``; returns how many have been made."""
        from engine.serving.one_core import on_one_core

        with self._lock:
            on_one_core(self._race.advance, min(until, self._race.steps + STRIDE))
            return self._race.steps

    def look(self) -> RaceSeen:
        """The race as it stands."""
        with self._lock:
            return RaceSeen(
                steps=self._race.steps,
                losses=self._race.losses().numpy(),
                accuracies=self._race.accuracies().numpy(),
                moved=tuple(each.numpy() for each in self._race.moved()),
            )


_races: Cache[_Shared] = Cache(KEPT_RACES)


def run_race(
    settings: "tuple[DepthSettings, ...]", rate: float, until: int
) -> RaceSeen | Progress[RaceSeen]:
    """The race of these nets at step ``until`` at least, or how far it is.

    It goes on from where it was: only what has not been trained before is trained.
    """

    def work() -> Iterator[Progress[RaceSeen]]:
        race = _races.get((settings, rate), lambda: _Shared(settings, rate))
        done = race.look().steps
        while done < until:
            done = race.advance(until)
            yield Progress(min(done, until), until)
        yield Progress(until, until, race.look())

    return jobs().ask(("race", settings, rate, until), work)

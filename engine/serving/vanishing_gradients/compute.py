"""The batch and the races that the Vanishing gradients page looks at."""

import threading
from collections import OrderedDict
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from torch import Tensor

    from engine.neurons.depth import DepthSettings, DepthStudy
    from engine.neurons.race import Race

STUDIED = 128  # pictures in the one batch that is looked at
KEPT_RACES = 8


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


class Races:
    """The last races, so that each request only trains what has not been trained before."""

    def __init__(self) -> None:
        self._races: OrderedDict[object, Race] = OrderedDict()
        self._lock = threading.Lock()

    def run(self, settings: "tuple[DepthSettings, ...]", rate: float, until: int) -> "Race":
        """The race of these nets, at step ``until`` at least."""
        from engine.neurons.race import Race
        from engine.serving.one_core import on_one_core

        key = (settings, rate)
        with self._lock:
            race = self._races.get(key)
            if race is None:
                race = self._races[key] = Race(list(settings), *digits(), rate)
                while len(self._races) > KEPT_RACES:
                    self._races.popitem(last=False)
            self._races.move_to_end(key)
            on_one_core(race.advance, until)
        return race


@cache
def races() -> Races:
    """The races of this process."""
    return Races()

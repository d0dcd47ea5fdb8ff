"""Torch's optimisers let go on a surface of two parameters, each from the same start.

The optimisers are those that train networks (engine.train.optimisers), under the same schedules
(engine.train.schedules); nothing of theirs is redrawn by hand.
"""

import math
from dataclasses import dataclass, replace

import torch
from torch import Tensor, nn

from engine.train.optimisers import make_optimiser
from engine.train.schedules import learning_rate
from engine.train.settings import OPTIMISERS, TrainSettings
from engine.train.surfaces import REACH, SURFACES

LOST = 2 * REACH  # a point farther out than this, in x or in y, has diverged


@dataclass(frozen=True, eq=False)
class Descent:
    """Where the optimisers went.

    Attributes:
        names: of the k optimisers.
        points: float32 (k, steps + 1, 2), x and y; NaN after one was lost.
        heights: float32 (k, steps + 1); NaN after one was lost.
        rates: float32 (steps,), the learning rate of each step.
        lost: for each, the step that took it farther out than ``LOST``, where it is left; or None.
    """

    names: tuple[str, ...]
    points: Tensor
    heights: Tensor
    rates: Tensor
    lost: tuple[int | None, ...]


class _Point(nn.Module):
    """Two parameters: a network that does nothing but be somewhere."""

    def __init__(self, start: tuple[float, float]) -> None:
        super().__init__()
        self.at = nn.Parameter(torch.tensor(start))


def descend_surface(
    surface: str, start: tuple[float, float], settings: TrainSettings, steps_per_epoch: int
) -> Descent:
    """Each of the optimisers, from the same start, under the same schedule.

    Args:
        surface: a name in ``SURFACES``.
        start: x, y, both within ``REACH`` of 0.
        settings: epochs, learning rate, momentum and schedule; its optimiser does not matter.
        steps_per_epoch: a schedule's epochs in steps; epochs × this many steps are done.
    """
    steps = settings.epochs * steps_per_epoch
    rates = [learning_rate(settings, step, steps_per_epoch) for step in range(steps)]
    tracks = [_walk(surface, start, replace(settings, optimiser=o), rates) for o in OPTIMISERS]
    missing = [(math.nan,) * 3]
    whole = torch.tensor([track + missing * (steps + 1 - len(track)) for track in tracks])
    lost = tuple(len(track) - 1 if _is_lost(*track[-1][:2]) else None for track in tracks)
    return Descent(OPTIMISERS, whole[..., :2], whole[..., 2], torch.tensor(rates), lost)


def _walk(
    surface: str, start: tuple[float, float], settings: TrainSettings, rates: list[float]
) -> list[tuple[float, ...]]:
    """x, y and height at the start and after each step, to the end or until it is lost."""
    slope, point = SURFACES[surface].slope, _Point(start)
    optimiser = make_optimiser(settings, point)
    x, y = point.at.tolist()
    height, dx, dy = slope(x, y)
    track = [(x, y, height)]
    for rate in rates:
        point.at.grad = torch.tensor([dx, dy])
        optimiser.param_groups[0]["lr"] = rate
        optimiser.step()
        x, y = point.at.tolist()
        if _is_lost(x, y):
            return [*track, (x, y, math.nan)]
        height, dx, dy = slope(x, y)
        track.append((x, y, height))
    return track


def _is_lost(x: float, y: float) -> bool:
    return not max(abs(x), abs(y)) <= LOST  # so written that NaN is lost too

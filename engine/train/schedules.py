"""The learning rate at each step.

Sources: torch.optim.lr_scheduler's StepLR, CosineAnnealingLR, OneCycleLR (Smith & Topin 2017; its
default shape: 30 % of the steps up from 1/25, then down to 1/250,000) and LinearLR, which the tests
hold these against.
"""

from math import cos, pi

from engine.train.settings import TrainSettings

_RISING_SHARE = 0.3
_START_DIVISOR = 25.0
_END_DIVISOR = 1e4


def learning_rate(settings: TrainSettings, step: int, steps_per_epoch: int) -> float:
    """The learning rate of an update.

    Args:
        settings: schedule, warm-up and largest learning rate.
        step: updates before this one, >= 0.
        steps_per_epoch: updates in an epoch, >= 1.
    """
    total = settings.epochs * steps_per_epoch
    warm = min(1.0, (step + 1) / settings.warmup_steps) if settings.warmup_steps else 1.0
    if settings.schedule == "step":
        drops = step // (settings.step_epochs * steps_per_epoch)
        factor = settings.step_factor**drops
    elif settings.schedule == "cosine":
        factor = _between(1.0, 0.0, step / total)
    elif settings.schedule == "one_cycle":
        factor = _one_cycle(step, total)
    else:
        factor = 1.0
    return settings.learning_rate * factor * warm


def _one_cycle(step: int, total: int) -> float:
    start = 1 / _START_DIVISOR
    peak, last = _RISING_SHARE * total - 1, total - 1
    if step <= peak:
        return _between(start, 1.0, step / peak if peak > 0 else 1.0)
    return _between(1.0, start / _END_DIVISOR, (step - peak) / (last - peak))


def _between(first: float, second: float, share: float) -> float:
    """Half a cosine wave from ``first`` to ``second``; ``share`` beyond 1 counts as 1."""
    return second + (first - second) * (1 + cos(pi * min(share, 1.0))) / 2

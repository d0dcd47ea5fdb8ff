"""Deletion in random order: what the literature compares with (Petsiuk et al. 2018, RISE).

Scattered single pixels wreck a picture faster than one hole of the same area, so this curve often
falls faster than that of a good but coarse map. It is shown because it is the usual baseline, and
beside it the fair one, the same map moved elsewhere (:mod:`engine.explain.deletion`).
"""

from collections.abc import Iterator

import torch
from torch import Tensor, nn

from engine.explain.deletion import DeletionCurve, Fill, deletion_curve
from engine.progress import Progress


def random_order_steps(
    model: nn.Module,
    x: Tensor,
    target: int,
    generator: torch.Generator,
    *,
    steps: int = 20,
    repeats: int = 4,
    fill: Fill = "mean",
) -> Iterator[Progress[DeletionCurve]]:
    """The mean curve of ``repeats`` random orders of the pixels.

    Args:
        model: classifier in eval mode; it is not hooked.
        x: float32 ``(1, 3, H, W)``, on the model's device.
        target: class index.
        generator: draws the orders; on the CPU.
        steps, fill: see :func:`engine.explain.deletion.deletion_curve`.
        repeats: at least 1.

    Yields:
        Progress in orders; the last with the curve.
    """
    curves: list[DeletionCurve] = []
    for done in range(1, repeats + 1):
        order = torch.rand(x.shape[2:], generator=generator)
        curves.append(deletion_curve(model, x, target, order, steps, fill))
        if done < repeats:
            yield Progress(done, repeats)
    fraction = curves[0].fraction
    probs = torch.stack([curve.probs for curve in curves]).mean(dim=0)
    mean = DeletionCurve(fraction, probs, torch.trapezoid(probs, fraction).item())
    yield Progress(repeats, repeats, mean)

"""Integrated gradients: walk from a picture of nothing to the picture, and add up the gradients.

Source: Sundararajan, Taly, Yan, "Axiomatic Attribution for Deep Networks", ICML 2017. The same
quadrature (Gauss-Legendre) as in Captum's ``IntegratedGradients``, which is the oracle in the
tests; here the steps come in batches, so that progress is true and the work can be abandoned.
"""

from collections.abc import Generator

import numpy as np
import torch
from torch import Tensor

from engine.explain.target_score import BATCH, TargetScore
from engine.progress import Progress


@torch.enable_grad()
def integrated_gradients_steps(
    score: TargetScore, x: Tensor, baseline: Tensor, steps: int
) -> Generator[Progress[Tensor]]:
    """Each pixel's share in ``score(x) - score(baseline)``, to which all shares add up.

    That they add up ("completeness") holds for the exact integral; with few steps it is off.

    Args:
        score: the number to explain.
        x: float32 ``(1, 3, H, W)``.
        baseline: float32 ``(1, 3, H, W)``, the picture of nothing.
        steps: points on the way, 1 and above: one forward and one backward pass each.

    Yields:
        Progress in points; the last with the shares, float32 ``(3, H, W)``, signed.
    """
    nodes, weights = np.polynomial.legendre.leggauss(steps)  # on [-1, 1]; here on [0, 1]
    alphas = torch.as_tensor((nodes + 1) / 2, dtype=x.dtype, device=x.device).view(-1, 1, 1, 1)
    weight = torch.as_tensor(weights / 2, dtype=x.dtype, device=x.device).view(-1, 1, 1, 1)
    way = (x - baseline).detach()
    mean_gradient = torch.zeros_like(way[0])  # (3, H, W)
    for first in range(0, steps, BATCH):
        chunk = slice(first, first + BATCH)
        points = (baseline + alphas[chunk] * way).detach().requires_grad_()
        (gradients,) = torch.autograd.grad(score(points).sum(), points)  # (B, 3, H, W)
        mean_gradient += (weight[chunk] * gradients).sum(dim=0)
        done = min(first + BATCH, steps)
        yield Progress(done, steps, mean_gradient * way[0] if done == steps else None)

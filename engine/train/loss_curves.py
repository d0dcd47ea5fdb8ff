"""What a loss makes of the same errors: its value, its gradient, and where descent goes from there.

Two cases. "class": two classes, the true class's logit is z and the other's 0, so that the true
class has the probability sigmoid(z). "number": the net answers with a number; its error is counted
from the truth. Gradients are autograd's, of the losses that train networks (engine.train.losses)
and of torch's own for numbers.
"""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from engine.train.losses import LOSSES

RIGHT_ERROR = 0.1  # a number is called right when it is nearer than this

Loss = Callable[[Tensor], Tensor]  # answers (n,) → the sum of their losses, a scalar


def _of_class(name: str) -> Loss:
    """The loss of answers whose true class has the logit z, against one other class."""

    def total(z: Tensor) -> Tensor:
        logits = torch.stack([z, torch.zeros_like(z)], dim=1)  # (n, 2), the true class first
        return LOSSES[name](logits, torch.zeros(len(z), dtype=torch.int64)) * len(z)

    return total


CASES: dict[str, dict[str, Loss]] = {
    "class": {name: _of_class(name) for name in ("cross_entropy", "squared", "absolute")},
    "number": {
        "squared": lambda error: F.mse_loss(error, torch.zeros_like(error), reduction="sum"),
        "absolute": lambda error: F.l1_loss(error, torch.zeros_like(error), reduction="sum"),
    },
}


@dataclass(frozen=True, eq=False)
class LossCurves:
    """Losses over answers.

    Attributes:
        names: of the k losses.
        answers: float32 (n,), logits of the true class, or errors.
        losses, gradients: float32 (k, n); gradients are with respect to the answer.
        paths: float32 (k, n, steps + 1), the answer at each step of gradient descent that begins
            at each of the answers.
        arrivals: int64 (k, n), the step of each path from which on the answer is right: the true
            class has the larger logit, or the error is below 0.1; -1 if that is not reached.
        rate: learning rate of that descent.
    """

    names: tuple[str, ...]
    answers: Tensor
    losses: Tensor
    gradients: Tensor
    paths: Tensor
    arrivals: Tensor
    rate: float


def study_losses(case: str, answers: Tensor, rate: float, steps: int) -> LossCurves:
    """All losses of a case on the same answers.

    Args:
        case: "class" or "number".
        answers: float32 (n,), n >= 1.
        rate: learning rate of the descent, > 0.
        steps: number of its steps, >= 0.
    """
    found = [
        (*loss_and_gradient(loss, answers), descend(loss, answers, rate, steps))
        for loss in CASES[case].values()
    ]
    losses, gradients, paths = (torch.stack(each) for each in zip(*found, strict=True))
    arrivals = arrive(paths > 0 if case == "class" else paths.abs() < RIGHT_ERROR)
    return LossCurves(tuple(CASES[case]), answers, losses, gradients, paths, arrivals, rate)


def arrive(is_right: Tensor) -> Tensor:
    """The first step from which on all are right: bool (…, steps + 1) → int64 (…), -1 if none."""
    wrong_ahead = (~is_right).flip(-1).cumsum(-1).flip(-1) > 0
    first = wrong_ahead.sum(dim=-1)
    return torch.where(is_right[..., -1], first, torch.full_like(first, -1))


def loss_and_gradient(loss: Loss, answers: Tensor) -> tuple[Tensor, Tensor]:
    """The loss of each answer by itself, and its derivative by that answer: (n,) → (n,), (n,)."""
    at = answers.clone().requires_grad_()
    losses = torch.stack([loss(each) for each in at.split(1)])
    (gradient,) = torch.autograd.grad(losses.sum(), at)
    return losses.detach(), gradient


def descend(loss: Loss, start: Tensor, rate: float, steps: int) -> Tensor:
    """Plain gradient descent from each start by itself: float32 (n,) → (n, steps + 1)."""
    at = start.clone().requires_grad_()
    optimiser = torch.optim.SGD([at], lr=rate)
    path = [start]
    for _ in range(steps):
        optimiser.zero_grad()
        loss(at).backward()
        optimiser.step()
        path.append(at.detach().clone())
    return torch.stack(path, dim=1)

"""Plain gradient descent with a small net: p ← p − η · ∂L/∂p, on the whole batch at each step."""

from dataclasses import dataclass

import torch
from torch import Tensor

from engine.errors import InputError
from engine.neurons.backprop import backward
from engine.neurons.small_net import Rules, SmallNet, check_finite, forward


@dataclass(frozen=True, eq=False)
class Descent:
    """How far it came.

    Attributes:
        losses: float64 (S + 1,), the batch's mean loss before the first step and after each.
        parameters: float64 (S + 1, P), likewise.
        overflowed: whether the next step would have led to numbers too large for 64 bits.
    """

    losses: Tensor
    parameters: Tensor
    overflowed: bool


def batch_gradient(net: SmallNet, rules: Rules, inputs: Tensor, targets: Tensor) -> Tensor:
    """∂L/∂p of the mean loss, float64 (P,): the mean of what the examples say one by one."""
    passed = forward(net, rules, inputs, targets)
    check_finite(passed)
    return backward(net, rules, inputs, targets, passed).of_parameters().mean(dim=0)


def descend(
    net: SmallNet, rules: Rules, inputs: Tensor, targets: Tensor, rate: float, steps: int
) -> Descent:
    """Steps down the mean loss of one batch; ends early where a number overflows.

    Args:
        net: where to begin.
        rules: activation and loss.
        inputs, targets: float64 (N, inputs), (N, outputs).
        rate: the learning rate η.
        steps: how many at most.
    """
    flat = net.flat()
    losses = [forward(net, rules, inputs, targets).losses.mean()]
    ways = [flat]
    for _ in range(steps):
        try:
            flat = flat - rate * batch_gradient(
                SmallNet.of(flat, net.sizes), rules, inputs, targets
            )
            passed = forward(SmallNet.of(flat, net.sizes), rules, inputs, targets)
            check_finite(passed)
        except InputError:
            return Descent(torch.stack(losses), torch.stack(ways), True)
        ways.append(flat)
        losses.append(passed.losses.mean())
    return Descent(torch.stack(losses), torch.stack(ways), False)


@torch.no_grad()
def losses_by_rate(
    net: SmallNet, rules: Rules, inputs: Tensor, targets: Tensor, gradient: Tensor, rates: Tensor
) -> Tensor:
    """The mean loss after one step with each of R learning rates, float64 (R,)."""
    moved = net.flat() - rates.unsqueeze(-1) * gradient
    return forward(SmallNet.of(moved, net.sizes), rules, inputs, targets).losses.mean(dim=-1)

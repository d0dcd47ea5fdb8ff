"""A hidden layer of a few units, learnt by gradient descent, and the space in which it sees.

Two inputs, ``h`` hidden units, one output whose sigmoid is the probability of +1. The gradients are
written out by the chain rule (Rumelhart, Hinton and Williams 1986), so that they can be read.
"""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from engine.neurons.units import UNITS
from engine.train.seeding import generator

#: Each unit's derivative, from its sum and its output.
SLOPES: dict[str, Callable[[Tensor, Tensor], Tensor]] = {
    "threshold": lambda sums, out: torch.zeros_like(sums),
    "sigmoid": lambda sums, out: out * (1 - out),
    "tanh": lambda sums, out: 1 - out**2,
    "relu": lambda sums, out: (sums > 0).to(sums.dtype),
}


@dataclass(frozen=True)
class HiddenNet:
    """The numbers of a 2-h-1 net.

    Attributes:
        hidden: float64 ``(h, 2)``, a hidden unit's weights a row.
        hidden_bias: float64 ``(h,)``.
        output: float64 ``(h,)``, the output's weights.
        output_bias: float64 ``()``.
    """

    hidden: Tensor
    hidden_bias: Tensor
    output: Tensor
    output_bias: Tensor

    def flat(self) -> Tensor:
        """All numbers in a row, float64 ``(4h + 1,)``: a unit's weights, bias and output weight
        after the other's, then the output's bias."""
        units = torch.cat([self.hidden, self.hidden_bias[:, None], self.output[:, None]], dim=1)
        return torch.cat([units.flatten(), self.output_bias.reshape(1)])


def net_of(numbers: Tensor) -> HiddenNet:
    """The net whose numbers stand in a row, as :meth:`HiddenNet.flat` gives them."""
    units = numbers[:-1].reshape(-1, 4)
    return HiddenNet(units[:, :2], units[:, 2], units[:, 3], numbers[-1])


def draw_net(units: int, seed: int) -> HiddenNet:
    """First numbers, drawn uniformly from -1 to 1."""
    drawn = torch.rand(4 * units + 1, generator=generator(seed, "hidden"), dtype=torch.float64)
    return net_of(2 * drawn - 1)


def see(net: HiddenNet, points: Tensor, unit: str) -> tuple[Tensor, Tensor]:
    """What the hidden layer makes of points, and the output's sum.

    Args:
        net: the net.
        points: float64 ``(n, 2)``.
        unit: name in :data:`engine.neurons.units.UNITS`.

    Returns:
        The outputs of the hidden units, float64 ``(n, h)``, which are the points' places in the
        space that the output sees; and the logits, float64 ``(n,)``.
    """
    seen = UNITS[unit](points @ net.hidden.T + net.hidden_bias)
    return seen, seen @ net.output + net.output_bias


def loss_and_gradient(
    net: HiddenNet, points: Tensor, targets: Tensor, unit: str
) -> tuple[Tensor, HiddenNet]:
    """Mean cross-entropy of all points, and how it changes with each number of the net.

    Args:
        net: the net.
        points: float64 ``(n, 2)``.
        targets: float64 ``(n,)``, +1 or -1.
        unit: name in :data:`engine.neurons.units.UNITS`.

    Returns:
        The loss, float64 ``()``, and the gradient, shaped as the net is.
    """
    sums = points @ net.hidden.T + net.hidden_bias
    seen = UNITS[unit](sums)
    logits = seen @ net.output + net.output_bias
    loss = torch.nn.functional.softplus(-targets * logits).mean()
    # backward, from the loss to the first layer
    of_logits = (torch.sigmoid(logits) - (targets + 1) / 2) / len(points)
    of_sums = of_logits[:, None] * net.output * SLOPES[unit](sums, seen)
    gradient = HiddenNet(
        hidden=of_sums.T @ points,
        hidden_bias=of_sums.sum(dim=0),
        output=of_logits @ seen,
        output_bias=of_logits.sum(),
    )
    return loss, gradient


@dataclass(frozen=True)
class Descent:
    """A training by plain gradient descent on all points at once.

    Attributes:
        numbers: float64 ``(steps + 1, 4h + 1)``, the net before the first step and after each.
        losses: float64 ``(steps + 1,)``, mean cross-entropy.
    """

    numbers: Tensor
    losses: Tensor


def train_hidden(
    net: HiddenNet, points: Tensor, targets: Tensor, unit: str, rate: float, steps: int
) -> Descent:
    """Gradient descent: each number moves against its gradient, ``steps`` times.

    Stops where a number is no longer finite, or beyond 10⁶: what comes after says nothing.
    """
    numbers, losses = [net.flat()], []
    for _ in range(steps):
        loss, gradient = loss_and_gradient(net_of(numbers[-1]), points, targets, unit)
        losses.append(loss)
        moved = numbers[-1] - rate * gradient.flat()
        if not bool((moved.abs() < 1e6).all()):
            break
        numbers.append(moved)
    if len(losses) < len(numbers):
        losses.append(loss_and_gradient(net_of(numbers[-1]), points, targets, unit)[0])
    return Descent(torch.stack(numbers), torch.stack(losses))

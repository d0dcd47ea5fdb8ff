"""Are the gradients right? Against PyTorch's autograd, and against plain differences of the loss.

A central difference (L(p + ε) − L(p − ε)) / 2ε asks nothing of calculus. Where a kink (ReLU's at
0, that of |y − t|) lies between p − ε and p + ε there is no derivative for it to find: such numbers
are counted apart.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from engine.neurons.small_net import Forward, Rules, SmallNet, forward

STEP = 1e-5
AUTOGRAD_TOLERANCE = 1e-10
DIFFERENCE_TOLERANCE = 1e-6


@dataclass(frozen=True, eq=False)
class GradientCheck:
    """The same gradients three ways, of the batch's mean loss, in the order of the parameters.

    Attributes:
        ours, autograd, differences: float64 (P,).
        kinked: bool (P,), where a kink lies within the difference's reach.
        worst_autograd, worst_difference: the largest distance to ours, in shares of the larger of
            1 and the numbers at hand; kinks left out of the second.
    """

    ours: Tensor
    autograd: Tensor
    differences: Tensor
    kinked: Tensor
    worst_autograd: float
    worst_difference: float


def check_gradients(
    net: SmallNet, rules: Rules, inputs: Tensor, targets: Tensor, ours: Tensor
) -> GradientCheck:
    """Hold gradients against autograd's and against differences.

    Args:
        net: one net.
        rules: activation and loss.
        inputs, targets: float64 (N, inputs), (N, outputs).
        ours: float64 (P,), to be checked.
    """
    flat = net.flat().detach().requires_grad_()
    loss = forward(SmallNet.of(flat, net.sizes), rules, inputs, targets).losses.mean()
    (autograd,) = torch.autograd.grad(loss, flat)
    differences, kinked = by_differences(net, rules, inputs, targets)
    near = ours[~kinked] - differences[~kinked]
    scale = torch.maximum(ours.abs(), torch.maximum(loss.detach().abs(), torch.ones(())))
    return GradientCheck(
        ours,
        autograd,
        differences,
        kinked,
        float(((ours - autograd).abs() / scale).max()),
        float((near.abs() / scale[~kinked]).max()) if len(near) else 0.0,
    )


@torch.no_grad()
def by_differences(
    net: SmallNet, rules: Rules, inputs: Tensor, targets: Tensor
) -> tuple[Tensor, Tensor]:
    """Central differences of the mean loss for each parameter, and where a kink lies between.

    Returns:
        float64 (P,) and bool (P,).
    """
    flat = net.flat()
    steps = STEP * flat.abs().clamp(min=1)
    moves = torch.diag(steps)
    above, below = (
        forward(SmallNet.of(flat + sign * moves, net.sizes), rules, inputs, targets)
        for sign in (1, -1)
    )
    differences = (above.losses - below.losses).mean(dim=-1) / (2 * steps)
    kinks = zip(_corners(rules, above, targets), _corners(rules, below, targets), strict=True)
    kinked = torch.zeros(len(flat), dtype=torch.bool)
    for one, other in kinks:  # (P, N, neurons): on which side of its kink each is
        kinked |= ((one > 0) != (other > 0)).flatten(1).any(dim=1)
        kinked |= ((one == 0) != (other == 0)).flatten(1).any(dim=1)
    return differences, kinked


def _corners(rules: Rules, passed: Forward, targets: Tensor) -> list[Tensor]:
    """The numbers whose sign says on which side of a kink the net is."""
    found = [passed.sums1] if rules.activation == "relu" else []
    if rules.output_function(targets.shape[-1]) == "relu":
        found.append(passed.sums2)
    if rules.loss == "absolute":
        found.append(passed.outputs - targets)
    return found

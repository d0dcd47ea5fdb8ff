"""Backpropagation by hand: at each number the gradient that comes in times the local derivative.

Rumelhart, Hinton and Williams 1986. Every line stands for one step of the chain rule; that the
numbers are right is shown by PyTorch's autograd and by finite differences (gradient_check).
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from engine.errors import InputError
from engine.neurons.small_net import Forward, Rules, SmallNet, slope


@dataclass(frozen=True, eq=False)
class Backward:
    """∂L/∂ of every number, for each of N examples apart, float64.

    Attributes:
        outputs: (N, outputs); None with cross-entropy, which starts from the sums.
        sums2: (N, outputs).
        weight2, bias2: (N, outputs, hidden), (N, outputs).
        hidden, sums1: (N, hidden).
        weight1, bias1: (N, hidden, inputs), (N, hidden).
        inputs: (N, inputs).
    """

    outputs: Tensor | None
    sums2: Tensor
    weight2: Tensor
    bias2: Tensor
    hidden: Tensor
    sums1: Tensor
    weight1: Tensor
    bias1: Tensor
    inputs: Tensor

    def of_parameters(self) -> Tensor:
        """(N, P), in the order of :func:`engine.neurons.small_net.parameter_names`."""
        return SmallNet(self.weight1, self.bias1, self.weight2, self.bias2).flat()


def backward(
    net: SmallNet, rules: Rules, inputs: Tensor, targets: Tensor, passed: Forward
) -> Backward:
    """From the loss of each example back to every number that it came from.

    Args:
        net: one net.
        rules: activation and loss.
        inputs, targets: float64 (N, inputs), (N, outputs).
        passed: what :func:`engine.neurons.small_net.forward` gave for them.

    Raises:
        InputError: a gradient is larger than 64 bits can hold.
    """
    of_outputs = loss_slope(rules, passed.outputs, targets)
    if of_outputs is None:
        of_sums2 = cross_entropy_slope(passed.outputs, targets)
    else:
        function = rules.output_function(targets.shape[-1])
        of_sums2 = of_outputs * slope(function, passed.sums2, passed.outputs)
    of_weight2 = of_sums2.unsqueeze(-1) * passed.hidden.unsqueeze(-2)
    of_hidden = of_sums2 @ net.weight2  # a sum over the outputs: one path through each
    of_sums1 = of_hidden * slope(rules.activation, passed.sums1, passed.hidden)
    of_weight1 = of_sums1.unsqueeze(-1) * inputs.unsqueeze(-2)
    of_inputs = of_sums1 @ net.weight1
    found = Backward(
        of_outputs,
        of_sums2,
        of_weight2,
        of_sums2,
        of_hidden,
        of_sums1,
        of_weight1,
        of_sums1,
        of_inputs,
    )
    if not bool(torch.isfinite(found.of_parameters()).all() & torch.isfinite(of_inputs).all()):
        raise InputError("net_overflows", place="∂L")
    return found


def loss_slope(rules: Rules, outputs: Tensor, targets: Tensor) -> Tensor | None:
    """∂L/∂y (N, outputs); None with cross-entropy. Of |y − t| at its kink 0, as in PyTorch."""
    if rules.loss == "squared":
        return outputs - targets
    return (outputs - targets).sign() if rules.loss == "absolute" else None


def cross_entropy_slope(outputs: Tensor, targets: Tensor) -> Tensor:
    """∂L/∂z (N, outputs) of cross-entropy through softmax, y Σt − t; of one sigmoid, y − t.

    Both derivatives at once: taken one after another they would be −t / y and y (1 − y), and
    divide by a probability that 64 bits may have rounded to 0.
    """
    if targets.shape[-1] == 1:
        return outputs - targets
    return outputs * targets.sum(dim=-1, keepdim=True) - targets

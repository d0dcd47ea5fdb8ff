"""What a neuron makes of its sum: the unit of 1943, and those that have a slope to learn by.

McCulloch and Pitts 1943 (threshold); sigmoid and tanh came with backpropagation (Rumelhart, Hinton
and Williams 1986), ReLU with deep nets (Nair and Hinton 2010).
"""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

CURVE_REACH = 6.0


def threshold(sums: Tensor) -> Tensor:
    """1 where the sum is above 0, else 0: the unit fires or it does not. Its slope is 0."""
    return torch.heaviside(sums.detach(), torch.zeros((), dtype=sums.dtype)) + 0 * sums


UNITS: dict[str, Callable[[Tensor], Tensor]] = {
    "threshold": threshold,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "relu": torch.relu,
}


@dataclass(frozen=True)
class UnitCurve:
    """A unit and its derivative.

    Attributes:
        at: float64 ``(n,)``, from -6 to 6.
        values: float64 ``(n,)``.
        slopes: float64 ``(n,)``, the derivative by autograd; where there is none, PyTorch's choice:
            0 (threshold and ReLU at 0).
    """

    at: Tensor
    values: Tensor
    slopes: Tensor


def unit_curve(name: str, points: int = 121) -> UnitCurve:
    """The curve of a unit of :data:`UNITS`."""
    at = torch.linspace(-CURVE_REACH, CURVE_REACH, points, dtype=torch.float64).requires_grad_()
    with torch.enable_grad():
        values = UNITS[name](at)
        (slopes,) = torch.autograd.grad(values.sum(), at)
    return UnitCurve(at.detach(), values.detach(), slopes)

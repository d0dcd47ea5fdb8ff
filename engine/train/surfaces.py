"""Textbook surfaces over two parameters, with hollows to get caught in.

Sources: Himmelblau, "Applied nonlinear programming" (1972), divided by 100; Rastrigin, "Systems of
extremal control" (1974), over 20; an ill-conditioned valley; and a bowl with four dents of our own.
Scaled so that the same learning rates are worth trying on all of them. Each comes twice: on
tensors, and for one point with its gradient in plain numbers, which is what a walk of many steps
needs to be quick; a test holds the gradients against autograd.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from math import cos, exp, sin, tau

import numpy as np
import torch
from scipy.optimize import minimize
from torch import Tensor

REACH = 5.0  # the surfaces are looked at where both coordinates lie in [-REACH, REACH]

Slope = tuple[float, float, float]  # height, its derivative by x, by y

# Dents of "hollows": x, y, depth, width (the standard deviation of a Gaussian)
_DENTS = (
    (1.8, 1.5, 2.0, 1.0),
    (-2.0, 1.2, 1.0, 0.8),
    (-1.0, -2.2, 1.2, 0.8),
    (2.6, -2.0, 0.8, 0.6),
)


@dataclass(frozen=True)
class Surface:
    """A surface: ``heights`` float32 (n, 2) → (n,), and ``slope`` at one point."""

    heights: Callable[[Tensor], Tensor]
    slope: Callable[[float, float], Slope]


def hollows(at: Tensor) -> Tensor:
    """A bowl, 2 + 0.06 (x² + y²), with four Gaussian dents; the deepest is near (1.7, 1.4)."""
    centres, depths, widths = torch.tensor(_DENTS).split([2, 1, 1], dim=1)
    distances = (at[:, None] - centres).square().sum(dim=2)  # (n, 4)
    dents = depths[:, 0] * (-distances / (2 * widths[:, 0] ** 2)).exp()
    return 2 + 0.06 * at.square().sum(dim=1) - dents.sum(dim=1)


def _hollows_slope(x: float, y: float) -> Slope:
    height, dx, dy = 2 + 0.06 * (x * x + y * y), 0.12 * x, 0.12 * y
    for cx, cy, depth, width in _DENTS:
        dent = depth * exp(-((x - cx) ** 2 + (y - cy) ** 2) / (2 * width**2))
        height -= dent
        dx += dent * (x - cx) / width**2
        dy += dent * (y - cy) / width**2
    return height, dx, dy


def himmelblau(at: Tensor) -> Tensor:
    """((x² + y - 11)² + (x + y² - 7)²) / 100: four minima, all 0, one of them at (3, 2)."""
    x, y = at.unbind(dim=1)
    return ((x.square() + y - 11).square() + (x + y.square() - 7).square()) / 100


def _himmelblau_slope(x: float, y: float) -> Slope:
    u, v = x * x + y - 11, x + y * y - 7
    return (u * u + v * v) / 100, (4 * x * u + 2 * v) / 100, (2 * u + 4 * y * v) / 100


def rastrigin(at: Tensor) -> Tensor:
    """(20 + Σ (x² - 10 cos 2πx)) / 20: a hollow at every whole number, the deepest at (0, 0)."""
    return (20 + (at.square() - 10 * (tau * at).cos()).sum(dim=1)) / 20


def _rastrigin_slope(x: float, y: float) -> Slope:
    height = 20 + x * x + y * y - 10 * (cos(tau * x) + cos(tau * y))
    dx, dy = 2 * x + 10 * tau * sin(tau * x), 2 * y + 10 * tau * sin(tau * y)
    return height / 20, dx / 20, dy / 20


def valley(at: Tensor) -> Tensor:
    """0.05 x² + y²: one minimum, in a valley twenty times as steep across as along."""
    return (at.square() * torch.tensor([0.05, 1.0])).sum(dim=1)


def _valley_slope(x: float, y: float) -> Slope:
    return 0.05 * x * x + y * y, 0.1 * x, 2 * y


SURFACES = {
    "hollows": Surface(hollows, _hollows_slope),
    "himmelblau": Surface(himmelblau, _himmelblau_slope),
    "rastrigin": Surface(rastrigin, _rastrigin_slope),
    "valley": Surface(valley, _valley_slope),
}


@dataclass(frozen=True)
class Lowest:
    """The lowest point of a surface within reach."""

    x: float
    y: float
    height: float


@cache
def lowest_point(name: str, starts: int = 100) -> Lowest:
    """Where a surface is lowest, to about 1e-9: downhill from the lowest of a grid's cells.

    A grid alone would name the height of a cell's centre, which is above the bottom.
    """
    heights = sample_surface(name, starts)
    row, column = divmod(int(heights.argmin()), starts)
    centre = (np.array([column, starts - 1 - row]) + 0.5) / starts * 2 - 1
    slope = SURFACES[name].slope
    found = minimize(
        lambda at: slope(*at)[0],
        centre * REACH,
        jac=lambda at: np.array(slope(*at)[1:]),
        method="BFGS",
        options={"gtol": 1e-10},
    )
    return Lowest(float(found.x[0]), float(found.x[1]), float(found.fun))


def sample_surface(name: str, cells: int) -> Tensor:
    """Heights at the centres of ``cells`` × ``cells`` squares, the top row having the largest y.

    Returns:
        float32 (cells, cells).
    """
    centres = ((torch.arange(cells) + 0.5) / cells * 2 - 1) * REACH
    y, x = torch.meshgrid(centres.flip(0), centres, indexing="ij")
    return SURFACES[name].heights(torch.stack([x.flatten(), y.flatten()], dim=1)).view(cells, cells)

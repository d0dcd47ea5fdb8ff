"""One neuron that learns: Rosenblatt's rule, step by step, and whether it can ever succeed.

A neuron divides the plane by the line w·x + b = 0. The rule (Rosenblatt 1958) looks at one point at
a time and moves the line only where the point lies on the wrong side of it, or on it. It ends
wherever some line divides the classes (Novikoff 1962).
"""

import math
from dataclasses import dataclass

import torch
from torch import Tensor

SAME = 9  # decimals to which weights are the same as before
HALF_TURN_SLACK = 1e-9  # rad; on the page's grid of hundredths no two directions are as near


@dataclass(frozen=True)
class PerceptronTrace:
    """Every step of the rule.

    Attributes:
        visited: int64 ``(steps,)``, which point each step looked at.
        wrong: bool ``(steps,)``, whether it moved the line.
        weights: float64 ``(steps + 1, d)``, before the first step and after each.
        biases: float64 ``(steps + 1,)``, likewise.
        settled: whether every point is right with the last weights.
        circle: the two steps, at the beginning of an epoch, between which the weights went round
            to where they had been; None where they never did. From there on all repeats.
    """

    visited: Tensor
    wrong: Tensor
    weights: Tensor
    biases: Tensor
    settled: bool
    circle: tuple[int, int] | None


def perceptron_rule(
    points: Tensor, targets: Tensor, weights: Tensor, bias: Tensor, rate: float, most_steps: int
) -> tuple[Tensor, Tensor]:
    """Rosenblatt's rule: weights and bias once every point is right, or after ``most_steps``.

    Args:
        points: float64 ``(n, d)``, n >= 1, looked at in their order, again and again.
        targets: float64 ``(n,)``, +1 or -1.
        weights: float64 ``(d,)`` to begin with.
        bias: float64 ``()`` to begin with.
        rate: how far a step goes, > 0.
        most_steps: points looked at, at most.
    """
    right_in_a_row = 0
    for step in range(most_steps):
        x, y = points[step % len(points)], targets[step % len(points)]
        if y * (weights @ x + bias) > 0:
            right_in_a_row += 1
        else:
            weights = weights + rate * y * x
            bias = bias + rate * y
            right_in_a_row = 0
        if right_in_a_row == len(points):
            break
    return weights, bias


def perceptron_trace(
    points: Tensor, targets: Tensor, weights: Tensor, bias: Tensor, rate: float, most_steps: int
) -> PerceptronTrace:
    """:func:`perceptron_rule` with every step that it takes; the arguments are the same."""
    count = len(points)
    ways, biases, wrong = [weights], [bias], []
    seen: dict[tuple[float, ...], int] = {}
    circle, right_in_a_row = None, 0
    for step in range(most_steps):
        if step % count == 0 and circle is None:
            now = tuple(round(value, SAME) for value in [*ways[-1].tolist(), biases[-1].item()])
            begun = seen.setdefault(now, step)
            circle = None if begun == step or not any(wrong[begun:]) else (begun, step)
        x, y = points[step % count], targets[step % count]
        moves = not bool(y * (ways[-1] @ x + biases[-1]) > 0)
        wrong.append(moves)
        ways.append(ways[-1] + rate * y * x if moves else ways[-1])
        biases.append(biases[-1] + rate * y if moves else biases[-1])
        right_in_a_row = 0 if moves else right_in_a_row + 1
        if right_in_a_row == count:
            break
    return PerceptronTrace(
        visited=torch.arange(len(wrong)) % count,
        wrong=torch.tensor(wrong, dtype=torch.bool),
        weights=torch.stack(ways),
        biases=torch.stack(biases),
        settled=right_in_a_row == count,
        circle=circle,
    )


def separating_direction(points: Tensor, targets: Tensor) -> Tensor | None:
    """A direction along which every +1 lies farther than every -1; None where no line divides them.

    A line divides two sets if, and only if, all ways from a point of one to a point of the other
    lie in one open half of the compass: if they leave free more than half a turn.

    Args:
        points: float64 ``(n, 2)``.
        targets: float64 ``(n,)``, +1 or -1.

    Returns:
        float64 ``(2,)`` of length 1; zeros where there is one class only, which needs no line.
    """
    plus, minus = points[targets > 0], points[targets < 0]
    if not len(plus) or not len(minus):
        return torch.zeros(2, dtype=torch.float64)
    ways = (plus[:, None] - minus[None]).reshape(-1, 2)
    if (ways == 0).all(dim=1).any():
        return None  # two points of different classes in one place
    angles = torch.atan2(ways[:, 1], ways[:, 0]).sort().values
    gaps = torch.cat([angles[1:] - angles[:-1], angles[:1] + 2 * math.pi - angles[-1:]])
    widest = int(gaps.argmax())
    if gaps[widest] <= math.pi + HALF_TURN_SLACK:
        return None
    away = angles[widest] + gaps[widest] / 2
    return -torch.stack([away.cos(), away.sin()])


def convex_hull(points: Tensor) -> Tensor:
    """The corners of the smallest convex polygon around points, counter-clockwise.

    Andrew's monotone chain (1979): points in the order of x, each turn to the right taken back.

    Args:
        points: float64 ``(n, 2)``, n >= 0.

    Returns:
        float64 ``(k, 2)``; fewer than three where the points lie on a line.
    """
    ordered = sorted({tuple(point) for point in points.tolist()})

    def chain(places: list[tuple[float, ...]]) -> list[tuple[float, ...]]:
        made: list[tuple[float, ...]] = []
        for x, y in places:
            while len(made) > 1:
                (x0, y0), (x1, y1) = made[-2:]
                if (x1 - x0) * (y - y0) - (y1 - y0) * (x - x0) > 0:
                    break
                made.pop()
            made.append((x, y))
        return made

    corners = ordered if len(ordered) < 3 else chain(ordered)[:-1] + chain(ordered[::-1])[:-1]
    return torch.tensor(corners, dtype=torch.float64).reshape(-1, 2)

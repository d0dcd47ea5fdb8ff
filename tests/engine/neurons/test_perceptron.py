"""Rosenblatt's rule against scikit-learn's and by hand; separability against linear programming."""

from typing import Any

import numpy as np
import pytest
import torch
from scipy.optimize import linprog
from scipy.spatial import ConvexHull
from sklearn.linear_model import Perceptron

from engine.neurons.perceptron import (
    convex_hull,
    perceptron_rule,
    perceptron_trace,
    separating_direction,
)

CORNERS = torch.tensor([[0.0, 0], [0, 1], [1, 0], [1, 1]], dtype=torch.float64)
AND, XOR = (torch.tensor(t, dtype=torch.float64) for t in ([-1, -1, -1, 1], [-1, 1, 1, -1]))
NOTHING = torch.zeros(2, dtype=torch.float64), torch.zeros((), dtype=torch.float64)


def drawn(seed: int, count: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Points on a coarse grid, so that some lie on one line or in one place; random classes."""
    chance = torch.Generator().manual_seed(seed)
    points = torch.randint(-4, 5, (count, 2), generator=chance).double() / 2
    targets = 2 * torch.randint(0, 2, (count,), generator=chance).double() - 1
    return points, targets


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("rate", [1.0, 0.3])
def test_every_update_is_scikit_learns(seed: int, rate: float) -> None:
    points, targets = drawn(seed, 9)
    if targets.unique().numel() < 2:
        targets[0] = -targets[0]
    weights, bias = torch.tensor([0.5, -1.0], dtype=torch.float64), torch.tensor(0.25).double()
    for epochs in (1, 4, 10):
        settings: Any = {"eta0": rate, "shuffle": False, "tol": None, "max_iter": epochs}
        theirs: Any = Perceptron(**settings)
        begun = {"coef_init": np.array([[0.5, -1.0]]), "intercept_init": np.array([0.25])}
        theirs.fit(points.numpy(), targets.numpy(), **begun)
        trace = perceptron_trace(points, targets, weights, bias, rate, epochs * len(points))
        np.testing.assert_allclose(trace.weights[-1], theirs.coef_[0], atol=1e-12)
        np.testing.assert_allclose(trace.biases[-1], theirs.intercept_[0], atol=1e-12)


@pytest.mark.parametrize("seed", range(8))
def test_the_short_rule_and_its_trace_agree(seed: int) -> None:
    points, targets = drawn(seed, 7)
    trace = perceptron_trace(points, targets, *NOTHING, 0.7, 150)
    weights, bias = perceptron_rule(points, targets, *NOTHING, 0.7, 150)
    assert torch.equal(trace.weights[-1], weights)
    assert torch.equal(trace.biases[-1], bias)
    sums = trace.weights[:-1] @ points.T + trace.biases[:-1, None]
    seen = sums[torch.arange(len(trace.visited)), trace.visited] * targets[trace.visited]
    assert torch.equal(trace.wrong, seen <= 0)
    right = targets * (points @ weights + bias) > 0
    assert trace.settled == bool(right.all())


def test_and_by_hand() -> None:
    trace = perceptron_trace(CORNERS, AND, *NOTHING, 1.0, 400)
    assert trace.settled
    assert len(trace.visited) == 34
    assert int(trace.wrong.sum()) == 18
    assert trace.weights[-1].tolist() == [3, 2]
    assert trace.biases[-1].item() == -4
    first = [(0, 0, -1), (0, 0, -1), (0, 0, -1), (1, 1, 0)]  # after each point of epoch 1
    rows = torch.cat([trace.weights, trace.biases[:, None]], dim=1)[1:5]
    assert [tuple(row) for row in rows.tolist()] == first


def test_xor_goes_in_circles() -> None:
    trace = perceptron_trace(CORNERS, XOR, *NOTHING, 1.0, 400)
    assert not trace.settled
    assert trace.circle == (0, 4)
    assert torch.equal(trace.weights[0], trace.weights[4])
    assert separating_direction(CORNERS, XOR) is None


def test_from_zero_the_rate_changes_only_the_scale() -> None:
    points, targets = drawn(3, 8)
    one = perceptron_trace(points, targets, *NOTHING, 1.0, 200)
    other = perceptron_trace(points, targets, *NOTHING, 0.25, 200)
    assert torch.equal(one.wrong, other.wrong)
    torch.testing.assert_close(other.weights, one.weights / 4)


def is_divided(points: torch.Tensor, targets: torch.Tensor) -> bool:
    """Whether some w and b give y (w·x + b) >= 1 for all points: by linear programming."""
    signed = targets[:, None] * torch.cat([points, torch.ones(len(points), 1)], dim=1)
    found = linprog(
        np.zeros(3), A_ub=-signed.numpy(), b_ub=-np.ones(len(points)), bounds=[(None, None)] * 3
    )
    return found.status == 0


def test_a_line_is_found_exactly_where_there_is_one() -> None:
    answers = []
    for seed in range(120):
        points, targets = drawn(seed, 3 + seed % 6)
        direction = separating_direction(points, targets)
        answers.append(direction is not None)
        assert (direction is not None) == is_divided(points, targets), (points, targets)
        if direction is not None and targets.unique().numel() == 2:
            along = points @ direction
            assert along[targets > 0].min() > along[targets < 0].max()
    assert 20 < sum(answers) < 100, "both answers are tried"


@pytest.mark.parametrize("seed", range(10))
def test_the_hull_is_scipys(seed: int) -> None:
    points, _ = drawn(seed, 12)
    theirs = ConvexHull(points.numpy())
    ours = convex_hull(points)
    assert {tuple(p) for p in ours.tolist()} == {tuple(points[i].tolist()) for i in theirs.vertices}
    ring = torch.cat([ours, ours[:1]])
    area = (ring[:-1, 0] * ring[1:, 1] - ring[1:, 0] * ring[:-1, 1]).sum() / 2
    assert area.item() == pytest.approx(theirs.volume)  # counter-clockwise, so above 0


def test_few_points_have_a_hull_too() -> None:
    assert convex_hull(torch.empty(0, 2, dtype=torch.float64)).shape == (0, 2)
    assert convex_hull(CORNERS[:1]).tolist() == [[0, 0]]
    line = torch.tensor([[0.0, 0], [1, 1], [2, 2]], dtype=torch.float64)
    assert convex_hull(line).tolist() == [[0, 0], [2, 2]]

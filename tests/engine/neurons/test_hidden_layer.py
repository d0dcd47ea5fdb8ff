"""A hidden layer's gradients against autograd, its training against torch's own optimiser."""

import pytest
import torch
from torch.nn import functional

from engine.neurons.hidden_layer import (
    SLOPES,
    draw_net,
    loss_and_gradient,
    net_of,
    see,
    train_hidden,
)
from engine.neurons.units import UNITS, threshold, unit_curve


def drawn(seed: int, count: int = 7) -> tuple[torch.Tensor, torch.Tensor]:
    chance = torch.Generator().manual_seed(seed)
    points = 4 * torch.rand(count, 2, generator=chance, dtype=torch.float64) - 2
    return points, 2 * torch.randint(0, 2, (count,), generator=chance).double() - 1


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("units", [1, 2, 5])
def test_the_gradient_is_autograds(unit: str, units: int) -> None:
    for seed in range(6):
        points, targets = drawn(seed)
        numbers = (3 * draw_net(units, seed).flat()).requires_grad_()
        _, logits = see(net_of(numbers), points, unit)
        theirs = functional.binary_cross_entropy_with_logits(logits, (targets + 1) / 2)
        (wanted,) = torch.autograd.grad(theirs, numbers)
        loss, gradient = loss_and_gradient(net_of(numbers.detach()), points, targets, unit)
        torch.testing.assert_close(loss, theirs.detach(), rtol=1e-12, atol=1e-14)
        torch.testing.assert_close(gradient.flat(), wanted, rtol=1e-10, atol=1e-14)


@pytest.mark.parametrize("unit", ["sigmoid", "tanh", "relu"])
def test_training_is_torchs_gradient_descent(unit: str) -> None:
    points, targets = drawn(1)
    net = draw_net(3, 1)
    numbers = net.flat().clone().requires_grad_()
    optimiser = torch.optim.SGD([numbers], lr=0.8)
    for _ in range(40):
        optimiser.zero_grad()
        functional.softplus(-targets * see(net_of(numbers), points, unit)[1]).mean().backward()
        optimiser.step()
    ours = train_hidden(net, points, targets, unit, 0.8, 40)
    torch.testing.assert_close(ours.numbers[-1], numbers.detach(), rtol=1e-9, atol=1e-12)
    assert len(ours.losses) == len(ours.numbers) == 41
    assert ours.losses[-1] < ours.losses[0]


def test_a_threshold_lets_no_gradient_through() -> None:
    points, targets = drawn(2)
    net = draw_net(2, 2)
    ours = train_hidden(net, points, targets, "threshold", 1.0, 30)
    first, last = net_of(ours.numbers[0]), net_of(ours.numbers[-1])
    assert torch.equal(first.hidden, last.hidden)
    assert not torch.equal(first.output, last.output)


def test_a_training_that_runs_away_ends_with_finite_numbers() -> None:
    points, targets = drawn(3)
    ours = train_hidden(net_of(1e4 * draw_net(2, 1).flat()), points, targets, "relu", 1e4, 200)
    assert len(ours.losses) == len(ours.numbers) < 201
    assert ours.numbers.isfinite().all()
    assert ours.losses.isfinite().all()


def test_numbers_stand_in_the_order_that_is_stated() -> None:
    numbers = torch.arange(9, dtype=torch.float64)
    net = net_of(numbers)
    assert torch.equal(net.flat(), numbers)
    assert net.hidden.tolist() == [[0, 1], [4, 5]]
    assert net.hidden_bias.tolist() == [2, 6]
    assert net.output.tolist() == [3, 7]
    assert net.output_bias.item() == 8


@pytest.mark.parametrize("unit", UNITS)
def test_a_units_curve_and_slope(unit: str) -> None:
    curve = unit_curve(unit)
    own = SLOPES[unit](curve.at, curve.values)
    torch.testing.assert_close(curve.slopes, own, rtol=1e-12, atol=1e-15)


def test_the_threshold_fires_above_zero_alone() -> None:
    assert threshold(torch.tensor([-1.0, 0.0, 1e-9])).tolist() == [0, 0, 1]

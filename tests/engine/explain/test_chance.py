"""Deletion in random order against a slow reference, on a net small enough to know by heart."""

import pytest
import torch
from torch import nn

from engine.explain.chance import random_order_steps
from engine.progress import finish


@pytest.fixture
def model() -> nn.Module:
    torch.manual_seed(0)
    return nn.Sequential(nn.Flatten(), nn.Linear(3 * 4 * 5, 3)).eval()


def slow_curve(model: nn.Module, x: torch.Tensor, order: torch.Tensor, steps: int) -> list[float]:
    probs = []
    ranked = order.flatten().argsort(descending=True, stable=True).tolist()
    for step in range(steps + 1):
        changed = x.clone()
        for pixel in ranked[: round(step / steps * len(ranked))]:
            changed[0, :, pixel // 5, pixel % 5] = x.mean(dim=(2, 3))[0]
        with torch.no_grad():
            probs.append(model(changed).softmax(dim=1)[0, 1].item())
    return probs


@pytest.mark.parametrize(("repeats", "steps"), [(1, 1), (1, 4), (3, 5)])
def test_the_mean_of_random_orders_is_that_of_a_slow_reference(
    model: nn.Module, repeats: int, steps: int
) -> None:
    x = torch.randn(1, 3, 4, 5, generator=torch.Generator().manual_seed(1))
    drawn = torch.Generator().manual_seed(2)
    orders = [torch.rand(4, 5, generator=drawn) for _ in range(repeats)]
    expected = torch.tensor([slow_curve(model, x, order, steps) for order in orders]).mean(dim=0)
    steps_taken = list(
        random_order_steps(
            model, x, 1, torch.Generator().manual_seed(2), steps=steps, repeats=repeats
        )
    )
    curve = finish(steps_taken)
    torch.testing.assert_close(curve.probs, expected)
    assert curve.auc == pytest.approx(torch.trapezoid(expected, curve.fraction).item())
    assert [(step.done, step.total) for step in steps_taken] == [
        (done, repeats) for done in range(1, repeats + 1)
    ]

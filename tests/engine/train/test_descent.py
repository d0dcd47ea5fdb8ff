"""Ways over textbook surfaces: their gradients, their optimisers, and what is called lost."""

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from engine.train.descent import LOST, descend_surface
from engine.train.settings import SCHEDULES, TrainSettings
from engine.train.surfaces import REACH, SURFACES, himmelblau, rastrigin, sample_surface

places = st.floats(-LOST, LOST, width=32)


@given(name=st.sampled_from(list(SURFACES)), x=places, y=places)
def test_slopes_are_autograds(name: str, x: float, y: float):
    at = torch.tensor([[x, y]], requires_grad=True)
    (height,) = SURFACES[name].heights(at)
    (gradient,) = torch.autograd.grad(height, at)
    found = torch.tensor(SURFACES[name].slope(x, y))
    torch.testing.assert_close(found[0], height.detach(), rtol=1e-4, atol=1e-4)
    torch.testing.assert_close(found[1:], gradient[0], rtol=1e-3, atol=1e-3)


def test_the_minima_that_the_textbooks_name():
    known = torch.tensor(
        [[3.0, 2.0], [-2.805118, 3.131312], [-3.779310, -3.283186], [3.584428, -1.848126]]
    )
    torch.testing.assert_close(himmelblau(known), torch.zeros(4), rtol=0, atol=1e-6)
    torch.testing.assert_close(rastrigin(torch.zeros(1, 2)), torch.zeros(1))


@pytest.mark.parametrize("name", SURFACES)
def test_a_map_has_its_largest_y_on_top(name: str):
    heights = sample_surface(name, 10)
    half = REACH / 10
    corners = torch.tensor([[-REACH + half, REACH - half], [REACH - half, -REACH + half]])
    expected = SURFACES[name].heights(corners)
    torch.testing.assert_close(torch.stack([heights[0, 0], heights[-1, -1]]), expected)
    assert heights.min() >= 0


@pytest.mark.parametrize("schedule", SCHEDULES)
@pytest.mark.parametrize("name", SURFACES)
def test_the_optimisers_are_torchs(name: str, schedule: str):
    settings = TrainSettings(epochs=3, learning_rate=0.05, schedule=schedule, step_epochs=1)
    found = descend_surface(name, (1.0, -2.0), settings, steps_per_epoch=4)
    kinds = {
        "sgd": lambda p: torch.optim.SGD([p], lr=0.05),
        "momentum": lambda p: torch.optim.SGD([p], lr=0.05, momentum=0.9),
        "adamw": lambda p: torch.optim.AdamW([p], lr=0.05, weight_decay=0.0),
    }
    for k, kind in enumerate(found.names):
        point = torch.tensor([1.0, -2.0], requires_grad=True)
        optimiser = kinds[kind](point)
        for step in range(12):
            torch.testing.assert_close(found.points[k, step], point.detach(), rtol=1e-3, atol=1e-4)
            optimiser.param_groups[0]["lr"] = found.rates[step].item()
            optimiser.zero_grad()
            SURFACES[name].heights(point[None]).sum().backward()
            optimiser.step()
    assert found.lost == (None, None, None)
    assert found.points.shape == (3, 13, 2)


def test_gradient_descent_diverges_beyond_two_over_the_curvature():
    """In the valley the curvature is 2 across, so that 1 is the limit (Nesterov 2004)."""

    def fate(rate: float) -> int | None:
        settings = TrainSettings(epochs=6, learning_rate=rate)
        return descend_surface("valley", (0.0, 3.0), settings, 10).lost[0]

    assert fate(0.99) is None
    assert fate(1.01) is None  # grows, but slowly: by 2 % a step
    assert fate(1.1) == 7  # 3 · 1.2⁷ > 10


def test_what_is_lost_is_left_there():
    settings = TrainSettings(epochs=6, learning_rate=10.0)
    found = descend_surface("himmelblau", (5.0, 5.0), settings, 10)
    assert found.lost[0] == 1
    assert math.isnan(found.heights[0, 1].item())
    assert found.points[0, 1].abs().max() > LOST
    assert found.points[0, 2:].isnan().all()

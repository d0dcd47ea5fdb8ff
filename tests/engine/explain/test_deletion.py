"""Deletion against a slow reference, on a model where the best order is known, and for real."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from engine.errors import InputError
from engine.explain.attribution import attribute
from engine.explain.deletion import (
    blanked,
    deletion_check,
    deletion_check_steps,
    deletion_curve,
    deletion_rank,
    fill_picture,
    moved_elsewhere,
)


def slow_curve(model, x, target, order_map, steps):
    """Pixel by pixel, with Python's own sort; one picture at a time."""
    height, width = order_map.shape
    cells = [(r, c) for r in range(height) for c in range(width)]
    cells.sort(key=lambda cell: -order_map[cell].item())  # stable: ties by the lower index
    mean = [x[0, channel].mean() for channel in range(3)]
    fraction, probs = [], []
    for step in range(steps + 1):
        picture = x.clone()
        gone = round(step / steps * len(cells))
        for r, c in cells[:gone]:
            for channel in range(3):
                picture[0, channel, r, c] = mean[channel]
        fraction.append(gone / len(cells))
        probs.append(model(picture).softmax(1)[0, target].item())
    return fraction, probs


def linear_model(seed, height, width):
    """Two classes; the first one's logit is a weighted sum of the pixels, the second one's is 0."""
    torch.manual_seed(seed)
    linear = nn.Linear(3 * height * width, 2)
    linear.weight.data[1] = 0
    linear.bias.data[:] = 0
    model = nn.Sequential(nn.Flatten(), linear).eval()
    return model, linear.weight.data[0].view(3, height, width)


@pytest.mark.parametrize(
    ("order_map", "rank"),
    [
        ([[0.0]], [[0]]),
        ([[0.0, 0.0], [0.0, 0.0]], [[0, 1], [2, 3]]),
        ([[1.0, 2.0], [2.0, -1.0]], [[2, 0], [1, 3]]),
    ],
)
def test_the_most_blamed_goes_first_and_ties_by_the_lower_index(order_map, rank):
    assert deletion_rank(torch.tensor(order_map)).tolist() == rank


@pytest.mark.parametrize("steps", [1, 2, 7, 120])
def test_equal_to_the_slow_reference(tiny, tiny_x, steps):
    order_map = torch.randint(0, 9, (12, 10)).float()  # with ties
    found = deletion_curve(tiny, tiny_x, 2, order_map, steps)
    fraction, probs = slow_curve(tiny, tiny_x, 2, order_map, steps)
    np.testing.assert_allclose(found.fraction, fraction, atol=1e-6)
    np.testing.assert_allclose(found.probs, probs, atol=1e-5)
    assert found.auc == pytest.approx(np.trapezoid(probs, fraction), abs=1e-5)


@given(st.integers(0, 10_000), st.integers(2, 6), st.integers(2, 6))
def test_of_a_linear_model_no_order_falls_faster_than_that_of_its_weights(seed, height, width):
    model, weight = linear_model(seed, height, width)
    x = torch.randn(1, 3, height, width)
    share = (weight * (x - x.mean((2, 3), keepdim=True))[0]).sum(0)  # what each pixel adds
    steps = height * width
    best = deletion_curve(model, x, 0, share, steps)
    worst = deletion_curve(model, x, 0, -share, steps)
    other = deletion_curve(model, x, 0, torch.rand(height, width), steps)
    helps = int((share > 0).sum())
    assert (best.probs[: helps + 1].diff() <= 1e-6).all()  # falls while what helps is taken away
    assert (best.probs[helps:].diff() >= -1e-6).all()  # rises while what hinders is
    assert (best.probs <= other.probs + 1e-6).all()
    assert (other.probs <= worst.probs + 1e-6).all()
    assert best.auc <= other.auc + 1e-6 <= worst.auc + 2e-6


@pytest.mark.parametrize("fill", ["mean", "blur"])
def test_every_order_begins_with_the_picture_and_ends_with_the_fill(tiny, tiny_x, fill):
    found = deletion_curve(tiny, tiny_x, 0, torch.rand(12, 10), 4, fill)
    ends = torch.cat([tiny_x, fill_picture(tiny_x, fill)])
    torch.testing.assert_close(found.probs[[0, -1]], tiny(ends).softmax(1)[:, 0].detach())
    assert found.fraction.tolist() == [0, 0.25, 0.5, 0.75, 1]


def test_blanked_is_the_picture_that_the_curve_saw(tiny, tiny_x):
    order_map = torch.rand(12, 10)
    curve = deletion_curve(tiny, tiny_x, 1, order_map, 7)
    for fraction, prob in zip(curve.fraction.tolist(), curve.probs, strict=True):
        seen = tiny(blanked(tiny_x, order_map, fraction)).softmax(1)[0, 1]
        torch.testing.assert_close(seen.detach(), prob)


def test_blanked_takes_just_the_most_blamed_pixels(tiny_x):
    order_map = torch.rand(12, 10)
    gone = (blanked(tiny_x, order_map, 0.1, "blur") != tiny_x).all(dim=1)[0]
    assert set(gone.flatten().nonzero()[:, 0].tolist()) == set(
        order_map.flatten().topk(12).indices.tolist()
    )


def test_fills(tiny_x):
    mean = fill_picture(tiny_x, "mean")
    torch.testing.assert_close(mean[0, :, 3, 3], tiny_x[0].mean((1, 2)))
    flat = torch.full((1, 3, 40, 48), 0.7)
    torch.testing.assert_close(fill_picture(flat, "blur"), flat)
    noise = torch.randn(1, 3, 64, 64)
    assert fill_picture(noise, "blur").std() < 0.15 * noise.std()


@pytest.mark.parametrize("fraction", [-0.1, 1.1, math.nan])
def test_a_fraction_out_of_range_is_refused(tiny_x, fraction):
    with pytest.raises(InputError, match="fraction must lie between 0 and 1"):
        blanked(tiny_x, torch.zeros(12, 10), fraction)


def test_settings_that_cannot_be_used_are_refused(tiny, tiny_x):
    order_map, generator = torch.zeros(12, 10), torch.Generator()
    for steps in (0, 121):
        with pytest.raises(InputError, match="steps must lie between 1 and 120"):
            deletion_curve(tiny, tiny_x, 0, order_map, steps)
    for repeats in (0, 101):
        with pytest.raises(InputError, match="repeats must lie between 1 and 100"):
            deletion_check(tiny, tiny_x, 0, order_map, generator, repeats=repeats)
    with pytest.raises(InputError, match="fill must be one of mean, blur"):
        deletion_curve(tiny, tiny_x, 0, order_map, 2, "black")  # pyright: ignore[reportArgumentType]
    with pytest.raises(ValueError, match="map"):
        deletion_curve(tiny, tiny_x, 0, torch.zeros(10, 12), 2)


def test_moved_elsewhere_keeps_every_hole_and_follows_the_seed():
    order_map = torch.arange(30.0).view(5, 6)
    moved = [moved_elsewhere(order_map, torch.Generator().manual_seed(seed)) for seed in (3, 3, 4)]
    assert torch.equal(moved[0], moved[1])
    assert not torch.equal(moved[0], moved[2])
    rolls = [torch.roll(order_map, (r, c), (0, 1)) for r in range(5) for c in range(6)]
    assert any(torch.equal(moved[0], roll) for roll in rolls)


def test_the_check_is_made_of_the_curves(tiny, tiny_x):
    order_map = torch.rand(12, 10)
    found = deletion_check(
        tiny, tiny_x, 1, order_map, torch.Generator().manual_seed(5), steps=6, repeats=3
    )
    generator = torch.Generator().manual_seed(5)
    curves = [deletion_curve(tiny, tiny_x, 1, order_map, 6)] + [
        deletion_curve(tiny, tiny_x, 1, moved_elsewhere(order_map, generator), 6) for _ in range(3)
    ]
    for one, other in zip([found.blamed, *found.each_elsewhere], curves, strict=True):
        torch.testing.assert_close(one.probs, other.probs)
        assert one.auc == pytest.approx(other.auc)
    mean_auc = sum(curve.auc for curve in curves[1:]) / 3
    assert found.elsewhere.auc == pytest.approx(mean_auc)
    assert found.forward_passes == 4 * 7
    assert found.ms > 0


def test_a_map_that_blames_nothing_is_equal_to_itself_elsewhere(tiny, tiny_x):
    found = deletion_check(tiny, tiny_x, 1, torch.zeros(12, 10), torch.Generator(), repeats=2)
    assert found.blamed.auc == pytest.approx(found.elsewhere.auc)


def test_the_check_shows_true_progress_and_can_be_abandoned(tiny, tiny_x):
    calls = []
    tiny.register_forward_hook(lambda *_: calls.append(1))
    arguments = (tiny, tiny_x, 1, torch.rand(12, 10), torch.Generator())
    steps = deletion_check_steps(*arguments, steps=4, repeats=1)
    first = next(steps)
    assert (first.done, first.total, first.result) == (4, 10, None)
    steps.close()
    assert len(calls) == 1
    assert torch.is_grad_enabled()
    again = list(deletion_check_steps(*arguments, steps=4, repeats=1))
    assert [step.done for step in again] == [4, 8, 10]


def test_what_grad_cam_blames_matters_more_than_the_same_holes_elsewhere(
    mobilenet, coffee, espresso
):
    cam = attribute("grad_cam", mobilenet, coffee, espresso)
    generator = torch.Generator().manual_seed(0)
    found = deletion_check(mobilenet, coffee, espresso, cam.map, generator, steps=8, repeats=3)
    assert found.blamed.probs[0] > 0.9
    assert found.blamed.probs[-1] < 0.05
    assert found.blamed.auc < found.elsewhere.auc

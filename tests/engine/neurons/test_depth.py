"""Gradients through depth, against autograd by hand and PyTorch's own modules."""

import math
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from engine.neurons.depth import (
    STEEPEST,
    DepthSettings,
    activation_curve,
    build_deep_net,
    study_depth,
)
from engine.serving.vanishing_gradients.compute import digits
from engine.trainable.layers import ACTIVATIONS


def net_of(**changes: Any) -> DepthSettings:
    """Plain sigmoids with PyTorch's weights, but for the changes."""
    plain = {"depth": 10, "width": 32, "activation": "sigmoid", "init": "pytorch", "norm": "none"}
    return DepthSettings(**({**plain, "skip": False} | changes))


SETTINGS = [
    net_of(depth=2),
    net_of(depth=3, activation="tanh", init="xavier", skip=True),
    net_of(depth=6, width=8, activation="relu", init="he", norm="batch"),
    net_of(depth=9, width=16, activation="gelu", norm="layer", skip=True, seed=3),
    net_of(depth=50, width=8, activation="leaky_relu", init="he"),
]
RELU = {"activation": "relu", "init": "he"}


def batch() -> tuple[Tensor, Tensor]:
    images, targets = digits()
    return images[:64], targets[:64]


@pytest.mark.parametrize("settings", SETTINGS, ids=lambda s: f"{s.activation}-{s.depth}")
def test_norms_and_loss_are_those_of_plain_backpropagation(settings: DepthSettings) -> None:
    images, targets = batch()
    study = study_depth(settings, images, targets)
    net = build_deep_net(settings, (1, 8, 8), 10)
    loss = nn.CrossEntropyLoss()(net(images), targets)
    loss.backward()
    layers = [module for module in net.modules() if isinstance(module, nn.Linear)]
    expected = torch.stack([layer.weight.grad.double().norm() for layer in layers])  # type: ignore
    torch.testing.assert_close(study.norms, expected, rtol=1e-4, atol=0)
    assert study.loss == pytest.approx(loss.item(), rel=1e-5)


def test_a_sigmoid_net_by_hand() -> None:
    """Two hidden layers, the chain rule written out with the sigmoid's own derivative."""
    images, targets = batch()
    settings = net_of(depth=3, width=5)
    w = [p.detach() for p in build_deep_net(settings, (1, 8, 8), 10).parameters()]
    x = images.flatten(1)
    h1 = torch.sigmoid(x @ w[0].T + w[1])
    h2 = torch.sigmoid(h1 @ w[2].T + w[3])
    probs = (h2 @ w[4].T + w[5]).softmax(dim=1)
    d3 = (probs - nn.functional.one_hot(targets, 10)) / len(x)
    d2 = d3 @ w[4] * h2 * (1 - h2)
    d1 = d2 @ w[2] * h1 * (1 - h1)
    by_hand = torch.stack([(d1.T @ x).norm(), (d2.T @ h1).norm(), (d3.T @ h2).norm()])
    torch.testing.assert_close(study_depth(settings, images, targets).norms.float(), by_hand)


@pytest.mark.parametrize("name", STEEPEST)
def test_the_steepest_slope_is_that_of_pytorchs_activation(name: str) -> None:
    x = torch.linspace(-8, 8, 160_001, dtype=torch.float64, requires_grad=True)
    ACTIVATIONS[name]()(x).sum().backward()
    assert x.grad is not None
    assert x.grad.max().item() == pytest.approx(STEEPEST[name], abs=1e-4)


def test_the_textbook_is_one_factor_a_layer() -> None:
    settings = net_of(depth=5, width=16, init="he", activation="relu")
    study = study_depth(settings, *batch())
    ratios = study.textbook[:-1] / study.textbook[1:]
    torch.testing.assert_close(ratios, torch.full_like(ratios, study.factor))
    assert study.textbook[-1] == study.norms[-1]
    assert study.factor == pytest.approx(math.sqrt(2), rel=0.1)  # He's gain, as drawn


@pytest.mark.parametrize(
    ("settings", "norm"),
    [(net_of(depth=30), 1.817e-25), (net_of(depth=50), 1.708e-42)],
    ids=["thirty", "fifty"],
)
def test_a_norm_does_not_underflow_where_its_square_would(
    settings: DepthSettings, norm: float
) -> None:
    images, targets = digits()
    study = study_depth(settings, images[:128], targets[:128])
    assert study.norms.dtype == torch.float64
    assert study.norms[0].item() == pytest.approx(norm, rel=1e-3)
    assert (study.norms > 0).all()


def test_what_32_bits_cannot_hold_is_exactly_0() -> None:
    study = study_depth(net_of(depth=30, init="small"), *batch())
    assert study.norms[0] == 0
    assert study.textbook[0] < 1.4e-45
    assert study.norms[-1] > 0


@pytest.mark.parametrize("settings", SETTINGS, ids=lambda s: f"{s.activation}-{s.depth}")
def test_slopes_and_spreads_are_those_of_a_loop_over_the_layers(settings: DepthSettings) -> None:
    images, targets = batch()
    study = study_depth(settings, images, targets)
    given: list[Tensor] = []
    passed: list[Tensor] = []
    net = build_deep_net(settings, (1, 8, 8), 10)
    for block in net.hidden:
        act = block.get_submodule("act")
        act.register_forward_pre_hook(lambda _, inputs: given.append(inputs[0].double()))
        block.register_forward_hook(lambda _, __, output: passed.append(output.double()))
    with torch.no_grad():
        net(images)
    f, step = ACTIVATIONS[settings.activation](), 1e-9
    for layer, (z, outputs) in enumerate(zip(given, passed, strict=True)):
        slopes = (f(z + step) - f(z - step)) / (2 * step)  # no input lies just at a kink
        rms = slopes.square().mean().sqrt()
        torch.testing.assert_close(study.slopes[layer], rms, rtol=1e-3, atol=1e-5)
        torch.testing.assert_close(study.spreads[layer], outputs.std())
        each = outputs.var(dim=0).mean().sqrt()
        torch.testing.assert_close(study.across[layer], each)


def test_sigmoids_forget_the_picture_while_their_units_still_differ() -> None:
    study = study_depth(net_of(depth=30), *batch())
    assert study.across[0] == pytest.approx(0.095, rel=0.05)
    assert study.across[10] < 1e-7
    assert study.across[-1] == 0
    assert study.spreads[-1] > 0.05
    normed = study_depth(net_of(depth=30, norm="batch"), *batch())
    assert normed.across[-1] > 0.1


def test_the_slopes_that_were_met_explain_relu_with_he() -> None:
    study = study_depth(net_of(depth=30, **RELU), *batch())
    measured, textbook, expected = (
        (each[0] / each[-1]).item() for each in (study.norms, study.textbook, study.expected)
    )
    assert textbook > 1e4
    assert 0.1 < measured < 10
    assert 0.1 < expected < 10
    assert study.slopes.mean().item() == pytest.approx(math.sqrt(0.5), abs=0.1)


def test_one_factor_a_layer_of_the_expected_product_by_hand() -> None:
    settings = net_of(depth=3, width=5)
    study = study_depth(settings, *batch())
    weights = [p for p in build_deep_net(settings, (1, 8, 8), 10).parameters() if p.ndim == 2]
    gains = [w.detach().double().square().mean().sqrt() * math.sqrt(5) for w in weights]
    second = study.norms[2] * study.slopes[1] * gains[2]
    by_hand = torch.stack([second * study.slopes[0] * gains[1], second, study.norms[2]])
    torch.testing.assert_close(study.expected, by_hand)


@pytest.mark.parametrize("name", STEEPEST)
def test_the_curve_is_the_activation_and_its_derivative(name: str) -> None:
    curve = activation_curve(name)
    assert curve.at[0] == -6
    assert curve.at[-1] == 6
    assert curve.slopes.max().item() == pytest.approx(STEEPEST[name], abs=1e-3)
    between = (curve.slopes[1:] + curve.slopes[:-1]) / 2
    rises = between.cumsum(0) * (curve.at[1] - curve.at[0])
    torch.testing.assert_close(curve.values[0] + rises, curve.values[1:], atol=0.06, rtol=0)


def test_the_same_settings_give_the_same_study_whatever_was_drawn_before() -> None:
    first = study_depth(net_of(), *batch())
    torch.rand(7)
    again = study_depth(net_of(), *batch())
    assert torch.equal(first.norms, again.norms)
    other = study_depth(net_of(seed=1), *batch())
    assert not torch.equal(first.norms, other.norms)


def test_deep_sigmoids_vanish_and_norm_brings_them_back() -> None:
    vanished = study_depth(net_of(depth=20), *batch())
    revived = study_depth(net_of(depth=20, norm="batch"), *batch())
    assert vanished.norms[0] < 1e-12
    assert revived.norms[0] / revived.norms[-1] > 1e-3 > revived.textbook[0] / revived.textbook[-1]

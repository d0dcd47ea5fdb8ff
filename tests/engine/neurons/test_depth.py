"""Gradients through depth, against autograd by hand and PyTorch's own modules."""

import math

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from engine.errors import InputError
from engine.neurons.depth import STEEPEST, DepthSettings, build_deep_net, study_depth
from engine.serving.vanishing_gradients.compute import digits

SETTINGS = [
    DepthSettings(depth=2),
    DepthSettings(depth=3, activation="tanh", init="xavier", skip=True),
    DepthSettings(depth=6, width=8, activation="relu", init="he", norm="batch"),
    DepthSettings(depth=9, width=16, activation="gelu", norm="layer", skip=True, seed=3),
    DepthSettings(depth=50, width=8, activation="leaky_relu", init="he"),
]


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
    expected = torch.tensor([layer.weight.grad.norm() for layer in layers])  # type: ignore
    torch.testing.assert_close(study.norms, expected, rtol=1e-4, atol=1e-30)
    assert study.loss == pytest.approx(loss.item(), rel=1e-5)


def test_a_sigmoid_net_by_hand() -> None:
    """Two hidden layers, the chain rule written out with the sigmoid's own derivative."""
    images, targets = batch()
    settings = DepthSettings(depth=3, width=5)
    w = [p.detach() for p in build_deep_net(settings, (1, 8, 8), 10).parameters()]
    x = images.flatten(1)
    h1 = torch.sigmoid(x @ w[0].T + w[1])
    h2 = torch.sigmoid(h1 @ w[2].T + w[3])
    probs = (h2 @ w[4].T + w[5]).softmax(dim=1)
    d3 = (probs - nn.functional.one_hot(targets, 10)) / len(x)
    d2 = d3 @ w[4] * h2 * (1 - h2)
    d1 = d2 @ w[2] * h1 * (1 - h1)
    by_hand = torch.stack([(d1.T @ x).norm(), (d2.T @ h1).norm(), (d3.T @ h2).norm()])
    torch.testing.assert_close(study_depth(settings, images, targets).norms, by_hand)


@pytest.mark.parametrize("name", STEEPEST)
def test_the_steepest_slope_is_that_of_pytorchs_activation(name: str) -> None:
    from engine.trainable.layers import ACTIVATIONS

    x = torch.linspace(-8, 8, 160_001, dtype=torch.float64, requires_grad=True)
    ACTIVATIONS[name]()(x).sum().backward()
    assert x.grad is not None
    assert x.grad.max().item() == pytest.approx(STEEPEST[name], abs=1e-4)


def test_the_textbook_is_one_factor_a_layer() -> None:
    settings = DepthSettings(depth=5, width=16, init="he", activation="relu")
    study = study_depth(settings, *batch())
    ratios = study.textbook[:-1] / study.textbook[1:]
    torch.testing.assert_close(ratios, torch.full_like(ratios, study.factor))
    assert study.textbook[-1] == study.norms[-1]
    assert study.factor == pytest.approx(math.sqrt(2), rel=0.1)  # He's gain, as drawn


def test_histograms_count_every_output_and_match_numpy() -> None:
    images, targets = batch()
    settings = DepthSettings(depth=4, width=8, activation="tanh")
    study = study_depth(settings, images, targets)
    net = build_deep_net(settings, (1, 8, 8), 10)
    outputs = images.flatten(1)
    with torch.no_grad():
        for layer, hidden in enumerate(net.hidden):
            outputs = hidden(outputs)
            low, high = study.ranges[layer].tolist()
            expected, _ = np.histogram(outputs.numpy(), 32, (low, high))
            assert np.abs(study.histograms[layer].numpy() - expected).sum() <= 2  # bin edges
            assert study.histograms[layer].sum() == outputs.numel()
            torch.testing.assert_close(study.spreads[layer], outputs.std())


def test_the_same_settings_give_the_same_study_whatever_was_drawn_before() -> None:
    first = study_depth(DepthSettings(), *batch())
    torch.rand(7)
    again = study_depth(DepthSettings(), *batch())
    assert torch.equal(first.norms, again.norms)
    other = study_depth(DepthSettings(seed=1), *batch())
    assert not torch.equal(first.norms, other.norms)


def test_deep_sigmoids_vanish_and_norm_brings_them_back() -> None:
    vanished = study_depth(DepthSettings(depth=20), *batch())
    revived = study_depth(DepthSettings(depth=20, init="xavier", norm="batch"), *batch())
    assert vanished.norms[0] < 1e-12
    assert revived.norms[0] / revived.norms[-1] > 1e-3 > revived.textbook[0] / revived.textbook[-1]


@pytest.mark.parametrize(
    "wrong",
    [{"depth": 1}, {"depth": 51}, {"width": 3}, {"activation": "step"}, {"init": ""}, {"norm": 1}],
)
def test_wrong_settings_are_a_sentence(wrong: dict) -> None:
    with pytest.raises(InputError, match=r"must (lie between|be one of)"):
        DepthSettings(**wrong)

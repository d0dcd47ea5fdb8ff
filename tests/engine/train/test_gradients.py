"""Gradients by layer against autograd by hand; histograms against NumPy."""

import copy

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engine.train.gradients import (
    gradient_norms,
    histogram,
    layer_slopes,
    norms,
    weight_gradients,
    weight_norms,
)
from engine.trainable.choice import build_net
from engine.trainable.mlp import MLP
from engine.trainable.net_settings import NetSettings, net_defaults


@pytest.fixture
def batch() -> tuple[Tensor, Tensor]:
    drawn = torch.Generator().manual_seed(0)
    return torch.randn(8, 3, 8, 8, generator=drawn), torch.arange(8) % 4


def test_a_sigmoid_net_by_the_chain_rule_alone(batch: tuple[Tensor, Tensor]):
    """Backpropagation written out: no autograd on the oracle's side."""
    torch.manual_seed(1)
    net = MLP((3, 8, 8), 4, depth=3, width=5, activation="sigmoid").double()
    images, targets = batch[0].double(), batch[1]
    layers = [*(h.linear for h in net.hidden), net.head]  # pyright: ignore[reportAttributeAccessIssue]
    inputs, x = [], images.flatten(1)
    with torch.no_grad():
        for layer in layers[:-1]:
            inputs.append(x)
            x = torch.sigmoid(x @ layer.weight.T + layer.bias)
        inputs.append(x)
        probs = (x @ layers[-1].weight.T + layers[-1].bias).softmax(1)
        delta = (probs - F.one_hot(targets, 4)) / len(targets)  # ∂L/∂logits
        expected = []
        for layer, given in zip(reversed(layers), reversed(inputs), strict=True):
            expected.append((delta.T @ given).norm().item())
            delta = delta @ layer.weight * given * (1 - given)
    found = gradient_norms(net, (images, targets))
    assert list(found) == ["hidden.0.linear", "hidden.1.linear", "head"]
    assert list(found.values()) == pytest.approx(expected[::-1], rel=1e-6)


@pytest.mark.parametrize("name", ["softmax", "lenet", "small_vgg", "small_resnet"])
def test_they_are_those_of_backward_and_nothing_is_touched(name: str, batch: tuple[Tensor, Tensor]):
    torch.manual_seed(2)
    net = build_net(net_defaults(name), (3, 8, 8), 4)
    before = copy.deepcopy(net.state_dict())
    twin = copy.deepcopy(net)
    loss = nn.CrossEntropyLoss()(twin(batch[0]), batch[1])
    loss.backward()
    value, found = weight_gradients(net, *batch)
    assert value == pytest.approx(loss.item(), rel=1e-6)
    for layer, gradient in found.items():
        expected = twin.get_parameter(f"{layer}.weight").grad
        assert expected is not None
        torch.testing.assert_close(gradient, expected, rtol=1e-4, atol=1e-6)
    assert all(p.grad is None for p in net.parameters())
    assert all(torch.equal(t, before[k]) for k, t in net.state_dict().items())


def test_frozen_layers_have_no_gradient(batch: tuple[Tensor, Tensor]):
    net = build_net(net_defaults("lenet"), (3, 8, 8), 4)
    net.get_submodule("features").requires_grad_(False)
    found = gradient_norms(net, batch)
    assert list(found) == ["classifier.1", "classifier.4", "classifier.7"]


def test_depth_makes_sigmoid_gradients_vanish_and_relu_with_he_keeps_them(
    batch: tuple[Tensor, Tensor],
):
    def first_over_last(**options: str) -> float:
        torch.manual_seed(0)
        net = build_net(NetSettings("mlp", depth=20, width=64, **options), (3, 8, 8), 4)  # pyright: ignore[reportArgumentType]
        values = list(gradient_norms(net, batch).values())
        return values[0] / values[-1]

    assert first_over_last(activation="sigmoid") < 1e-9
    assert 0.05 < first_over_last(activation="relu", init="he") < 20
    assert first_over_last(activation="sigmoid", norm="batch") > 1e-3


def test_weight_norms_are_numpys():
    net = build_net(net_defaults("lenet"), (1, 8, 8), 4)
    for layer, found in weight_norms(net).items():
        weight = net.get_parameter(f"{layer}.weight").detach().numpy()
        assert found == pytest.approx(float(np.linalg.norm(weight)), rel=1e-5)


@pytest.mark.parametrize(
    ("values", "bins"),
    [([0.5], 3), ([1.0, 1.0], 2), ([0.0, 1.0], 4), (list(range(100)), 7), ([-3.0, 2.0, 2.0], 5)],
)
def test_histograms_are_numpys(values: list[float], bins: int):
    found = histogram(torch.tensor(values, dtype=torch.float32), bins)
    assert (found.low, found.high) == (min(values), max(values))
    if found.low < found.high:
        expected, _ = np.histogram(np.array(values, dtype=np.float32), bins)
        assert found.counts == tuple(expected)
    assert sum(found.counts) == len(values)


def test_histograms_leave_out_what_is_not_finite():
    found = histogram(torch.tensor([float("nan"), float("inf"), 1.0, 2.0]), 2)
    assert (found.low, found.high, found.counts) == (1.0, 2.0, (1, 1))
    assert histogram(torch.tensor([float("nan")]), 2).counts == (0, 0)


def test_slopes_are_those_of_the_activations_and_no_hook_is_left(batch: tuple[Tensor, Tensor]):
    net = build_net(NetSettings("mlp", depth=3, width=6, norm="batch"), (3, 8, 8), 4)
    before = copy.deepcopy(net.state_dict())
    found = layer_slopes(net, batch[0])
    assert list(found) == ["hidden.0.act", "hidden.1.act"]
    assert all(tensor.shape == (8, 6) for tensor in found.values())
    assert all(((tensor == 0) | (tensor == 1)).all() for tensor in found.values())  # ReLU's
    assert all(not module._forward_hooks for module in net.modules())
    assert all(torch.equal(t, before[k]) for k, t in net.state_dict().items())


def test_norms_do_not_underflow_where_their_squares_would():
    tiny = torch.full((4,), 1e-27)
    assert norms({"tiny": tiny})["tiny"] == pytest.approx(2e-27)
    assert tiny.norm() == 0  # what a norm in 32 bits says

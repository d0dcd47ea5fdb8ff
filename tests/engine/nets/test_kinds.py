"""Kinds of operations."""

import pytest
import torch
import torchvision
from torch import fx, nn
from torch.nn import functional as F

from engine.nets.kinds import kind_of


@pytest.mark.parametrize(
    ("module", "kind"),
    [
        (nn.Identity(), "identity"),
        (nn.Conv2d(3, 4, 1), "conv"),
        (nn.ConvTranspose2d(3, 4, 1), "other"),
        (nn.BatchNorm2d(3), "norm"),
        (nn.LayerNorm(3), "norm"),
        (nn.ReLU6(), "activation"),
        (nn.Hardswish(), "activation"),
        (nn.GLU(1), "other"),
        (nn.Softmax(1), "softmax"),
        (nn.MultiheadAttention(4, 2), "attention"),
        (nn.AdaptiveAvgPool2d(1), "pool"),
        (nn.Dropout(0.5), "identity"),
        (torchvision.ops.Permute([0, 2, 3, 1]), "permute"),
        (nn.Flatten(), "reshape"),
        (nn.Upsample(scale_factor=2), "other"),
    ],
)
def test_kinds_of_modules(module, kind):
    node = fx.Graph().call_module("somewhere")
    assert kind_of(node, module) == kind


@pytest.mark.parametrize(
    ("function", "kind"),
    [
        (lambda x: x + x, "add"),
        (lambda x: torch.cat([x, x], 1), "concat"),
        (lambda x: F.relu(x, inplace=True), "activation"),
        (lambda x: x.mean(1), "pool"),
        (lambda x: x.view(-1), "reshape"),
        (lambda x: x[0], "select"),
        (lambda x: torch.swapaxes(x, 1, 2), "permute"),
        (lambda x: torch.cumsum(x, 1), "other"),
    ],
)
def test_kinds_of_functions_and_methods(function, kind):
    *_, node, output = fx.symbolic_trace(function).graph.nodes
    assert kind_of(node, None) == kind
    assert kind_of(output, None) == "output"

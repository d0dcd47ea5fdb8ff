"""The valid-padding net: shapes and parameters counted by hand, and that it learns."""

import pytest
import torch
from torch import nn

from engine.trainable.layers import weight_layers
from engine.trainable.window_net import SMALLEST_PX, WindowNet


@pytest.mark.parametrize(
    ("shape", "cells"),
    [((1, SMALLEST_PX, SMALLEST_PX), 1), ((3, 48, 48), 81), ((3, 33, 20), 5 * 2)],
)
def test_pictures_become_logits_and_every_parameter_learns(
    shape: tuple[int, int, int], cells: int
) -> None:
    torch.manual_seed(0)
    net = WindowNet(shape, 4, width=8)
    logits = net(torch.randn(3, *shape))
    assert logits.shape == (3, 4)
    counts = sum(parameter.numel() for parameter in net.parameters())
    assert counts == (25 * shape[0] + 1) * 8 + (25 * 8 + 1) * 16 + (16 * cells + 1) * 4
    nn.functional.cross_entropy(logits, torch.tensor([0, 1, 2])).backward()
    assert all(p.grad is not None and p.grad.isfinite().all() for p in net.parameters())


def test_nothing_is_padded() -> None:
    layers = weight_layers(WindowNet((3, 48, 48), 4)).values()
    assert [layer.padding for layer in layers if isinstance(layer, nn.Conv2d)] == [(0, 0)] * 2


def test_the_padded_twin_keeps_its_maps_as_large_as_the_picture() -> None:
    net = WindowNet((3, 32, 32), 4, width=4, padding=2)
    x = torch.randn(1, 3, 32, 32)
    assert net.features[:2](x).shape == (1, 4, 32, 32)
    assert net.features(x).shape == (1, 8, 8, 8)
    assert net(x).shape == (1, 4)

"""Windows read from traced networks."""

from collections.abc import Callable

import pytest
import torch
from torch import Tensor, fx, nn
from torch.nn import functional as F

from engine.nets.windows import Window, window_of


def of_module(module: nn.Module) -> tuple[Window, Window] | None:
    traced = fx.symbolic_trace(nn.Sequential(module))
    node = next(node for node in traced.graph.nodes if node.op == "call_module")
    return window_of(node, module)


def of_function(function: Callable[[Tensor], Tensor]) -> tuple[Window, Window] | None:
    nodes = list(fx.symbolic_trace(function).graph.nodes)
    return window_of(nodes[-2], None)


@pytest.mark.parametrize(
    ("module", "down", "across"),
    [
        (nn.Conv2d(3, 4, 1), (1, 1, 0, 1), (1, 1, 0, 1)),
        (nn.Conv2d(3, 4, (3, 5), (1, 2), (1, 2)), (3, 1, 1, 1), (5, 2, 2, 1)),
        (nn.Conv2d(3, 4, 3, padding="same", dilation=2), (3, 1, 2, 2), (3, 1, 2, 2)),
        (nn.Conv2d(3, 4, 3, padding="valid"), (3, 1, 0, 1), (3, 1, 0, 1)),
        (nn.MaxPool2d(3, ceil_mode=True), (3, 3, 0, 1), (3, 3, 0, 1)),
        (nn.AvgPool2d((2, 3), 1, (1, 0)), (2, 1, 1, 1), (3, 1, 0, 1)),
    ],
)
def test_windows_of_modules(module, down, across):
    assert of_module(module) == (down, across)


@pytest.mark.parametrize(
    "module", [nn.Conv2d(3, 4, 3, padding=1, padding_mode="reflect"), nn.AdaptiveAvgPool2d(2)]
)
def test_modules_without_a_window_of_their_own(module):
    assert of_module(module) is None


@pytest.mark.parametrize(
    ("function", "down", "across"),
    [
        (lambda x: F.max_pool2d(x, 3, 2, 1), (3, 2, 1, 1), (3, 2, 1, 1)),
        (lambda x: F.max_pool2d(x, kernel_size=2, dilation=3), (2, 2, 0, 3), (2, 2, 0, 3)),
        (lambda x: F.avg_pool2d(x, [2, 5], padding=[1, 2]), (2, 2, 1, 1), (5, 5, 2, 1)),
    ],
)
def test_windows_of_functions(function, down, across):
    assert of_function(function) == (down, across)


@pytest.mark.parametrize(
    "function", [lambda x: F.avg_pool2d(x, x.shape[-1]), lambda x: torch.cumsum(x, 2)]
)
def test_windows_known_only_at_run_time_are_not_claimed(function):
    assert of_function(function) is None

"""Networks for the tests of traced networks: built without drawing weights, or small."""

from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
import torch
import torchvision
from torch import nn
from torch.overrides import TorchFunctionMode

from engine.nets.graph import NetGraph, trace_net


class _WithoutWeights(TorchFunctionMode):
    """Parameters go to the meta device; what a builder computes itself stays real."""

    def __torch_function__(
        self, func: Any, types: Any, args: Any = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        kwargs = dict(kwargs or {})
        if func is torch.empty:
            kwargs["device"] = "meta"
        return func(*args, **kwargs)


@pytest.fixture(scope="session")
def weightless() -> Callable[[str], nn.Module]:
    """Builds a torchvision classifier whose parameters have shapes but no values."""

    def build(name: str) -> nn.Module:
        options = {"init_weights": False} if name in ("googlenet", "inception_v3") else {}
        with _WithoutWeights():
            return torchvision.models.get_model(name, **options).eval()

    return build


@pytest.fixture(scope="session")
def traced(weightless: Callable[[str], nn.Module]) -> Callable[[str], NetGraph]:
    """Traces a torchvision classifier at the size of its published cost, once a session."""

    @cache
    def trace(name: str) -> NetGraph:
        weights = next(iter(torchvision.models.get_model_weights(name)))
        side = weights.transforms.keywords["crop_size"]
        return trace_net(weightless(name), (side, side))

    return trace


@pytest.fixture(scope="session")
def random_net() -> Callable[[str], nn.Module]:
    """Builds a torchvision classifier with seeded random weights, in eval mode."""

    def build(name: str) -> nn.Module:
        options = {"init_weights": False} if name in ("googlenet", "inception_v3") else {}
        with torch.random.fork_rng():
            torch.manual_seed(0)
            model = torchvision.models.get_model(name, **options).eval()
            for module in model.modules():  # else every norm would do nothing
                if isinstance(module, nn.BatchNorm2d):
                    nn.init.normal_(module.running_mean, 0.0, 0.1)  # type: ignore[arg-type]
                    nn.init.uniform_(module.running_var, 0.5, 2.0)  # type: ignore[arg-type]
        return model

    return build

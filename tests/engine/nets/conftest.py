"""Networks for the tests of traced networks: built without drawing weights, or small."""

import copy
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
import torch
import torchvision
from torch import nn
from torch.overrides import TorchFunctionMode
from torchvision.models.vgg import cfgs, make_layers

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


def _vgg11() -> nn.Module:
    features = make_layers(cfgs["A"], batch_norm=False)
    with _WithoutWeights():
        model = torchvision.models.VGG(features, init_weights=False)
    model.classifier = nn.Identity()  # type: ignore[assignment]
    return model


@pytest.fixture(scope="session")
def random_net() -> Callable[[str], nn.Module]:
    """Builds a torchvision classifier in eval mode with seeded random weights.

    Its batch norms are set on noise, so that a picture makes a difference all the way through.
    VGG-11 comes without its dense layers, which are nine tenths of its weights.
    """

    @cache
    def template(name: str) -> nn.Module:
        options = {"init_weights": False} if name in ("googlenet", "inception_v3") else {}
        with torch.random.fork_rng(), torch.no_grad():
            torch.manual_seed(0)
            model = _vgg11() if name == "vgg11" else torchvision.models.get_model(name, **options)
            model.eval()
            norms = [module for module in model.modules() if isinstance(module, nn.BatchNorm2d)]
            for norm in norms:
                norm.train().momentum = 1.0
            if norms:
                model(torch.randn(4, 3, 64, 64))
        return model.eval()

    return lambda name: copy.deepcopy(template(name))

"""Untrained networks of every kind, each walked through once with a random picture."""

from dataclasses import replace
from functools import cache

import torch
from torch import Tensor, nn

from engine.trainable.choice import build_net
from engine.trainable.net_settings import net_defaults
from engine.walk.layers import Layer, shown_layers
from engine.walk.operations import Walk, WalkPlan, plan_walk, walk

SHAPE = (3, 16, 16)
NETS = {
    "softmax": {},
    "mlp": {"norm": "batch", "skip": True, "depth": 4},
    "mlp layer norm": {"norm": "layer", "activation": "gelu"},
    "lenet": {"activation": "tanh"},
    "small_vgg": {},
    "small_vgg layer norm": {"norm": "layer", "activation": "leaky_relu"},
    "small_resnet": {"depth": 2},
    "small_inception": {},
    "transfer mobilenet_v2": {"backbone": "mobilenet_v2", "input_px": 32},
    "transfer mobilenet_v3_small": {"backbone": "mobilenet_v3_small", "input_px": 32},
    "transfer squeezenet1_1": {"backbone": "squeezenet1_1", "input_px": 48},
}


@cache
def net_of(kind: str) -> nn.Module:
    """In eval mode, with batch statistics and norms that do something."""
    torch.manual_seed(0)
    settings = replace(net_defaults(kind.split()[0]), **NETS[kind])
    net = build_net(settings, SHAPE, 5, pretrained=False)
    for module in net.modules():
        if isinstance(module, nn.BatchNorm1d | nn.BatchNorm2d):
            assert module.running_mean is not None
            assert module.running_var is not None
            module.running_mean.normal_(std=0.1)
            module.running_var.uniform_(0.5, 2)
        if isinstance(module, nn.BatchNorm1d | nn.BatchNorm2d | nn.GroupNorm | nn.LayerNorm):
            nn.init.normal_(module.weight, 1, 0.2)
            nn.init.normal_(module.bias, 0, 0.2)
    return net.eval()


@cache
def plan_of(kind: str) -> WalkPlan:
    return plan_walk(net_of(kind), SHAPE)


@cache
def layers_of(kind: str) -> tuple[Layer, ...]:
    return shown_layers(plan_of(kind))


@cache
def picture() -> Tensor:
    return torch.randn(1, *SHAPE, generator=torch.Generator().manual_seed(1))


@cache
def walk_of(kind: str) -> Walk:
    return walk(net_of(kind), plan_of(kind), picture())

"""How strongly each map of a layer feeds each map of the next.

A convolution has one kernel, and a linear layer one row of weights, from each map to each map: the
link is as strong as its Euclidean norm, and has the sign of its sum. Other operations link each map
to its like, to one of several (concat), or cannot be told map by map.
"""

from typing import Literal

import torch
from torch import Tensor, nn

from engine.walk.layers import Layer
from engine.walk.operations import Walk

Relation = Literal["weights", "same", "concat", "none"]
_SAME = {"norm", "activation", "pool", "add", "multiply", "softmax"}


def relation(layer: Layer, source_channels: int) -> Relation:
    """How the maps of a layer follow from those of its sources.

    Args:
        layer: the layer.
        source_channels: maps of its first source.
    """
    if layer.kind in ("conv", "linear"):
        return "weights"
    if layer.kind == "concat":
        return "concat"
    same = layer.kind in _SAME and layer.channels == source_channels
    return "same" if same else "none"


def link_strengths(walked: Walk, layer: Layer, source: Layer, of: Tensor, to: Tensor) -> Tensor:
    """The links of a convolution or linear layer, relative to its strongest.

    Args:
        walked: a walk through the net.
        layer: the layer; its first step has the weights.
        source: the layer that feeds it.
        of: int64 (n,), maps of the source.
        to: int64 (m,), maps of the layer.

    Returns:
        float32 (m, n) in [-1, 1]; 0 where nothing feeds. The strongest of *all* its links has 1 or
        -1; all are 0 where the layer has no weights of its own.
    """
    module = walked.module_of(layer.steps[0])
    if not isinstance(module, nn.Conv2d | nn.Linear):
        return torch.zeros(len(to), len(of))
    weight = module.weight.detach()
    if isinstance(module, nn.Linear):
        weight = weight.view(len(weight), source.channels, -1)  # (O, C, H·W) or (O, F, 1)
    weight = weight.flatten(2)  # (O, C / groups, k·k)
    norms = weight.norm(dim=2)
    signed = torch.where(weight.sum(dim=2) < 0, -norms, norms)
    signed = signed / norms.max().clamp_min(torch.finfo(torch.float32).tiny)
    return _whole(signed, module, source.channels)[to][:, of]


def _whole(signed: Tensor, module: nn.Module, channels: int) -> Tensor:
    """(O, C / groups) as (O, C): grouped convolutions see only the maps of their own group."""
    groups = module.groups if isinstance(module, nn.Conv2d) else 1
    if groups == 1:
        return signed
    outputs, seen = signed.shape
    whole = signed.new_zeros(outputs, channels)
    first = torch.arange(outputs) // (outputs // groups) * seen
    return whole.scatter_(1, first[:, None] + torch.arange(seen), signed)

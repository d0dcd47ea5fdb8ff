"""What filters cost with a bottleneck and without, counted and measured on layers that run.

Sources: Szegedy et al. 2015, table 1 (GoogLeNet's modules); Szegedy et al. 2016, "Rethinking the
Inception Architecture" (two 3×3 for a 5×5; 1×n and n×1 for n×n).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from time import perf_counter

import torch
from torch import Tensor, nn

from engine.inception.module import build_googlenet
from engine.inception.opened import modules_of
from engine.nets.catalog import EmptyOnMeta

WAYS = ("direct", "bottleneck", "stacked", "asymmetric")
FEWEST_PASSES, MOST_PASSES, LOOK_S = 3, 5, 0.002
#: Rows and columns of the maps that each module of GoogLeNet gets of a picture of 224 px.
SIDES_PX = {"3": 28, "4": 14, "5": 7}


@dataclass(frozen=True)
class Cost:
    """Of convolutions in a row: weights and biases; multiply-adds of one picture."""

    params: int
    macs: int


@dataclass(frozen=True)
class ModuleCost:
    """A module of GoogLeNet, as the paper has it and with its 1×1 bottlenecks left out.

    Attributes:
        name: "3a" to "5b".
        shape: (C, H, W) of what comes in.
        out: channels that come out.
        kept, without: what its convolutions cost, without norms and biases.
    """

    name: str
    shape: tuple[int, int, int]
    out: int
    kept: Cost
    without: Cost


def build_way(way: str, inputs: int, filters: int, size: int, width: int) -> nn.Sequential:
    """n×n filters over maps, in one of :data:`WAYS`; ReLU after each, untrained, no bias.

    Args:
        way: "direct"; or behind a 1×1 to ``width`` channels: "bottleneck", the n×n itself;
            "stacked", as many 3×3 as see n×n; "asymmetric", 1×n and then n×1.
        inputs, filters: channels in and out.
        size: n, odd, 3 or more.
        width: of the bottleneck.
    """
    if way == "direct":
        return _chain([(inputs, filters, (size, size))])
    kernels: list[tuple[int, int, tuple[int, int]]] = [(inputs, width, (1, 1))]
    if way == "bottleneck":
        kernels.append((width, filters, (size, size)))
    elif way == "stacked":
        kernels.append((width, filters, (3, 3)))
        kernels += [(filters, filters, (3, 3))] * (size // 2 - 1)
    else:
        kernels += [(width, width, (1, size)), (width, filters, (size, 1))]
    return _chain(kernels)


def _chain(kernels: Sequence[tuple[int, int, tuple[int, int]]]) -> nn.Sequential:
    layers: list[nn.Module] = []
    for inputs, outputs, (height, width) in kernels:
        pads = (height // 2, width // 2)
        layers.append(nn.Conv2d(inputs, outputs, (height, width), padding=pads, bias=False))
        layers.append(nn.ReLU())
    return nn.Sequential(*layers).requires_grad_(False)


@torch.no_grad()
def count(layers: Sequence[nn.Module], x: Tensor) -> Cost:
    """What layers cost that a picture goes through one after the other, found by running them.

    Args:
        layers: convolutions, and others that cost nothing.
        x: (C, H, W); on the meta device, if the layers are.
    """
    params = macs = 0
    for layer in layers:
        x = layer(x[None])[0]
        if isinstance(layer, nn.Conv2d):
            params += sum(each.numel() for each in layer.parameters())
            macs += layer.weight.numel() * x.shape[1] * x.shape[2]
    return Cost(params, macs)


def count_way(way: str, shape: tuple[int, int, int], filters: int, size: int, width: int) -> Cost:
    """:func:`count` of :func:`build_way`, on shapes alone; ``shape`` is (C, H, W)."""
    with torch.device("meta"):
        layers = build_way(way, shape[0], filters, size, width)
        return count(tuple(layers), torch.empty(shape))


@torch.no_grad()
def measure_ms(layers: Sequence[nn.Module], x: Tensor) -> float:
    """Milliseconds of the quickest pass of (C, H, W), on the cores that torch gives this thread."""
    net, batch = nn.Sequential(*layers), x[None]
    net(batch)  # not counted: memory is fetched, kernels are chosen
    begun, passes = perf_counter(), []
    while len(passes) < FEWEST_PASSES or (
        perf_counter() - begun < LOOK_S and len(passes) < MOST_PASSES
    ):
        start = perf_counter()
        net(batch)
        passes.append((perf_counter() - start) * 1000)
    return min(passes)


def breaks_even(inputs: int, filters: int, size: int) -> int:
    """The broadest bottleneck that costs less than n×n filters without one; 0 where none does.

    c·w + n²·w·f < n²·c·f, solved for w.
    """
    direct, each = size * size * inputs * filters, inputs + size * size * filters
    return (direct - 1) // each


def module_costs() -> list[ModuleCost]:
    """GoogLeNet's nine modules with their true 5×5, on a picture of 224 px."""
    with EmptyOnMeta():
        net = build_googlenet()
    return [_module_cost(name.removeprefix("inception"), m) for name, m in modules_of(net).items()]


def _module_cost(name: str, module: nn.Module) -> ModuleCost:
    convs = [each for each in module.modules() if isinstance(each, nn.Conv2d)]
    one, _, three, _, five, last = convs
    side = SIDES_PX[name[0]]
    inputs = one.in_channels
    direct = [
        nn.Conv2d(inputs, each.out_channels, each.kernel_size[0], bias=False, device="meta")
        for each in (three, five)
    ]
    ends = (one, three, five, last)
    return ModuleCost(
        name,
        (inputs, side, side),
        sum(each.out_channels for each in ends),
        _sum(convs, side),
        _sum([one, *direct, last], side),
    )


def _sum(convs: Sequence[nn.Conv2d], side: int) -> Cost:
    """Of convolutions that all keep the size."""
    weights = sum(each.weight.numel() for each in convs)
    return Cost(weights, weights * side * side)

"""Feature maps: what each filter of a network sees in a picture.

Maps come back from an ordinary forward pass over the traced operations, as in
``torchvision.models.feature_extraction``; a shared model is neither hooked nor changed. Each map
is copied as soon as it exists, since a later in-place ReLU would overwrite it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import torch
from torch import Tensor, fx, nn

from engine.nets.graph import NetGraph, trace_net

Scope = Literal["local", "layer", "global"]


@dataclass(frozen=True)
class Features:
    """Maps by the name they were asked for, (N, C, H, W), and logits (N, classes) if asked for."""

    maps: dict[str, Tensor]
    logits: Tensor | None


@dataclass(frozen=True)
class Strength:
    """How strongly each channel answers.

    Attributes:
        values: float (C,), the mean of |activation| over pictures, rows and columns.
        order: int64 (C,), channels from the strongest to the weakest; ties by the lower index.
    """

    values: Tensor
    order: Tensor


@dataclass(frozen=True)
class Selectivity:
    """How far each channel tells places apart.

    Attributes:
        values: float (C,), variance over mean of |activation|, over pictures, rows and columns.
        order: int64 (C,), channels from the most to the least selective; ties by the lower index.
    """

    values: Tensor
    order: Tensor


class MapRun(fx.Interpreter):
    """One forward pass over a traced network that keeps the maps it is asked for.

    Args:
        model: the network that was traced, in eval mode.
        net: its graph.
        kept: names of map nodes to keep.
        factors: node → factor of each channel (C,), applied as soon as the node has run.

    Raises:
        ValueError: if the model is in training mode.
    """

    def __init__(
        self,
        model: nn.Module,
        net: NetGraph,
        kept: Sequence[str],
        factors: Mapping[fx.Node, Tensor] | None = None,
    ) -> None:
        if any(module.training for module in model.modules()):
            raise ValueError("The model must be in eval mode.")
        super().__init__(model, graph=net.graph)
        self.extra_traceback = False
        self.maps: dict[str, Tensor] = {}
        self._net = net
        self._kept = {net.nodes[name] for name in kept}
        self._factors = factors or {}

    def run_node(self, n: fx.Node) -> Any:
        return self.note(n, super().run_node(n))

    def note(self, n: fx.Node, value: Any) -> Any:
        """Scales a node's channels if that is asked for, and keeps its map if that is."""
        if n not in self._kept and n not in self._factors:
            return value
        name = self._net.facts[n].name
        last = self._net.maps[name].channels_last
        if n in self._factors:
            factor = self._factors[n].to(value)
            value = value * (factor if last else factor[:, None, None])
        if n in self._kept:
            turned = value.permute(0, 3, 1, 2) if last else value
            self.maps[name] = turned.clone(memory_format=torch.contiguous_format)
        return value


class FeatureReader:
    """Reads the same maps from picture after picture.

    Args:
        model: a network in eval mode. It is only read; the reader holds on to it.
        net: its graph (:func:`engine.nets.graph.trace_net`).
        names: map nodes; a block's name stands for its last map.

    Raises:
        InputError: ``net_layer_unknown``.
    """

    def __init__(self, model: nn.Module, net: NetGraph, names: Sequence[str]) -> None:
        self.model = model
        self.net = net
        self.names = {name: net.map_name(name) for name in names}

    def read(self, x: Tensor, with_logits: bool = False) -> Features:
        """Runs the network on pictures, as far as the deepest of the maps needs.

        Args:
            x: float (N, 3, H, W), prepared as the network expects, on the model's device.
            with_logits: run to the end and return the logits of the same pass.

        Returns:
            The maps, always (N, C, H, W), also where the network keeps channels last.

        Raises:
            ValueError: if the model is in training mode.
        """
        run = MapRun(self.model, self.net, list(self.names.values()))
        targets = [self.net.nodes[name] for name in self.names.values()]
        if with_logits:
            targets.append(next(reversed(self.net.graph.nodes)))
        with torch.no_grad():
            logits = run.run(x, initial_env=unneeded(self.net, targets))
        return Features({name: run.maps[node] for name, node in self.names.items()}, logits)


def unneeded(
    net: NetGraph, targets: Sequence[fx.Node], known: Mapping[fx.Node, Tensor] | None = None
) -> dict[fx.Node, Any]:
    """The nodes that need not run to reach the targets, as an environment for an interpreter.

    Args:
        net: the graph.
        targets: nodes whose values are wanted.
        known: values that are there already; what only leads to them is left out too.

    Returns:
        Node → None for each node to skip.
    """
    needed: set[fx.Node] = set()
    waiting = list(targets)
    while waiting:
        node = waiting.pop()
        if node in needed:
            continue
        needed.add(node)
        if known is None or node not in known:
            waiting.extend(node.all_input_nodes)
    return {node: None for node in net.graph.nodes if node not in needed}


def feature_maps(model: nn.Module, x: Tensor, names: Sequence[str]) -> dict[str, Tensor]:
    """The maps of one batch of pictures; for many, keep a :class:`FeatureReader`.

    Args:
        model: a network in eval mode; it is only read.
        x: float (N, 3, H, W), prepared as the network expects.
        names: map nodes or blocks.

    Returns:
        name → (N, C, H, W).
    """
    size = (x.shape[-2], x.shape[-1])
    return FeatureReader(model, trace_net(model, size), names).read(x).maps


def channel_strength(maps: Tensor) -> Strength:
    """Ranks the channels of a map by the mean of |activation|.

    Args:
        maps: float (N, C, H, W).
    """
    values = maps.abs().mean(dim=(0, 2, 3))
    return Strength(values, torch.sort(values, descending=True, stable=True).indices)


def channel_selectivity(maps: Tensor) -> Selectivity:
    """Ranks the channels of a map by the index of dispersion of |activation|: variance over mean.

    A map that is alike everywhere has 0, however strong it is, and so has one that is all zero; a
    map that answers strongly in some places and hardly elsewhere comes first. Unlike the maximum
    over the mean it keeps the activation's unit, so that a channel that is dead but for one faint
    cell does not win.

    Args:
        maps: float (N, C, H, W).
    """
    magnitudes = maps.abs().transpose(0, 1).flatten(1).double()
    mean = magnitudes.mean(dim=1)
    variance = magnitudes.var(dim=1, correction=0)
    values = torch.where(mean > 0, variance / mean, 0.0).float()
    return Selectivity(values, torch.sort(values, descending=True, stable=True).indices)


def colour_range(maps: Mapping[str, Tensor], scope: Scope) -> dict[str, Tensor]:
    """The range that a colour scale must cover.

    Args:
        maps: name → float (N, C, H, W).
        scope: "local" gives each channel a range of its own, "layer" one range to all channels of
            a map, "global" one to all maps.

    Returns:
        name → float (C, 2), lowest and highest value of each channel's scale: (0, max) where
        nothing in the scope is negative, else (-a, a) with a = max |activation|. Values that are
        not finite are left out of account. A scope that is all zero gives (0, 0).

    Raises:
        ValueError: if the scope is none of the three.
    """
    if scope not in ("local", "layer", "global"):
        raise ValueError(f"scope must be local, layer or global, not {scope}")
    extremes = {}
    for name, values in maps.items():
        finite = torch.where(values.isfinite(), values, 0.0)
        low, high = torch.aminmax(finite.transpose(0, 1).flatten(1), dim=1)
        extremes[name] = torch.stack([low, high], dim=1)  # (C, 2)
    if scope == "global" and extremes:
        everything = torch.cat(list(extremes.values()))
        extremes = {name: _widest(everything, len(rows)) for name, rows in extremes.items()}
    elif scope == "layer":
        extremes = {name: _widest(rows, len(rows)) for name, rows in extremes.items()}
    return {name: _centred(rows) for name, rows in extremes.items()}


def _widest(rows: Tensor, count: int) -> Tensor:
    return torch.stack([rows[:, 0].min(), rows[:, 1].max()]).expand(count, 2)


def _centred(rows: Tensor) -> Tensor:
    low, high = rows[:, 0], rows[:, 1]
    bound = rows.abs().amax(dim=1)
    return torch.stack([torch.where(low < 0, -bound, 0.0), torch.where(low < 0, bound, high)], 1)

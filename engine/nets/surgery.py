"""Filter surgery: silence or scale channels and see what the rest of the network makes of it.

The network's operations run one by one (``torch.fx.Interpreter``) and the chosen channels are
multiplied in passing, so the shared model is neither hooked nor changed. Ablation of single units
as a way to read a network: Zhou et al. 2018, "Revisiting the Importance of Individual Units in
CNNs via Ablation".
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor, fx, nn

from engine.errors import InputError
from engine.nets.features import Features, MapRun, unneeded
from engine.nets.graph import NetGraph


class _Operation(MapRun):
    """A forward pass that starts from maps that are known already."""

    def __init__(
        self,
        model: nn.Module,
        net: NetGraph,
        kept: Sequence[str],
        factors: Mapping[fx.Node, Tensor],
        known: Mapping[fx.Node, Tensor],
    ) -> None:
        super().__init__(model, net, kept, factors)
        self._known = known

    def run_node(self, n: fx.Node) -> Any:
        if n in self._known:
            return self.note(n, self._known[n].clone())
        return super().run_node(n)


def operate(
    model: nn.Module,
    net: NetGraph,
    x: Tensor,
    edits: Mapping[tuple[str, int], float],
    names: Sequence[str] = (),
    known: Mapping[str, Tensor] | None = None,
) -> Features:
    """Runs a network with some of its channels silenced or scaled.

    Args:
        model: a network in eval mode; it is only read.
        net: its graph (:func:`engine.nets.graph.trace_net`).
        x: float (N, 3, H, W), prepared as the network expects, on the model's device.
        edits: (map node or block, channel) → factor; 0 silences, 1 changes nothing, -1 inverts.
        names: the maps to hand back, as they are after the operation.
        known: maps (N, C, H, W) that :class:`engine.nets.features.FeatureReader` read from this
            very ``x`` without edits; what leads to them does not run again.

    Returns:
        The maps that were asked for and the logits (N, classes).

    Raises:
        InputError: ``net_layer_unknown``, ``net_channel_unknown`` or ``net_factor_not_finite``.
        ValueError: if the model is in training mode or a known map does not fit.
    """
    factors = _factors(net, edits)
    kept = {name: net.map_name(name) for name in names}
    start = _untouched(net, factors, _as_kept_inside(net, known or {}, len(x)))
    targets = [net.nodes[name] for name in kept.values()]
    targets.append(next(reversed(net.graph.nodes)))
    run = _Operation(model, net, list(kept.values()), factors, start)
    with torch.no_grad():
        logits = run.run(x, initial_env=unneeded(net, targets, start))
    return Features({name: run.maps[node] for name, node in kept.items()}, logits)


def _factors(net: NetGraph, edits: Mapping[tuple[str, int], float]) -> dict[fx.Node, Tensor]:
    """Node → factor of each of its channels (C,)."""
    factors: dict[fx.Node, Tensor] = {}
    for (name, channel), factor in edits.items():
        found = net.maps[net.map_name(name)]
        if not 0 <= channel < found.channels:
            last = found.channels - 1
            raise InputError("net_channel_unknown", name=name, channel=channel, last=last)
        if not math.isfinite(factor):
            raise InputError("net_factor_not_finite", name=name, channel=channel, value=factor)
        node = net.nodes[found.name]
        factors.setdefault(node, torch.ones(found.channels))[channel] *= factor
    return factors


def _as_kept_inside(
    net: NetGraph, known: Mapping[str, Tensor], batch: int
) -> dict[fx.Node, Tensor]:
    """Known maps by node, with the axes in the order in which the network keeps them."""
    turned: dict[fx.Node, Tensor] = {}
    for name, maps in known.items():
        found = net.maps[net.map_name(name)]
        if tuple(maps.shape[:2]) != (batch, found.channels) or maps.ndim != 4:
            raise ValueError(f"the known map of {name} has shape {tuple(maps.shape)}")
        turned[net.nodes[found.name]] = maps.permute(0, 2, 3, 1) if found.channels_last else maps
    return turned


def _untouched(
    net: NetGraph, factors: Mapping[fx.Node, Tensor], known: Mapping[fx.Node, Tensor]
) -> dict[fx.Node, Tensor]:
    """The known maps that the edits do not change before they are made."""
    touched: set[fx.Node] = set()
    for node in net.graph.nodes:
        if any(source in touched or source in factors for source in node.all_input_nodes):
            touched.add(node)
    return {node: maps for node, maps in known.items() if node not in touched}

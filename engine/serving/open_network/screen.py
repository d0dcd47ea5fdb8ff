"""A part of a network as a stage shows it: every layer's maps as bytes, their ranges, their links.

Each map is quantised to its own range, so that the browser can colour it over the range of the map,
of the layer or of all layers without asking again. All tiles lie one after the other in one array,
and so do ranges, values and links: a header for each layer would not pass every proxy.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from torch import Tensor

from engine.nets.features import channel_strength
from engine.serving.layer_maps import tiles
from engine.serving.open_network.networks import OpenNetwork
from engine.walk.layers import Layer
from engine.walk.links import link_strengths, relation

MOST_MAPS = 64  # of a layer; of more, the strongest come first
MOST_UNITS = 128
TILE_SIDE = 32
FACE_SIDE = 24


@dataclass
class _Store:
    """Arrays that are put one after the other, and where the next one begins."""

    parts: list[np.ndarray] = field(default_factory=list)
    size: int = 0

    def put(self, array: np.ndarray) -> int:
        """Where the array begins."""
        begins = self.size
        self.parts.append(array.ravel())
        self.size += array.size
        return begins

    def all(self, dtype: type) -> np.ndarray:
        """Everything, as one."""
        return np.concatenate(self.parts).astype(dtype) if self.parts else np.zeros(0, dtype)


def screen(net: OpenNetwork) -> tuple[dict[str, np.ndarray], list[dict[str, Any]]]:
    """The arrays and the facts of the layers on screen.

    Returns:
        Arrays: ``tiles`` uint8, maps (n, h, w) of each layer, 0 … 255 over each map's range;
        ``ranges`` float32, (n, 2) of each layer, lowest and highest value of each map or, of units,
        their value twice; ``links`` int8, (n, m) of each layer with weights and each source on
        screen, -127 … 127 of the layer's strongest. The facts say where each begins.
    """
    layers, stretch = net.structure.layers, net.structure.parts[net.part]
    numbers = sorted((*stretch.feeding, *stretch.layers))
    picked = _pick(net, numbers, set(stretch.layers))
    stores = {"tiles": _Store(), "ranges": _Store(), "links": _Store()}
    facts = []
    for number in numbers:
        layer = layers[number]
        fact = _facts(net, number, layer, picked[number])
        fact |= _place_maps(net, layer, picked[number], stores)
        fact["feeds_only"] = number in stretch.feeding
        fact["links_at"] = {}
        if number in stretch.layers and fact["relation"] == "weights":
            for source in layer.sources:
                links = link_strengths(
                    net.walked, layer, layers[source], picked[source], picked[number]
                )
                fact["links_at"][source] = stores["links"].put((links * 127).round().numpy())
        facts.append(fact)
    arrays = {
        "tiles": stores["tiles"].all(np.uint8),
        "ranges": stores["ranges"].all(np.float32),
        "links": stores["links"].all(np.int8),
    }
    return arrays, facts


def _pick(net: OpenNetwork, numbers: Sequence[int], inside: set[int]) -> dict[int, Tensor]:
    """Which maps of each layer are shown: all, or the strongest.

    A layer whose maps follow one by one from another's shows the same ones, side by side with them.
    """
    layers = net.structure.layers
    picked: dict[int, Tensor] = {}
    for number in numbers:
        layer = layers[number]
        most = MOST_MAPS if layer.layout == "map" else MOST_UNITS
        source = layer.sources[0] if layer.sources else None
        if layer.channels <= most:
            picked[number] = torch.arange(layer.channels)
        elif (
            number in inside
            and source in picked
            and relation(layer, layers[source].channels) == "same"
            and len(picked[source]) <= most
        ):
            picked[number] = picked[source]
        else:
            output = net.walked.outputs[layer.output]
            maps = output if output.dim() == 3 else output[:, None, None]
            picked[number] = channel_strength(maps[None]).order[:most]
    return picked


def _facts(net: OpenNetwork, number: int, layer: Layer, picked: Tensor) -> dict[str, Any]:
    layers = net.structure.layers
    output = net.walked.outputs[layer.output]
    counts = [layers[each].channels for each in layer.sources]
    all_there = len(picked) == layer.channels
    return {
        "number": number,
        "name": layer.steps[0],
        "kind": layer.kind,
        "call": layer.call,
        "norm": layer.has_norm,
        "layout": layer.layout,
        "shape": list(layer.shape),
        "sources": list(layer.sources),
        "source_channels": counts,
        "relation": relation(layer, counts[0] if counts else 0),
        "column": layer.column,
        "lane": layer.lane,
        "lanes": layer.lanes,
        "picked": None if all_there else picked.tolist(),
        "low": output.min().item(),
        "high": output.max().item(),
    }


def _place_maps(
    net: OpenNetwork, layer: Layer, picked: Tensor, stores: Mapping[str, _Store]
) -> dict[str, Any]:
    output = net.walked.outputs[layer.output][picked]
    if layer.layout == "vector":
        values = torch.stack([output, output], dim=1)
        return {
            "count": len(picked),
            "tile": None,
            "ranges_at": stores["ranges"].put(values.numpy()),
        }
    ranges = _input_ranges(net, len(picked)) if layer.kind == "input" else _own_ranges(output)
    made = tiles(output, ranges, TILE_SIDE)
    return {
        "count": len(picked),
        "tile": list(made.shape[1:]),
        "tiles_at": stores["tiles"].put(made),
        "ranges_at": stores["ranges"].put(ranges.numpy()),
    }


def _own_ranges(maps: Tensor) -> Tensor:
    low, high = maps.flatten(1).aminmax(dim=1)
    return torch.stack([low, high], dim=1)


def _input_ranges(net: OpenNetwork, channels: int) -> Tensor:
    """(C, 2): what black and white are for the network."""
    mean, std = net.opened.mean.expand(channels), net.opened.std.expand(channels)
    return torch.stack([-mean / std, (1 - mean) / std], dim=1)


def faces(net: OpenNetwork) -> tuple[np.ndarray, list[dict[str, Any]]]:
    """The strongest map (or all units) that leaves each part: uint8 tiles one after another."""
    store, facts = _Store(), []
    for part in net.structure.parts:
        layer = net.structure.layers[part.layers[-1]]
        output = net.walked.outputs[layer.output]
        maps = output if output.dim() == 3 else output[None, :, None]
        strongest = channel_strength(maps[None]).order[:1]
        ranges = _own_ranges(maps[strongest])
        made = tiles(maps[strongest], ranges, FACE_SIDE)
        low, high = ranges[0].tolist()
        first = net.structure.layers[part.layers[0]].steps[0]
        fact = {"tile": list(made.shape[1:]), "at": store.put(made), "low": low, "high": high}
        facts.append(fact | {"first": first, "last": layer.steps[0], "shape": list(layer.shape)})
    return store.all(np.uint8), facts

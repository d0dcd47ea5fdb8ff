"""One layer of a network as a stage shows it: its channels ranked, as small tiles of bytes.

A tile is a map made small enough for a gallery (cells averaged) and quantised to the range that
its colours stand for, so that a page of 48 channels is a few ten thousand bytes.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from engine.errors import InputError
from engine.nets.features import Scope, Selectivity, Strength
from engine.nets.graph import MapNode
from engine.nets.receptive import ReceptiveField
from engine.pictures import Picture
from engine.serving.readings import NetFacts, Reading, read_picture

TILES = 48
TILE_SIDE = 40
FACE_SIDE = 64
LOW_SHARE = 1 / 6  # of the input's side
Level = Literal["low", "middle", "high"]


@dataclass(frozen=True, eq=False)
class LayerMaps:
    """A stage of a network with what a picture makes it answer.

    Attributes:
        number: place among the stages, from 1.
        name: the stage's block.
        node: what is known of its map.
        field: what its cells see of the network's input.
        maps: float32 ``(C, H, W)``.
        strength: its channels ranked by their mean magnitude.
        selectivity: its channels ranked by how far they tell places apart.
        ranges: float ``(C, 2)``, lowest and highest value of each channel's colours.
    """

    number: int
    name: str
    node: MapNode
    field: ReceptiveField
    maps: Tensor
    strength: Strength
    selectivity: Selectivity
    ranges: Tensor


def open_layer(reading: Reading, number: int, scope: Scope) -> LayerMaps:
    """Stage ``number`` (from 1; the last one where there are fewer) with its colour ranges."""
    name, node = stage_of(reading.facts, number)
    return LayerMaps(
        number=min(number, len(reading.facts.stages)),
        name=name,
        node=node,
        field=reading.facts.fields[node.name],
        maps=reading.maps[name],
        strength=reading.strengths[name],
        selectivity=reading.selectivities[name],
        ranges=reading.ranges(scope)[name],
    )


def stage_of(facts: NetFacts, number: int) -> tuple[str, MapNode]:
    """Name and map of stage ``number`` (from 1; the last one where there are fewer)."""
    stages = list(facts.stages.items())
    return stages[min(number, len(stages)) - 1]


def choose_channel(
    model: str, number: int, name: str, order: Tensor, wanted: str
) -> tuple[int, int]:
    """The channel to look at, and its rank from 1.

    Args:
        model, number, name: the network and which of its stages.
        order: the stage's channels, the most selective first.
        wanted: ``network:stage:channel``; the first of ``order`` where that is another network's or
            stage's, or empty.

    Raises:
        InputError: the stage has no such channel.
    """
    *place, channel = wanted.split(":")
    if place != [model, str(number)]:
        return int(order[0]), 1
    index = int(channel)
    check_channel(name, index, len(order))
    return index, int((order == index).nonzero()[0, 0]) + 1


def check_channel(name: str, channel: int, channels: int) -> None:
    """Refuse a channel that the stage ``name`` does not have.

    Raises:
        InputError: ``net_channel_unknown``.
    """
    if not 0 <= channel < channels:
        raise InputError("net_channel_unknown", name=name, channel=channel, last=channels - 1)


def tiles(maps: Tensor, ranges: Tensor, side: int = TILE_SIDE) -> np.ndarray:
    """Maps as bytes: 0 for the low end of each one's range, 255 for the high end.

    Args:
        maps: float ``(N, H, W)``.
        ranges: float ``(N, 2)``.
        side: the longest side that a tile may have; larger maps are averaged over squares of
            cells (at the edge over what is there).

    Returns:
        uint8 ``(N, h, w)``.
    """
    step = -(-max(maps.shape[1:]) // side)
    if step > 1:
        maps = F.avg_pool2d(maps, step, ceil_mode=True, count_include_pad=False)
    low, high = ranges[:, 0, None, None], ranges[:, 1, None, None]
    scale = torch.where(high > low, 255 / (high - low), 0.0)
    return ((maps - low) * scale).round_().clamp_(0, 255).to(torch.uint8).numpy()


def pages_of(channels: int) -> int:
    """Number of pages that a gallery of so many channels has."""
    return -(-channels // TILES)


def level_of(field: ReceptiveField, input_px: tuple[int, int]) -> Level:
    """Low, middle or high: how much of the network's input one cell depends on.

    Low up to a sixth of the input's side (edges, colours), high where a cell can see the whole
    input (whole things), middle in between (textures, parts).
    """
    share = max(side / whole for side, whole in zip(field.size, input_px, strict=True))
    if field.lost_at or share >= 1:
        return "high"
    return "low" if share <= LOW_SHARE else "middle"


def summarise(picture: Picture, model: str, number: int) -> dict[str, str | int]:
    """A stage's numbers for a sentence, as text: how many, how many are zero, how concentrated.

    Raises:
        InputError: the network is unknown or its weights are not at hand.
    """
    reading = read_picture(picture, model)
    name, node = stage_of(reading.facts, number)
    maps, strength = reading.maps[name], reading.strengths[name]
    share = strength.values.max() / strength.values.sum().clamp_min(1e-12)
    return {
        "name": name,
        "input_values": f"{reading.x.numel():,}",
        "channels": node.channels,
        "rows": node.size[0],
        "columns": node.size[1],
        "values": f"{maps.numel():,}",
        "zeros": f"{100 * (maps == 0).float().mean().item():.0f}",
        "channel": int(strength.order[0]),
        "level": level_of(reading.facts.fields[node.name], reading.facts.net.input_size),
        "share": f"{100 * share.item():.0f}",
    }

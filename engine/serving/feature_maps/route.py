"""Feature maps: a network's stages as a strip, any layer opened as a gallery, one map large."""

from typing import TYPE_CHECKING, Annotated, Any

import numpy as np
from fastapi import APIRouter, Query, Response

from engine.pictures import resolve
from engine.progress import Progress
from engine.serving.binary import pack, pending
from engine.serving.feature_maps.contract import (
    ChannelQuestion,
    PatchesQuestion,
    Question,
    StackQuestion,
)
from engine.serving.readings import Reading, read_picture

if TYPE_CHECKING:
    from engine.nets.graph import MapNode
    from engine.nets.receptive import ReceptiveField
    from engine.serving.layer_maps import LayerMaps

BYTES_PER_VALUE = 4

router = APIRouter(prefix="/feature-maps", tags=["feature maps"])


@router.get("", response_class=Response)
def open_layer(asked: Annotated[Question, Query()]) -> Response:
    """One stage of the network.

    Arrays: ``map`` float32 (H, W), the chosen channel; ``tiles`` uint8 (n, h, w), the channels of
    the gallery's page in the order of ``about.picked``, quantised to ``about.ranges``; ``rows``
    (H, 2) and ``cols`` (W, 2) int32, half-open pixels of the network's input that a cell sees.

    Bound: 0.5 s of a core, 50 MiB.
    """
    from engine.serving import layer_maps
    from engine.serving.one_core import on_one_core

    reading = read_picture(resolve(asked.picture), asked.model)
    opened = layer_maps.open_layer(reading, asked.layer, asked.scope)
    channel, rank = layer_maps.choose_channel(
        asked.model, opened.number, opened.name, opened.selectivity.order, asked.channel
    )
    parts = layer_maps.pages_of(opened.node.channels)
    part = min(asked.part, parts)
    picked = opened.selectivity.order[(part - 1) * layer_maps.TILES : part * layer_maps.TILES]
    ranges = opened.ranges[picked]
    arrays = {
        "map": opened.maps[channel].numpy(),
        "tiles": on_one_core(layer_maps.tiles, opened.maps[picked], ranges),
        "rows": np.array(opened.field.rows.spans, np.int32),
        "cols": np.array(opened.field.cols.spans, np.int32),
    }
    low, high = opened.ranges[channel].tolist()
    about = _layer_facts(opened, reading) | {
        "channel": channel,
        "rank": rank,
        "strength": opened.strength.values[channel].item(),
        "selectivity": opened.selectivity.values[channel].item(),
        "low": low,
        "high": high,
        "picked": picked.tolist(),
        "ranges": ranges.tolist(),
        "part": part,
        "parts": parts,
        "limits": {
            "layer": {"high": len(reading.facts.stages)},
            "part": {"high": parts, "disabled": parts == 1},
        },
    }
    return pack(arrays, about)


@router.get("/overview", response_class=Response)
def overview(asked: Annotated[StackQuestion, Query()]) -> Response:
    """The whole stack: ``view`` uint8 (h, w, 3), what the network sees of the picture, and each
    stage's most selective map, ``face_1`` … uint8 (h, w), quantised to its range.

    Bound: 0.5 s of a core, 50 MiB.
    """
    from engine.nets.catalog import find_classifier
    from engine.serving import layer_maps
    from engine.serving.one_core import on_one_core

    reading = read_picture(resolve(asked.picture), asked.model)
    arrays, stages = {"view": reading.view}, []
    for number, (name, node) in enumerate(reading.facts.stages.items(), start=1):
        opened = layer_maps.open_layer(reading, number, asked.scope)
        first = opened.selectivity.order[:1]
        ranges = opened.ranges[first]
        face = on_one_core(layer_maps.tiles, opened.maps[first], ranges, layer_maps.FACE_SIDE)
        arrays[f"face_{number}"] = face[0]
        low, high = ranges[0].tolist()
        facts = _node_facts(node, opened.field, reading)
        stages.append({"name": name, "channel": int(first), "low": low, "high": high} | facts)
    title = find_classifier(asked.model).title
    return pack(arrays, {"stages": stages, "title": title, "ms": reading.ms})


@router.get("/summary")
def summary(asked: Annotated[ChannelQuestion, Query()]) -> dict[str, str | int]:
    """A stage's numbers as a sentence says them: how many, how many are zero, how concentrated.

    Bound: 0.5 s of a core, 50 MiB.
    """
    from engine.serving.layer_maps import summarise

    return summarise(resolve(asked.picture), asked.model, asked.layer)


@router.get("/patches", response_class=Response)
def patches(asked: Annotated[PatchesQuestion, Query()]) -> Response:
    """The patches of the samples that excite a channel most: ``patch_1`` … uint8 (h, w, 3).

    202 with ``done`` and ``total`` while the samples go through the network.

    Bound: a job of 5 s of a core, 200 MiB.
    """
    from engine.serving.feature_maps.patches import exciting_patches, patch_pixels
    from engine.serving.layer_maps import check_channel, stage_of
    from engine.serving.readings import net_facts

    name, node = stage_of(net_facts(asked.model), asked.layer)
    check_channel(name, asked.channel, node.channels)
    found = exciting_patches(asked.model, name, asked.channel)
    if isinstance(found, Progress):
        return pending(found)
    arrays = {f"patch_{i}": patch_pixels(asked.model, patch) for i, patch in enumerate(found, 1)}
    return pack(arrays, {"layer": name, "patches": [vars(patch) for patch in found]})


def _layer_facts(opened: "LayerMaps", reading: Reading) -> dict[str, Any]:
    facts = _node_facts(opened.node, opened.field, reading)
    names = list(reading.facts.stages)
    return facts | {"layer": opened.number, "name": opened.name, "names": names}


def _node_facts(node: "MapNode", field: "ReceptiveField", reading: Reading) -> dict[str, Any]:
    from engine.serving.layer_maps import level_of

    return {
        "channels": node.channels,
        "size": node.size,
        "kind": node.kind,
        "bytes": node.channels * node.size[0] * node.size[1] * BYTES_PER_VALUE,
        "params": node.params_so_far,
        "macs": node.macs_so_far,
        "field_px": field.size,
        "level": level_of(field, reading.facts.net.input_size),
        "input_px": reading.facts.net.input_size,
        "whole": field.lost_at,
        "assumed": field.assumed,
    }

"""Encode once, look many times: one forward pass for a picture, kept while its maps are looked at.

Dragging through the layers of a network asks for another slice of the same pass. So the stages'
maps and the probabilities of the last few (picture, network) pairs stay in memory.
"""

from dataclasses import dataclass, field
from functools import cached_property
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np

from engine.cache import Cache, measure_bytes, remembered
from engine.pictures import Picture

if TYPE_CHECKING:
    import torch

    from engine.nets.features import Scope, Selectivity, Strength
    from engine.nets.graph import MapNode, NetGraph
    from engine.nets.receptive import ReceptiveField

KEPT_READINGS = 6  # MobileNetV2's stages take 10 MB a picture at 224 × 224
KEPT_NETWORKS = 4


@dataclass(frozen=True)
class NetFacts:
    """What is known of a network before it has seen anything.

    Attributes:
        name: the network's name in torchvision.
        net: its traced operations.
        stages: its telling maps by name, in execution order.
        fields: the receptive field of every map.
    """

    name: str
    net: "NetGraph"
    stages: dict[str, "MapNode"]
    fields: dict[str, "ReceptiveField"]

    @property
    def macs(self) -> int:
        """Multiply-adds of one pass."""
        return sum(fact.macs for fact in self.net.facts.values())


@dataclass(frozen=True, eq=False)
class Reading:
    """What a network made of one picture.

    Attributes:
        facts: the network.
        view: uint8 ``(h, w, 3)``, the part of the picture that the network sees.
        seen_px: that part in the picture, xyxy pixels.
        x: float32 ``(1, 3, h, w)``, the network's input, on its device.
        maps: stage name → float32 ``(C, H, W)`` on the CPU.
        logits: float32 ``(classes,)`` on the CPU.
        probs: float32 ``(classes,)`` on the CPU.
        ms: time that the forward pass took.
    """

    facts: NetFacts
    view: np.ndarray
    seen_px: tuple[float, float, float, float]
    x: "torch.Tensor"
    maps: dict[str, "torch.Tensor"]
    logits: "torch.Tensor"
    probs: "torch.Tensor"
    ms: float
    _ranges: "dict[Scope, dict[str, torch.Tensor]]" = field(default_factory=dict, repr=False)

    @cached_property
    def strengths(self) -> "dict[str, Strength]":
        """Stage name → its channels ranked."""
        from engine.nets.features import channel_strength
        from engine.serving.one_core import on_one_core

        return {name: on_one_core(channel_strength, maps[None]) for name, maps in self.maps.items()}

    @cached_property
    def selectivities(self) -> "dict[str, Selectivity]":
        """Stage name → its channels ranked by how far they tell places apart."""
        from engine.nets.features import channel_selectivity
        from engine.serving.one_core import on_one_core

        each = self.maps.items()
        return {name: on_one_core(channel_selectivity, maps[None]) for name, maps in each}

    def ranges(self, scope: "Scope") -> "dict[str, torch.Tensor]":
        """Stage name → float ``(C, 2)``, the colour range of each channel in that scope."""
        from engine.nets.features import colour_range
        from engine.serving.one_core import on_one_core

        if scope not in self._ranges:
            batches = {name: maps[None] for name, maps in self.maps.items()}
            self._ranges[scope] = on_one_core(colour_range, batches, scope)
        return self._ranges[scope]


@remembered(KEPT_NETWORKS)
def net_facts(model: str) -> NetFacts:
    """The traced network of that name; its weights need not be available."""
    from engine.nets.catalog import build_unfilled, find_classifier
    from engine.nets.graph import trace_net
    from engine.nets.receptive import receptive_fields
    from engine.nets.stages import stages

    entry = find_classifier(model)
    net = trace_net(build_unfilled(model).eval(), entry.input_size)
    return NetFacts(model, net, stages(list(net.maps.values())), receptive_fields(net))


def read_picture(picture: Picture, model: str) -> Reading:
    """The network's pass over the picture, from memory where it has just been made.

    Raises:
        InputError: the network is unknown or its weights are not at hand.
    """
    return _readings.get((picture.ref, model), lambda: _read(picture, model))


def _bytes_of(reading: Reading) -> int:
    return measure_bytes((reading.view, reading.x, reading.maps))


_readings: Cache[Reading] = Cache(KEPT_READINGS, size_of=_bytes_of)


def _read(picture: Picture, model: str) -> Reading:
    from engine.nets.catalog import find_classifier
    from engine.nets.classify import preprocess, seen_picture, seen_region
    from engine.nets.features import FeatureReader
    from engine.nets.residence import residence
    from engine.serving.one_core import on_fitting_cores

    entry = find_classifier(model)
    resident = residence().resident(model)
    facts = net_facts(model)
    begun = perf_counter()
    x = preprocess(picture.pixels, entry.weights).to(next(resident.parameters()).device)
    reader = FeatureReader(resident, facts.net, list(facts.stages))
    features = on_fitting_cores(facts.macs, reader.read, x, with_logits=True)
    assert features.logits is not None
    logits = features.logits[0].float().cpu()
    return Reading(
        facts=facts,
        view=seen_picture(picture.pixels, entry.weights),
        seen_px=seen_region(picture.pixels.shape[:2], entry.weights),
        x=x,
        maps={name: values[0].float().cpu() for name, values in features.maps.items()},
        logits=logits,
        probs=logits.softmax(dim=0),
        ms=(perf_counter() - begun) * 1000,
    )

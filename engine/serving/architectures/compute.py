"""Two architectures as strips of blocks, each opened at one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.cache import Cache
from engine.nets.architectures import Architecture, find_architecture, trace_architecture
from engine.nets.blocks import Block, depth_of, read_blocks
from engine.nets.graph import NetGraph
from engine.nets.opened import open_block
from engine.progress import Progress
from engine.serving.architectures.contract import Measure, Question
from engine.serving.jobs import jobs

SIDES = ("first", "second")
KEPT_STRIPS = 16
Answer = tuple[dict[str, np.ndarray], dict[str, Any]]


@dataclass(frozen=True, eq=False)
class Strip:
    """An architecture, its operations, and its blocks in order."""

    of: Architecture
    net: NetGraph
    blocks: tuple[Block, ...]
    depth: int

    def total(self, measure: Measure) -> int:
        """Of all blocks together."""
        return sum(getattr(block, measure) for block in self.blocks)


_strips: Cache[Strip] = Cache(KEPT_STRIPS)


def look(asked: Question) -> Answer | Progress[Any]:
    """Both strips, each opened; or how far that is.

    Raises:
        InputError: there is no such architecture.
    """
    names = (asked.first, asked.second)
    for name in names:
        find_architecture(name)
    strips = [_strips.peek(name) for name in names]
    if None in strips:
        found = jobs().ask(("architectures", *names), lambda: _trace(names))
        if isinstance(found, Progress):
            return found
        strips = [strip_of(name) for name in names]
    first, second = strips
    assert first is not None
    assert second is not None
    return _tell((first, second), asked)


def strip_of(name: str) -> Strip:
    """An architecture's strip; takes up to 4 s for one that nobody asked for yet.

    Raises:
        InputError: there is no such architecture.
    """
    return _strips.get(name, lambda: _read(name))


def _trace(names: Sequence[str]) -> Iterator[Progress[bool]]:
    for done, name in enumerate(names):
        yield Progress(done, len(names))
        strip_of(name)
    yield Progress(len(names), len(names), True)


def _read(name: str) -> Strip:
    net = trace_architecture(name)
    return Strip(find_architecture(name), net, tuple(read_blocks(net)), depth_of(net))


def _tell(strips: tuple[Strip, Strip], asked: Question) -> Answer:
    arrays = {
        side: _shares(strip, asked.measure) for side, strip in zip(SIDES, strips, strict=True)
    }
    nets = [_facts(strip, opened_at(strip, asked.along)) for strip in strips]
    return arrays, {"nets": nets, "pair": compare(strips)}


def _shares(strip: Strip, measure: Measure) -> np.ndarray:
    """What each block has of a measure, in percent of all."""
    values = np.array([getattr(block, measure) for block in strip.blocks], np.float64)
    return 100 * values / values.sum()


def opened_at(strip: Strip, along: int) -> int:
    """The block at that share of the way, in percent of the blocks."""
    return round((len(strip.blocks) - 1) * along / 100)


def _facts(strip: Strip, opened: int) -> dict[str, Any]:
    of, block = strip.of, strip.blocks[opened]
    steps = [vars(step) for step in open_block(strip.net, block)]
    return {
        "name": of.name,
        "title": of.title,
        "source": of.source,
        "year": of.year,
        "side_px": of.input_size[0],
        "published": {"params": of.params, "gmacs": of.gmacs, "acc1": of.acc1_percent},
        "depth": strip.depth,
        "totals": {name: strip.total(name) for name in ("params", "macs", "activations")},
        "blocks": [_block_facts(each) for each in strip.blocks],
        "opened": opened,
        "steps": steps,
    }


def _block_facts(block: Block) -> dict[str, Any]:
    named = ("name", "kind", "idea", "is_residual", "count", "shape", "layers")
    counted = ("params", "macs", "activations")
    return {name: getattr(block, name) for name in (*named, *counted)}


def compare(strips: tuple[Strip, Strip]) -> dict[str, Any]:
    """What the sentences below the strips need.

    Returns:
        ``verdict``: "paradox" where the one with fewer parameters needs more multiply-adds, "same"
        where both are the same network or equal in both, else "order". ``light`` and ``heavy``:
        the facts of the one with fewer and of the one with more parameters.
    """
    light, heavy = sorted(strips, key=lambda strip: strip.total("params"))
    params = [strip.total("params") for strip in (light, heavy)]
    macs = [strip.total("macs") for strip in (light, heavy)]
    verdict = "paradox" if macs[0] > macs[1] else "order"
    if params[0] == params[1]:
        verdict = "same"
    return {"verdict": verdict, "light": _summary(light), "heavy": _summary(heavy)}


def _summary(strip: Strip) -> dict[str, Any]:
    """Totals; how often a parameter is used; what lies in dense layers; where most comes out."""
    totals = {name: strip.total(name) for name in ("params", "macs", "activations")}
    dense = [block for block in strip.blocks if block.idea == "dense"]
    most = max(strip.blocks, key=lambda block: block.activations)
    return totals | {
        "title": strip.of.title,
        "uses": totals["macs"] / totals["params"],
        "dense_layers": sum(block.layers * block.count for block in dense),
        "dense_params_percent": 100 * sum(b.params for b in dense) / totals["params"],
        "dense_macs_percent": 100 * sum(b.macs for b in dense) / totals["macs"],
        "most_shape": list(most.shape),
        "most_percent": 100 * most.activations / totals["activations"],
        "has_residual": any(block.is_residual for block in strip.blocks),
    }

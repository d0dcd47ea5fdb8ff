"""Filter surgery as the stage asks for it: the answer afterwards, and what later maps feel."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from engine.nets.residence import residence
from engine.nets.surgery import operate
from engine.serving.one_core import on_fitting_cores
from engine.serving.readings import Reading

SHOWN_STAGES = 6


@dataclass(frozen=True, eq=False)
class Felt:
    """What one later stage feels of an operation.

    Attributes:
        name: the stage.
        number: its place among the stages, from 1.
        change: ‖after − before‖ / ‖before‖ over all its channels; 0 is none.
        channel: the channel that changed most.
        difference: float32 ``(H, W)``, after − before of that channel.
    """

    name: str
    number: int
    change: float
    channel: int
    difference: Tensor


@dataclass(frozen=True, eq=False)
class Operation:
    """A network's answer with some channels scaled.

    Attributes:
        channels: the channels that were scaled.
        probs: float32 ``(classes,)``, after.
        felt: the stages from the operated one on, at most six, the last among them.
    """

    channels: tuple[int, ...]
    probs: Tensor
    felt: tuple[Felt, ...]


def operate_on(reading: Reading, number: int, channels: Sequence[int], factor: float) -> Operation:
    """Scale channels of stage ``number`` (from 1) and run on from there.

    Args:
        reading: the network's untouched pass.
        number: the stage, from 1.
        channels: which of its channels.
        factor: 0 silences, 1 changes nothing, -1 inverts.

    Raises:
        InputError: there is no such channel.
    """
    facts = reading.facts
    names = list(facts.stages)
    name = names[number - 1]
    numbers = _spread(number, len(names))
    shared = residence().resident(facts.name)
    known = {name: reading.maps[name][None].to(reading.x.device)}
    edits = {(name, channel): factor for channel in channels}
    wanted = [names[i - 1] for i in numbers]
    after = on_fitting_cores(
        facts.macs, operate, shared, facts.net, reading.x, edits, wanted, known
    )
    assert after.logits is not None
    felt = tuple(
        _compare(names[i - 1], i, reading.maps[names[i - 1]], after.maps[names[i - 1]][0])
        for i in numbers
    )
    probs = after.logits[0].float().cpu().softmax(dim=0)
    return Operation(tuple(channels), probs, felt)


def _spread(first: int, last: int) -> list[int]:
    """At most six stages from the first to the last, evenly."""
    count = min(SHOWN_STAGES, last - first + 1)
    if count == 1:
        return [first]
    return [first + round(i * (last - first) / (count - 1)) for i in range(count)]


def _compare(name: str, number: int, before: Tensor, after: Tensor) -> Felt:
    difference = after.float().cpu() - before
    each = torch.linalg.vector_norm(difference, dim=(1, 2), dtype=torch.float64)
    channel = int(each.argmax())
    size = torch.linalg.vector_norm(before, dtype=torch.float64).clamp_min(1e-12)
    change = (torch.linalg.vector_norm(each) / size).item()
    return Felt(name, number, change, channel, difference[channel])

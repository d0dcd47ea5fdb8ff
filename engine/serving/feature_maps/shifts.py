"""A map while the picture moves: the same channel for every shift, measured anew each time."""

from collections.abc import Iterator
from functools import partial

import torch
from torch import Tensor

from engine.convolution.pooling import shift
from engine.nets.features import FeatureReader
from engine.nets.residence import residence
from engine.pictures import Picture
from engine.progress import Progress
from engine.serving.feature_maps.contract import MOST_SHIFT_PX
from engine.serving.jobs import jobs
from engine.serving.one_core import on_fitting_cores
from engine.serving.readings import read_picture


def shifted_maps(
    picture: Picture, model: str, layer: str, channel: int
) -> Tensor | Progress[Tensor]:
    """A channel's map for the picture moved right by 0, 1, … 16 px, or how far that is.

    The pixels at the left edge fill what opens. The network runs once a shift.

    Args:
        picture, model: as for :func:`engine.serving.readings.read_picture`.
        layer: the stage.
        channel: which of its channels.

    Returns:
        float32 ``(17, H, W)`` on the CPU.
    """
    key = ("shifts", picture.ref, model, layer, channel)
    return jobs().ask(key, partial(_run, picture, model, layer, channel))


def _run(picture: Picture, model: str, layer: str, channel: int) -> Iterator[Progress[Tensor]]:
    reading = read_picture(picture, model)
    reader = FeatureReader(residence().resident(model), reading.facts.net, [layer])
    maps: list[Tensor] = []
    total = MOST_SHIFT_PX + 1
    for shift_px in range(total):
        yield Progress(shift_px, total)
        moved = shift(reading.x, 0, shift_px)
        read = on_fitting_cores(reading.facts.macs, reader.read, moved)
        maps.append(read.maps[layer][0, channel].float().cpu())
    yield Progress(total, total, torch.stack(maps))

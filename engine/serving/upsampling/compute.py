"""Drawn scenes shrunk once and grown back six ways, kept while the page's controls move.

Imports no torch at its top.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from engine.cache import remembered
from engine.progress import Progress
from engine.serving.jobs import jobs
from engine.serving.scenes_contract import SHOWN_SCENES

if TYPE_CHECKING:
    import numpy as np
    from torch import Tensor

    from engine.data.panoptic_scenes import PanopticScene
    from engine.segment.confusion import Confusion
    from engine.segment.grown_reading import GrownReadings
    from engine.segment.weights import TrainedUpsamplingNet

OVERLAP = 0.3
KEPT = 12  # scenes, of some megabytes each
NEAR_PX = 3.0  # of a boundary
LENS_PX = 24  # side of the window that a scene is first looked at through
Bands = dict[str, "tuple[Confusion, ...]"]


@dataclass(frozen=True, eq=False)
class Grown:
    """A held-out scene and what all decoders made of it.

    Attributes:
        scene: with its truth.
        readings: the encoder's maps and the decoders' steps.
        said: uint8 (decoders, H, W), classes.
        tiles: float32 (h, w) by name, the strongest channel of the encoder's maps
            (``encoder_<k>`` after k halvings) and of the decoders' steps (``<decoder>_<i>``, the
            logits left out).
        shapes: of the whole maps, (C, h, w), by the same names.
        bands: pixels by true and said class in each band of distance, by decoder.
        focus: (row, column) around which the decoders' answers part most at boundaries.
    """

    scene: "PanopticScene"
    readings: "GrownReadings"
    said: "np.ndarray"
    tiles: "dict[str, np.ndarray]"
    shapes: dict[str, list[int]]
    bands: Bands
    focus: tuple[int, int]


@dataclass(frozen=True, eq=False)
class Layers:
    """Two ways to make a map twice as large, with what each leaves behind.

    Attributes:
        channel: of the encoder, the one that is shown.
        counts: float32 (h, w), how many kernels reach each pixel of a small answer.
        even: float32, the pooled map grown by a kernel of equal weights.
        before, pooled, unpooled: float32, one channel of the encoder before max pooling, after it,
            and with the maxima put back.
        places: uint8, like ``pooled``, 2 * row + column of each maximum within its window.
        unevenness: of ``even``, without its border.
        learnt: unevenness of the trained maps of the size at hand, by decoder.
    """

    channel: int
    counts: "Tensor"
    even: "Tensor"
    before: "Tensor"
    pooled: "Tensor"
    unpooled: "Tensor"
    places: "Tensor"
    unevenness: float
    learnt: dict[str, float]


@cache
def shipped() -> "TrainedUpsamplingNet":
    """The encoder and decoders that ship, on the CPU.

    Raises:
        InputError: their file is missing or damaged.
    """
    import torch

    from engine.segment.weights import load_upsampling_net

    return load_upsampling_net(torch.device("cpu"))


@remembered(KEPT)
def grow(number: int, things: int, difficulty: float) -> Grown:
    """Held-out scene ``number`` (from 1) with these settings, through all decoders.

    Raises:
        InputError: a setting out of range, or the net's file is missing or damaged.
    """
    import numpy as np

    from engine.segment.boundary import boundary_distance
    from engine.segment.growth import strongest_channel, where_they_part

    scene, readings = _read(number, things, difficulty)
    maps = {f"encoder_{k}": each for k, each in enumerate(readings.maps)}
    for name, reading in readings.readings.items():
        maps |= {f"{name}_{i}": step for i, step in enumerate(reading.steps[:-1])}
    said = [each.classes for each in readings.readings.values()]
    return Grown(
        scene=scene,
        readings=readings,
        said=np.stack(said).astype(np.uint8),
        tiles={name: each[strongest_channel(each)].numpy() for name, each in maps.items()},
        shapes={name: list(each.shape) for name, each in maps.items()},
        bands=_bands(scene, readings),
        focus=where_they_part(said, boundary_distance(scene.semantic) < NEAR_PX, LENS_PX),
    )


def _read(number: int, things: int, difficulty: float) -> "tuple[PanopticScene, GrownReadings]":
    from engine.data.panoptic_scenes import PanopticSettings, draw_panoptic_scene
    from engine.segment.grown_reading import grow_back
    from engine.segment.learning import HELD_OUT_SEED
    from engine.serving.one_core import on_one_core

    settings = PanopticSettings(things=(things, things), overlap=OVERLAP, difficulty=difficulty)
    scene = draw_panoptic_scene(HELD_OUT_SEED, number - 1, settings)
    return scene, on_one_core(grow_back, shipped(), scene.pixels)


def _bands(scene: "PanopticScene", readings: "GrownReadings") -> Bands:
    from engine.segment.boundary import confusion_by_distance
    from engine.segment.train_upsampling import EDGES_PX

    classes = len(shipped().class_names)
    return {
        name: confusion_by_distance(each.classes, scene.semantic, classes, EDGES_PX)
        for name, each in readings.readings.items()
    }


def by_distance(things: int, difficulty: float) -> "Bands | Progress[Bands]":
    """Pixels of all shown scenes in each band of distance, by decoder; or how far it is."""

    def work() -> "Iterator[Progress[Bands]]":
        total: Bands = {}
        for number in range(1, SHOWN_SCENES + 1):
            for name, own in _bands(*_read(number, things, difficulty)).items():
                pairs = zip(total[name], own, strict=True) if name in total else ()
                total[name] = tuple(before + each for before, each in pairs) or own
            is_last = number == SHOWN_SCENES
            yield Progress(number, SHOWN_SCENES, total if is_last else None)

    return jobs().ask(("growing back by distance", things, difficulty), work)


def look_into_layers(grown: Grown, kernel: int, stride: int, halving: int) -> Layers:
    """One halving of the encoder, and how two layers would undo it.

    Args:
        grown: a scene.
        kernel, stride: of a transposed convolution with equal weights.
        halving: 1 (from full size) to 5 (to a thirty-second).
    """
    from torch.nn import functional as F

    from engine.segment.growing import meetings, transposed_conv2d, unpool
    from engine.segment.growth import strongest_channel, unevenness

    maps = grown.readings.maps
    channel = strongest_channel(maps[halving - 1])
    before = maps[halving - 1][channel]
    pooled, taken_from = F.max_pool2d(before[None, None], 2, return_indices=True)
    width = before.shape[1]
    weights = before.new_full((1, 1, kernel, kernel), stride**2 / kernel**2)
    even = transposed_conv2d(pooled, weights, stride)[0]
    cells = max(3, -(-kernel // stride) + 2)
    flat = transposed_conv2d(pooled.new_ones(1, 1, 3 * cells, 3 * cells), weights, stride)[0]
    steps = {name: each.steps for name, each in grown.readings.readings.items()}
    return Layers(
        channel=channel,
        counts=meetings((cells, cells), kernel, stride),
        even=even[0],
        before=before,
        pooled=pooled[0, 0],
        unpooled=unpool(pooled, taken_from, (before.shape[0], width))[0, 0],
        places=(2 * (taken_from // width % 2) + taken_from % width % 2)[0, 0],
        unevenness=unevenness(flat[:, kernel:-kernel, kernel:-kernel], stride),
        learnt={
            name: unevenness(steps[name][6 - halving], 2)
            for name in ("transposed", "unpooling", "unet")
        },
    )

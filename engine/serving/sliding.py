"""Filter sliding as the page and the API ask for it: a scene, a bank of filters, a slide.

A scene is a square of the learner's picture as a small grid of whole numbers: a tiny one from 0 to
9 that can be read and reckoned with, larger ones from 0 to 255, or a single row as a signal.
"""

import math
import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import Literal
from weakref import WeakKeyDictionary

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from engine.convolution.conv2d import ConvTrace, conv2d_trace
from engine.convolution.kernels import (
    PRESETS,
    PRESETS_1D,
    kernel,
    parse_kernel,
    preset_sizes,
    spread,
)
from engine.convolution.shapes import LayerCost, layer_cost, size_formula
from engine.convolution.signal import conv1d_trace
from engine.convolution.slide import RANGES, Slide
from engine.errors import InputError
from engine.pictures import (
    Crop,
    Picture,
    crop_square,
    enlarge,
    grey,
    resize_longest,
    split_channels,
)
from engine.serving.one_core import on_one_core

#: Side of each scene's grid in cells; a signal has this many samples.
SCENES = {
    "tiny": 7, "crop16": 16, "crop24": 24, "crop32": 32, "crop48": 48, "crop64": 64, "signal": 32,
}  # fmt: skip
MAX_FILTERS = 6
NETWORK = "mobilenet_v2"
_NETWORK_PREFIX = "net_"
_TINY_TOP, _TOP = 9, 255
_RANDOM_SEED = 7
_KEPT_SQUARES = 8


@dataclass(frozen=True)
class Setting:
    """Everything that a learner can set, but for the picture.

    Attributes:
        scene: one of :data:`SCENES`.
        spot: (x, y, side) in percent: the square's centre within the picture, and its side as a
            share of the picture's shorter side.
        colour: whether the filters see red, green and blue instead of one grey channel.
        preset: the first filter: a preset's name, or ``net_<i>`` for one of the network's.
        weights: the first filter's own weights, channel by channel, row by row; one channel's
            worth is laid over all channels. Empty for the preset's.
        bias: added to every output of the first filter.
        filters: how many; those after the first are the presets (or network filters) that follow.
        slide: how they slide.
    """

    scene: str
    spot: tuple[int, int, int]
    colour: bool
    preset: str
    weights: tuple[float, ...]
    bias: float
    filters: int
    slide: Slide

    @property
    def dims(self) -> Literal[1, 2]:
        """1 where the scene is a single row."""
        return 1 if self.scene == "signal" else 2

    @property
    def channels(self) -> int:
        """Input channels."""
        return 3 if self.colour else 1

    @property
    def top(self) -> int:
        """The brightest value that the scene can hold; the darkest is 0."""
        return _TINY_TOP if self.scene == "tiny" else _TOP

    @property
    def uses_network(self) -> bool:
        """Whether the filters are those of the network's first layer."""
        return self.preset.startswith(_NETWORK_PREFIX)


def input_size(scene: str) -> tuple[int, ...]:
    """``(H, W)`` of the scene, ``(W,)`` of a signal."""
    side = SCENES[scene]
    return (side,) if scene == "signal" else (side, side)


def network_filters() -> Tensor | None:
    """The filters of the network's first layer, ``(O, 3, k, k)`` float32 on the CPU.

    None where the network's weights are not at hand, or its kernels are too large to be shown.
    """
    from engine.nets.residence import residence

    try:
        net = residence().resident(NETWORK)
    except InputError:
        return None
    first = next(module for module in net.modules() if isinstance(module, nn.Conv2d))
    return first.weight.float().cpu() if first.kernel_size[0] in RANGES["kernel_size"] else None


def offered_presets(setting: Setting) -> list[str]:
    """The filters that exist for this scene at this size, the network's last.

    The network's need three channels.
    """
    names = PRESETS if setting.dims == 2 else PRESETS_1D
    size = setting.slide.kernel_size
    offered = [name for name in names if size in preset_sizes(name, setting.dims)]
    if setting.dims == 2 and setting.colour:
        bank = network_filters()
        if bank is not None and bank.shape[-1] == size:
            offered += [f"{_NETWORK_PREFIX}{index}" for index in range(len(bank))]
    return offered


def offered_sizes(setting: Setting) -> tuple[int, ...]:
    """The kernel sizes at which the setting's preset exists, ascending."""
    if not setting.uses_network:
        return preset_sizes(setting.preset, setting.dims)
    bank = network_filters()
    return () if bank is None else (bank.shape[-1],)


def filter_names(setting: Setting) -> list[str]:
    """What each filter of the bank is: a preset's name, or "own" where weights were typed in.

    Raises:
        InputError: the preset does not exist for this scene and size.
    """
    names = offered_presets(setting)
    if setting.preset not in names:
        choices = ", ".join(names)
        raise InputError("value_not_a_choice", name="preset", choices=choices, value=setting.preset)
    kin = [name for name in names if name.startswith(_NETWORK_PREFIX) == setting.uses_network]
    begin = kin.index(setting.preset)
    bank = kin[begin:] + kin[:begin]
    bank += ["random"] * (setting.filters - len(bank))
    return (["own"] if setting.weights else bank[:1]) + bank[1 : setting.filters]


def filter_bank(setting: Setting) -> Tensor:
    """The layer's weight, ``(O, C, k, k)`` float32; for a signal ``(O, C, k)``.

    Raises:
        InputError: no such preset at this size, or weights that are too many, few or large.
    """
    generator = torch.Generator().manual_seed(_RANDOM_SEED)
    return torch.stack([_one_filter(setting, name, generator) for name in filter_names(setting)])


def scene_box(picture: Picture, spot: tuple[int, int, int]) -> tuple[int, int, int, int]:
    """The part of the picture that a scene shows: xyxy pixels, half-open, always a square."""
    return _cut_square(picture, spot).box


def scene_input(picture: Picture, setting: Setting) -> Tensor:
    """The scene as the filters see it: whole numbers as float32.

    Returns:
        ``(C, H, W)`` in 0 … 255 (tiny: 0 … 9); of a signal ``(C, W)``, the square's middle row.
    """
    pixels = _resampled(picture, setting.spot, SCENES[setting.scene])
    channels = split_channels(pixels) if setting.colour else grey(pixels)[None]
    if setting.scene == "tiny":
        channels = np.rint(channels / _TOP * _TINY_TOP)
    values = torch.from_numpy(channels.astype(np.float32))
    return values[:, values.shape[1] // 2] if setting.dims == 1 else values


def slide_scene(picture: Picture, setting: Setting) -> ConvTrace:
    """The convolution, with everything needed to account for each of its cells.

    Raises:
        InputError: the setting does not fit the scene.
    """
    bias = torch.zeros(setting.filters)
    bias[0] = setting.bias
    values, weight = scene_input(picture, setting), filter_bank(setting)
    if setting.dims == 1:
        return on_one_core(conv1d_trace, values, weight, bias, setting.slide)
    return on_one_core(conv2d_trace, values, weight, bias, setting.slide)


def measure_cost(setting: Setting) -> LayerCost:
    """What the layer costs, read from the real one; a signal counts as one cell high."""
    side = SCENES[setting.scene]
    if setting.dims == 2:
        return layer_cost((setting.channels, side, side), setting.filters, setting.slide)
    return _row_cost(setting.channels, side, setting.filters, setting.slide)


def _one_filter(setting: Setting, name: str, generator: torch.Generator) -> Tensor:
    """``(C, k, k)``, for a signal ``(C, k)``."""
    size = setting.slide.kernel_size
    if name == "own":
        count = size**setting.dims
        if len(setting.weights) != count * setting.channels:
            return spread(parse_kernel(setting.weights, size, setting.dims), setting.channels)
        each = [setting.weights[at : at + count] for at in range(0, len(setting.weights), count)]
        return torch.stack([parse_kernel(weights, size, setting.dims) for weights in each])
    if name.startswith(_NETWORK_PREFIX):
        bank = network_filters()
        assert bank is not None, f"{name} was offered without the network"
        return bank[int(name.removeprefix(_NETWORK_PREFIX))]
    return spread(kernel(name, size, generator, setting.dims), setting.channels)


def _cut_square(picture: Picture, spot: tuple[int, int, int]) -> Crop:
    x, y, side = spot
    side_px = max(1, round(min(picture.pixels.shape[:2]) * side / 100))
    return crop_square(picture.pixels, side_px, (x / 100, y / 100))


# By picture, so that what was cut from a picture is forgotten with it.
_squares: WeakKeyDictionary[Picture, OrderedDict[tuple[object, ...], np.ndarray]]
_squares = WeakKeyDictionary()
_squares_lock = threading.Lock()


def _resampled(picture: Picture, spot: tuple[int, int, int], side: int) -> np.ndarray:
    """The square as uint8 ``(side, side, 3)``; a pixel is the mean of the area it covers."""
    key = (spot, side)
    with _squares_lock:
        kept = _squares.setdefault(picture, OrderedDict())
        if key not in kept:
            pixels = _cut_square(picture, spot).pixels
            pixels = enlarge(pixels, max(1, math.ceil(side / len(pixels))))
            kept[key] = resize_longest(pixels, side)
            while len(kept) > _KEPT_SQUARES:
                kept.popitem(last=False)
        kept.move_to_end(key)
        return kept[key]


def _row_cost(channels: int, width: int, filters: int, slide: Slide) -> LayerCost:
    kind = nn.ConvTranspose1d if slide.transposed else nn.Conv1d
    cut = slide.pads[0] if slide.transposed else 0
    pads = (0, 0) if slide.transposed else slide.pads
    layer = kind(
        channels, filters, slide.kernel_size, slide.stride, cut, dilation=slide.dilation,
        device="meta",
    )  # fmt: skip
    row = torch.empty(channels, width, device="meta")
    output = layer(F.pad(row, pads))
    dense = nn.Linear(row.numel(), output.numel(), device="meta")
    still = Slide(1)
    assert layer.bias is not None
    return LayerCost(
        input_shape=(channels, 1, width),
        output_shape=(filters, 1, output.shape[1]),
        weights=layer.weight.numel(),
        biases=layer.bias.numel(),
        multiply_adds=(width if slide.transposed else output.shape[1]) * layer.weight.numel(),
        input_bytes=row.nbytes,
        output_bytes=output.nbytes,
        parameter_bytes=layer.weight.nbytes + layer.bias.nbytes,
        receptive_field_px=slide.receptive_field_px,
        dense_parameters=sum(each.numel() for each in dense.parameters()),
        height=size_formula(1, still),
        width=size_formula(width, slide),
    )

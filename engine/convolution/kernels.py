"""Filters by name, and filters typed in by a learner.

A preset is built from lines of weights, and exists for rows (``dims=1``) and pictures (``dims=2``).
A learner who changes the size should see the size at work, not a change of scale:

- identity, blur, gaussian: the weights sum to one, so brightness stays.
- sobel_x, sobel_y, emboss, derivative: the same ramp gets the same answer at every size.
- laplacian, sharpen: the same curvature gets the same answer at every size.
- edge: minus one everywhere but in the middle, which outweighs all the others together; a larger
  edge filter therefore answers more strongly.

At size 1, identity, blur and gaussian are all the single weight 1. At even sizes there is no middle
weight: identity uses the one just before the middle, which with "same" padding returns the very
picture; blur, gaussian, derivatives and Laplacian answer for the point between two pixels. Presets
that set a pixel against its surroundings (edge, sharpen, emboss) need a middle: odd sizes only.

Sources: OpenCV's ``getGaussianKernel`` with the sigma that it gives a size, and ``getDerivKernels``
with ``normalize=True``. OpenCV has both at odd sizes; the same construction gives the even ones.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np
import torch
from torch import Generator, Tensor, nn

from engine.convolution.slide import RANGES
from engine.errors import InputError

#: The largest weight, in absolute value, that a learner may type.
LARGEST_WEIGHT = 100.0

Dims = Literal[1, 2]


@dataclass(frozen=True)
class _Preset:
    sizes: Sequence[int]
    build: Callable[[int], np.ndarray]  # size → float64, (size,) or (size, size)


def preset_sizes(name: str, dims: Dims = 2) -> tuple[int, ...]:
    """The sizes at which the preset ``name`` exists, ascending.

    Raises:
        InputError: there is no preset of that name.
    """
    names = PRESETS if dims == 2 else PRESETS_1D
    if name not in names:
        raise InputError("value_not_a_choice", name="preset", choices=", ".join(names), value=name)
    return tuple(_ALL if name == "random" else _PRESETS[dims][name].sizes)


def kernel(name: str, size: int, generator: Generator | None = None, dims: Dims = 2) -> Tensor:
    """The preset ``name``, float32.

    Args:
        name: one of :data:`PRESETS`, or for rows of :data:`PRESETS_1D`.
        size: side of the kernel, one of ``preset_sizes(name, dims)``.
        generator: draws "random", which is how PyTorch starts an untrained filter over one channel:
            uniform within ``±1 / size`` (rows: ``±1 / √size``). No other preset needs it.
        dims: 1 for a row, 2 for a picture.

    Returns:
        ``(size, size)``, for rows ``(size,)``.

    Raises:
        InputError: there is no such preset, or not at this size.
        ValueError: "random" without a generator.
    """
    if size not in preset_sizes(name, dims):
        sizes = ", ".join(map(str, preset_sizes(name, dims)))
        raise InputError("kernel_preset_size", preset=name, sizes=sizes, size=size)
    if name != "random":
        return torch.from_numpy(_PRESETS[dims][name].build(size)).to(torch.float32)
    if generator is None:
        raise ValueError("a random kernel needs a generator")
    weight = torch.empty(1, 1, *[size] * dims)
    return nn.init.kaiming_uniform_(weight, a=math.sqrt(5), generator=generator)[0, 0]


def spread(kernel: Tensor, in_channels: int) -> Tensor:
    """One kernel laid over ``in_channels`` channels: ``(k, k)`` to ``(C, k, k)``.

    A filter adds its channels up. Each gets the kernel divided by C, so that the filter answers to
    the channels' average, and a grey picture gets the same answer in RGB as in one channel.
    """
    return (kernel / in_channels).expand(in_channels, *kernel.shape).clone()


def parse_kernel(weights: Sequence[float], size: int, dims: Dims = 2) -> Tensor:
    """A learner's own kernel, ``(size, size)`` float32, for rows ``(size,)``.

    Args:
        weights: ``size * size`` numbers, row by row, each within ``±100``; for rows ``size``.
        size: side of the kernel, 1 to 7.
        dims: 1 for a row, 2 for a picture.

    Raises:
        InputError: the size is out of range, the count is wrong, or a weight is not a finite number
            within the limit.
    """
    sizes = RANGES["kernel_size"]
    if size not in sizes:
        raise InputError("slide_kernel_size", low=sizes[0], high=sizes[-1], value=size)
    if len(weights) != size**dims:
        raise InputError("kernel_weight_count", size=size, count=size**dims, given=len(weights))
    for weight in weights:
        is_number = isinstance(weight, int | float) and not isinstance(weight, bool)
        # A comparison with NaN is false, so NaN is refused here too.
        if not is_number or not abs(weight) <= LARGEST_WEIGHT:
            raise InputError("kernel_weight_value", limit=f"{LARGEST_WEIGHT:g}", value=weight)
    return torch.tensor(weights, dtype=torch.float32).reshape([size] * dims)


def _impulse(size: int) -> np.ndarray:
    line = np.zeros(size)
    line[(size - 1) // 2] = 1
    return line


def _box(size: int) -> np.ndarray:
    return np.full(size, 1 / size)


def _gaussian(size: int) -> np.ndarray:
    if size % 2:
        return cv2.getGaussianKernel(size, sigma=0)[:, 0]
    sigma = 0.3 * ((size - 1) * 0.5 - 1) + 0.8  # OpenCV's rule; its kernels are for odd sizes only
    offset = np.arange(size) - (size - 1) / 2
    bell = np.exp(-(offset**2) / (2 * sigma**2))
    return bell / bell.sum()


def _derivative(size: int, order: int) -> np.ndarray:
    """Smoothing and differences in one line; order 0 sums to one, order n takes n differences."""
    line = np.ones(1)
    for _ in range(size - order - 1):
        line = np.convolve(line, [0.5, 0.5])
    for _ in range(order):
        line = np.convolve(line, [-1, 1])
    return line


def _square(line: Callable[[int], np.ndarray]) -> Callable[[int], np.ndarray]:
    return lambda size: np.outer(line(size), line(size))


def _edge(size: int) -> np.ndarray:
    return size**2 * _square(_impulse)(size) - 1


def _emboss(size: int) -> np.ndarray:
    """The picture plus its rise towards the lower right; size 3 is -2 -1 0, -1 1 1, 0 1 2."""
    offset = np.arange(size) - (size - 1) / 2
    rise = 6 / (size * (offset**2).sum())
    return _square(_impulse)(size) + rise * (offset[:, None] + offset)


def _sobel_x(size: int) -> np.ndarray:
    """Dark to bright, left to right; the factor makes size 3 -1 0 1, -2 0 2, -1 0 1."""
    return 8 * np.outer(_derivative(size, 0), _derivative(size, 1))


def _laplacian(size: int) -> np.ndarray:
    """Size 3 is the four neighbours minus four times the middle, which is OpenCV's own default."""
    smooth = _impulse(3) if size == 3 else _derivative(size, 0)
    across = np.outer(smooth, _derivative(size, 2))
    return across + across.T


_ALL = RANGES["kernel_size"]
_ODD = (3, 5, 7)
_PRESETS: dict[Dims, dict[str, _Preset]] = {
    1: {
        "identity": _Preset(_ALL, _impulse),
        "blur": _Preset(_ALL, _box),
        "gaussian": _Preset(_ALL, _gaussian),
        "sharpen": _Preset(_ODD, lambda size: _impulse(size) - _derivative(size, 2)),
        "derivative": _Preset(range(2, 8), lambda size: 2 * _derivative(size, 1)),
        "laplacian": _Preset(range(3, 8), lambda size: _derivative(size, 2)),
    },
    2: {
        "identity": _Preset(_ALL, _square(_impulse)),
        "edge": _Preset(_ODD, _edge),
        "blur": _Preset(_ALL, _square(_box)),
        "gaussian": _Preset(_ALL, _square(_gaussian)),
        "sharpen": _Preset(_ODD, lambda size: _square(_impulse)(size) - _laplacian(size)),
        "emboss": _Preset(_ODD, _emboss),
        "sobel_x": _Preset(range(2, 8), _sobel_x),
        "sobel_y": _Preset(range(2, 8), lambda size: _sobel_x(size).T),
        "laplacian": _Preset(range(3, 8), _laplacian),
    },
}

#: The names of all presets for pictures, and for rows.
PRESETS = (*_PRESETS[2], "random")
PRESETS_1D = (*_PRESETS[1], "random")

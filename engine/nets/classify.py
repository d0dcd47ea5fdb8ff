"""From a picture to class names: what the network is shown, and what it says.

torchvision's preset (``weights.transforms()``) scales the shorter side, cuts out the middle and
normalises; it is used as it is. The part of the picture that is cut away is never seen by the
network, so :func:`seen_region` says where the rest lies and :func:`seen_picture` shows it.

Everything is computed in float32, on CUDA too: autocast is left out as long as nobody has measured
that the probabilities stay the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn
from torchvision.models._api import WeightsEnum
from torchvision.transforms import functional as F

from engine.device import run_in_batches
from engine.errors import InputError

MAX_SIDE_RATIO = 32  # beyond, only the middle of a picture is scaled
UNSURE_BELOW = 0.2  # a most probable class that is less probable is said with doubt


@dataclass(frozen=True)
class Label:
    """A class and how probable the network finds it.

    Attributes:
        index: number of the class, from 0.
        name: the class in English, as torchvision names it.
        prob: probability in [0, 1]; over all classes they sum to one.
    """

    index: int
    name: str
    prob: float


def preprocess(pixels: np.ndarray, weights: WeightsEnum) -> Tensor:
    """The picture as the network wants it.

    Args:
        pixels: uint8 (H, W, 3).
        weights: whose preset is used.

    Returns:
        float32 (1, 3, h, w), scaled, cut and normalised, on the CPU.
    """
    return weights.transforms()(_to_tensor(pixels))[None]


def seen_picture(pixels: np.ndarray, weights: WeightsEnum) -> np.ndarray:
    """The picture as :func:`preprocess` leaves it before it is normalised.

    Args:
        pixels: uint8 (H, W, 3).
        weights: whose preset is used.

    Returns:
        uint8 (h, w, 3).
    """
    preset = weights.transforms()
    scaled = F.resize(
        _to_tensor(pixels),
        preset.resize_size,
        interpolation=preset.interpolation,
        antialias=preset.antialias,
    )
    return F.center_crop(scaled, preset.crop_size).permute(1, 2, 0).contiguous().numpy()


def denormalise(x: Tensor, weights: WeightsEnum) -> np.ndarray:
    """A network's input as a picture again: the inverse of the preset's normalisation.

    Args:
        x: float32 (1, 3, h, w), normalised as by :func:`preprocess`, on any device.
        weights: whose preset was used.

    Returns:
        uint8 (h, w, 3), rounded and clipped to [0, 255].
    """
    preset = weights.transforms()
    mean, std = (torch.tensor(values).view(3, 1, 1) for values in (preset.mean, preset.std))
    unit = x[0].cpu() * std + mean
    return (unit * 255).round().clamp(0, 255).byte().permute(1, 2, 0).contiguous().numpy()


def seen_region(size: tuple[int, int], weights: WeightsEnum) -> tuple[float, float, float, float]:
    """The part of the original picture that the network sees.

    Args:
        size: (H, W) of the picture in pixels.
        weights: whose preset is used.

    Returns:
        xyxy in pixels of the original picture, half-open; with fractions, since scaling does not
        keep pixels whole.
    """
    preset = weights.transforms()
    height, width = size
    crop_height, crop_width = preset.crop_size * 2
    scaled_height, scaled_width = _scale_shorter_side(size, preset.resize_size[0])
    top = round((scaled_height - crop_height) / 2)
    left = round((scaled_width - crop_width) / 2)
    y_px, x_px = height / scaled_height, width / scaled_width
    return (
        left * x_px,
        top * y_px,
        (left + crop_width) * x_px,
        (top + crop_height) * y_px,
    )


@torch.no_grad()
def classify(model: nn.Module, batch: Tensor) -> Tensor:
    """How probable the network finds each class.

    Args:
        model: a classifier in eval mode; it is only read.
        batch: float32 (N, 3, h, w) from :func:`preprocess`, on any device.

    Returns:
        float32 (N, classes) on the CPU; each row sums to one.

    Raises:
        InputError: the device has no memory even for one picture.
    """
    device = next(model.parameters()).device

    def forward(part: Tensor) -> Tensor:
        return model(part.to(device)).float().softmax(dim=1).cpu()

    return run_in_batches(forward, batch, device)


def top_k(probs: Tensor, k: int, categories: Sequence[str]) -> list[Label]:
    """The ``k`` most probable classes, most probable first; ties by the lower index.

    Args:
        probs: (classes,), probabilities of one picture.
        k: 1 <= k <= classes.
        categories: names of the classes, by index.

    Raises:
        InputError: ``k`` is out of range.
    """
    if not 1 <= k <= len(probs):
        raise InputError("value_out_of_range", name="k", low=1, high=len(probs), value=k)
    values, indices = probs.sort(descending=True, stable=True)
    best = zip(map(int, indices[:k]), map(float, values[:k]), strict=True)
    return [Label(index, categories[index], prob) for index, prob in best]


def _to_tensor(pixels: np.ndarray) -> Tensor:
    """uint8 (3, H, W), a copy, since the pixels may be read-only.

    Of a picture that is far longer than wide the middle is taken: the preset would enlarge the
    rest to gigabytes, only to cut it away.
    """
    short, long = sorted(pixels.shape[:2])
    cut = max(0, long - MAX_SIDE_RATIO * short) // 2  # as much at either end
    is_high = pixels.shape[0] == long
    middle = pixels[cut : long - cut] if is_high else pixels[:, cut : long - cut]
    return torch.tensor(middle).permute(2, 0, 1)


def _scale_shorter_side(size: tuple[int, int], shorter_px: int) -> tuple[int, int]:
    """(H, W) after torchvision has scaled the shorter side; the longer one is rounded down."""
    height, width = size
    longer_px = int(shorter_px * max(size) / min(size))
    return (longer_px, shorter_px) if height > width else (shorter_px, longer_px)

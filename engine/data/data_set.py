"""A data set in memory: pictures as bytes, targets, and what the classes are called.

Pictures stay ``uint8``, a quarter of their size as floats; on a GPU the whole set
lives there and only batches become floats.
"""

from dataclasses import dataclass, replace

import torch
from torch import Tensor

_CHUNK = 1024  # pictures summed at a time


@dataclass(frozen=True, eq=False)
class DataSet:
    """Pictures with one class each.

    Attributes:
        name: "shapes32", "digits", …
        images: uint8 (N, H, W, C), C = 1 (grey) or 3 (RGB).
        targets: int64 (N,), index into ``classes``; on the same device as ``images``.
        classes: what the classes are called.
        origin: where the pictures come from, in a few words.
        test_start: index from which on the makers of the set meant it for testing; None where
            they did not say.
        parts: uint8 (N,), 0 to learn from, 1 to validate, 2 to test, as a learner's archive divides
            itself; None where it does not.
        originals: int64 (N,), index of the first picture with the same bytes in its file (its own
            where there is none before); None where that was not looked for.
    """

    name: str
    images: Tensor
    targets: Tensor
    classes: tuple[str, ...]
    origin: str
    test_start: int | None = None
    parts: Tensor | None = None
    originals: Tensor | None = None

    def __post_init__(self) -> None:
        n = len(self.images)
        if self.images.dtype != torch.uint8 or self.images.dim() != 4:
            raise ValueError("images must be uint8 (N, H, W, C)")
        if self.targets.dtype != torch.int64 or self.targets.shape != (n,):
            raise ValueError("targets must be int64 (N,)")
        for each in (self.parts, self.originals):
            if each is not None and each.shape != (n,):
                raise ValueError("parts and originals must say something of every picture")
        if n and not 0 <= int(self.targets.min()) <= int(self.targets.max()) < len(self.classes):
            raise ValueError("every target must name a class")

    def __len__(self) -> int:
        return len(self.images)

    def count_classes(self) -> Tensor:
        """Pictures in each class, int64 (len(classes),), on the CPU."""
        return torch.bincount(self.targets.cpu(), minlength=len(self.classes))

    def to(self, device: torch.device) -> "DataSet":
        """The same set living on ``device``."""
        return replace(self, images=self.images.to(device), targets=self.targets.to(device))


@dataclass(frozen=True)
class Normalisation:
    """Mean and standard deviation of each channel, of values in [0, 1]."""

    mean: tuple[float, ...]
    std: tuple[float, ...]


def measure_normalisation(images: Tensor, indices: Tensor | None = None) -> Normalisation:
    """The channels' mean and (population) standard deviation, summed in whole numbers: exact.

    A channel that is the same everywhere gets a deviation of 1, so that dividing is harmless.

    Args:
        images: uint8 (N, H, W, C), on any device.
        indices: int64 (n,), n >= 1, the training part; None for all.
    """
    channels = images.shape[3]
    total = squares = torch.zeros(channels, dtype=torch.int64, device=images.device)
    everything = torch.arange(len(images)) if indices is None else indices
    for chunk in everything.to(images.device).split(_CHUNK):
        values = images[chunk].reshape(-1, channels).to(torch.int64)
        total, squares = total + values.sum(0), squares + (values * values).sum(0)
    count = len(everything) * images.shape[1] * images.shape[2]
    mean = [int(each) / count for each in total]
    variance = [
        (int(square) * count - int(each) ** 2) / count**2
        for each, square in zip(total, squares, strict=True)
    ]
    std = [each**0.5 / 255 if each > 0 else 1.0 for each in variance]
    return Normalisation(tuple(each / 255 for each in mean), tuple(std))


def normalise(images: Tensor, normalisation: Normalisation) -> Tensor:
    """Bytes to the numbers a network sees: ``(value / 255 - mean) / std``, channels first.

    Args:
        images: uint8 (N, H, W, C), on any device.

    Returns:
        float32 (N, C, H, W) on the same device, contiguous.
    """
    scale = torch.tensor(normalisation.std, device=images.device) * 255
    shift = torch.tensor(normalisation.mean, device=images.device) * 255
    channels_first = images.permute(0, 3, 1, 2).to(
        torch.float32, memory_format=torch.contiguous_format
    )
    return channels_first.sub_(shift[:, None, None]).div_(scale[:, None, None])


def denormalise(batch: Tensor, normalisation: Normalisation) -> Tensor:
    """The way back: float (N, C, H, W) to uint8 (N, H, W, C), rounded and clipped to 0 … 255."""
    std = torch.tensor(normalisation.std, device=batch.device)[:, None, None]
    mean = torch.tensor(normalisation.mean, device=batch.device)[:, None, None]
    values = ((batch.float() * std + mean) * 255).round().clamp(0, 255)
    return values.to(torch.uint8).permute(0, 2, 3, 1).contiguous()

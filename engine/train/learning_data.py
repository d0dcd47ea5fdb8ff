"""The pictures of a training, on the device for as long as it lasts."""

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from engine.data.data_set import measure_normalisation
from engine.errors import InputError

FEWEST_IMAGES = 2
FEWEST_CLASSES = 2


@dataclass(frozen=True)
class LearningData:
    """Images to learn from and images to check on; never changed.

    Attributes:
        train_images, validation_images: uint8 (N, C, H, W).
        train_targets, validation_targets: int64 (N,), indices into ``classes``; for detectors
            float32 (N, K, 5), see :mod:`engine.trainable.truths`; for segmenters uint8
            (N, H, W), the class of each pixel.
        classes: names.
        mean, std: float32 (C,), what pixels in [0, 1] are normalised by before the network.
    """

    train_images: Tensor
    train_targets: Tensor
    validation_images: Tensor
    validation_targets: Tensor
    classes: tuple[str, ...]
    mean: Tensor
    std: Tensor

    @property
    def input_shape(self) -> tuple[int, int, int]:
        """(C, H, W) of a picture."""
        _, channels, height, width = self.train_images.shape
        return channels, height, width

    def to(self, device: torch.device) -> "LearningData":
        """The same on ``device``; channels last on CUDA."""
        memory = torch.channels_last if device.type == "cuda" else torch.contiguous_format
        return LearningData(
            self.train_images.to(device).contiguous(memory_format=memory),
            self.train_targets.to(device),
            self.validation_images.to(device).contiguous(memory_format=memory),
            self.validation_targets.to(device),
            self.classes,
            self.mean.to(device),
            self.std.to(device),
        )


def make_learning_data(
    train: tuple[Any, Any],
    validation: tuple[Any, Any],
    classes: tuple[str, ...],
    normalised_by: tuple[Tensor, Tensor] | None = None,
) -> LearningData:
    """Training and validation pictures as the loop takes them, on the CPU.

    Args:
        train, validation: images uint8 (N, H, W, C) and targets (N,), arrays or tensors.
        classes: names of the classes.
        normalised_by: mean and standard deviation, each (C,) or (3,) for grey pictures shown to a
            network for RGB; by default those of the training pictures.

    Raises:
        InputError: fewer than two classes, or fewer than two pictures to learn from or none to
            check on.
    """
    images, targets = _channels_first(train)
    held_images, held_targets = _channels_first(validation)
    if len(classes) < FEWEST_CLASSES:
        raise InputError("train_one_class", count=len(classes))
    if len(images) < FEWEST_IMAGES or not len(held_images):
        raise InputError("train_too_few", train=len(images), validation=len(held_images))
    mean, std = normalised_by or channel_statistics(torch.as_tensor(train[0]))
    if images.shape[1] == 1 and len(mean) == 3:
        mean, std = mean.mean(0, keepdim=True), std.mean(0, keepdim=True)
    return LearningData(images, targets, held_images, held_targets, tuple(classes), mean, std)


def _channels_first(pair: tuple[Any, Any]) -> tuple[Tensor, Tensor]:
    images, targets = (torch.as_tensor(each) for each in pair)
    return images.permute(0, 3, 1, 2).contiguous(), targets.to(torch.int64)


def channel_statistics(images: Tensor) -> tuple[Tensor, Tensor]:
    """Mean and standard deviation (C,) of pixels in [0, 1]; uint8 images (N, H, W, C)."""
    measured = measure_normalisation(images)
    return torch.tensor(measured.mean), torch.tensor(measured.std)


def normalise(images: Tensor, mean: Tensor, std: Tensor) -> Tensor:
    """uint8 (N, C, H, W) → float32: pixels in [0, 1], minus ``mean`` (C,), over ``std`` (C,).

    As :func:`engine.data.data_set.normalise`, with numbers that are on the device already.
    """
    return (images.float() / 255 - mean[:, None, None]) / std[:, None, None]


def epoch_batches(order: Tensor, batch_size: int) -> list[Tensor]:
    """An epoch's order of indices cut into batches.

    The last batch holds what is left; a single image left joins the batch before it, since batch
    norm cannot learn from one.

    Args:
        order: int64 (N,).
        batch_size: >= 1.
    """
    batches = list(order.split(batch_size))
    if batch_size > 1 and len(batches) > 1 and len(batches[-1]) == 1:
        batches[-2:] = [torch.cat(batches[-2:])]
    return batches

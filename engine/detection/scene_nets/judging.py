"""Boxes that a small torchvision detector finds on scenes, and how good they are."""

from typing import Protocol

import torch
from torch import Tensor, nn

from engine.detection.detections import Detections
from engine.train.learning_data import normalise
from engine.trainable.truths import BACKGROUND

_TOGETHER = 16  # scenes a forward pass; more would leave a core's cache


class SceneNet(Protocol):
    """What :mod:`engine.trainable` has for detectors of torchvision's kind.

    Attributes:
        parts: names of its losses.
    """

    parts: tuple[str, ...]

    def __call__(self, images: Tensor, truths: Tensor | None = None) -> Tensor:
        """With truths: each of ``parts``, then the share of object samples classed rightly."""
        ...

    def detect(self, images: Tensor) -> list[dict[str, Tensor]]:
        """Boxes, labels from 1 and scores of each picture, in eval mode."""
        ...


@torch.no_grad()
def find_in_scenes(
    net: SceneNet, images: Tensor, mean: Tensor, std: Tensor, class_names: tuple[str, ...]
) -> list[Detections]:
    """What a net in eval mode finds on each picture.

    Args:
        net: on the pictures' device.
        images: uint8 (N, 3, H, W).
        mean, std: float32 (3,), what pixels in [0, 1] are normalised by.
        class_names: without background.
    """
    found = []
    for part in images.split(_TOGETHER):
        found += net.detect(normalise(part, mean, std))
    return [as_detections(each, class_names) for each in found]


def as_detections(found: dict[str, Tensor], class_names: tuple[str, ...]) -> Detections:
    """torchvision's answer for one picture; labels count from 0 again."""
    labels = found["labels"] - BACKGROUND - 1
    return Detections.ranked(found["boxes"], found["scores"], labels, class_names)


@torch.no_grad()
def mean_losses(
    net: nn.Module, images: Tensor, truths: Tensor, mean: Tensor, std: Tensor
) -> Tensor:
    """The net's losses in eval mode, and its last number, as means over the pictures.

    Args:
        net: a :class:`SceneNet`.
        images: uint8 (N, 3, H, W).
        truths: float32 (N, K, 5) of :func:`engine.trainable.truths.pack_truths`.
        mean, std: as for :func:`find_in_scenes`.
    """
    sums = [
        net(normalise(part, mean, std), true) * len(part)
        for part, true in zip(images.split(_TOGETHER), truths.split(_TOGETHER), strict=True)
    ]
    return torch.stack(sums).sum(dim=0) / len(images)

"""Photos with true boxes as detectors learn from them: squares of one side, in memory."""

from dataclasses import dataclass

import torch
from torch import Tensor

NO_OBJECT = -1  # as engine.trainable.truths, which rests on this


@dataclass(frozen=True, eq=False)
class LabelledPictures:
    """Photos, each in a square that it fills along its longer side, and their objects.

    Attributes:
        images: uint8 (N, S, S, 3), RGB, black beside the photo.
        truths: float32 (N, K, 5): class and ``xyxy`` in pixels of the square; ``NO_OBJECT`` as the
            class where a photo has fewer than K.
        frames: int64 (N, 4): top, left, height and width of the photo in its square.
        held_out: bool (N,), photos that are never learnt from.
        classes: what the classes are called.
    """

    images: Tensor
    truths: Tensor
    frames: Tensor
    held_out: Tensor
    classes: tuple[str, ...]

    def __post_init__(self) -> None:
        n = len(self.images)
        if self.images.dtype != torch.uint8 or self.images.dim() != 4:
            raise ValueError("images must be uint8 (N, S, S, 3)")
        if self.images.shape[1] != self.images.shape[2] or self.images.shape[3] != 3:
            raise ValueError("images must be squares of three channels")
        if self.truths.dtype != torch.float32 or self.truths.shape != (n, self.truths.shape[1], 5):
            raise ValueError("truths must be float32 (N, K, 5)")
        if self.frames.shape != (n, 4) or self.held_out.shape != (n,):
            raise ValueError("frames and held_out must say something of every picture")
        labels = self.truths[..., 0]
        if labels.numel() and not NO_OBJECT <= labels.min() <= labels.max() < len(self.classes):
            raise ValueError("every box must name a class")

    def __len__(self) -> int:
        return len(self.images)

    @property
    def side_px(self) -> int:
        """The squares' side."""
        return self.images.shape[1]

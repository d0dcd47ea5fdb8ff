"""A learner's labelled photos as a detector's data: put into squares, mirrored, divided.

A handful of photos is little to learn from, so each is also seen mirrored, its boxes with it.
Photos are never cut or stretched: boxes stay what somebody drew.
"""

from collections.abc import Iterable, Sequence

import numpy as np
import torch
from torch import Tensor

from engine.data.labelled_pictures import NO_OBJECT, LabelledPictures
from engine.detection.nanodet.letterbox import fit, put_in
from engine.errors import InputError
from engine.train.learning_data import LearningData

MOST_OBJECTS = 300  # on one photo; a detector answers with fewer


def put_in_squares(
    photos: Iterable[tuple[np.ndarray, Tensor, Tensor]],
    classes: Sequence[str],
    held_out: Sequence[bool],
    side_px: int,
) -> LabelledPictures:
    """Photos and boxes in squares of one side.

    Args:
        photos: of each its pixels, uint8 (H, W, 3), boxes as shares of its sides, float (K, 4)
            ``xyxy`` in [0, 1], and labels int64 (K,).
        classes: what the labels mean.
        held_out: for each photo, whether it is kept from learning.
        side_px: the squares' side.

    Raises:
        InputError: a photo has more than ``MOST_OBJECTS`` boxes.
    """
    images, rows, frames = [], [], []
    for pixels, shares, labels in photos:
        if len(shares) > MOST_OBJECTS:
            raise InputError("labels_too_many_here", count=len(shares), most=MOST_OBJECTS)
        height, width = pixels.shape[:2]
        place = fit((height, width), side_px=side_px)
        images.append(put_in(pixels, place))
        boxes = place.to_square(shares.float() * torch.tensor([width, height, width, height]))
        rows.append(torch.cat([labels[:, None].float(), boxes], dim=1))
        frames.append([*place.corner, *place.scaled])
    most = max((len(row) for row in rows), default=0)
    truths = torch.full((len(rows), most, 5), float(NO_OBJECT))
    for truth, row in zip(truths, rows, strict=True):
        truth[: len(row)] = row
    return LabelledPictures(
        torch.from_numpy(np.stack(images)),
        truths,
        torch.tensor(frames),
        torch.tensor(list(held_out)),
        tuple(classes),
    )


def mirror(images: Tensor, truths: Tensor) -> tuple[Tensor, Tensor]:
    """The squares with left and right exchanged, and their boxes.

    Args:
        images: uint8 (N, S, S, 3).
        truths: float32 (N, K, 5).
    """
    side = images.shape[2]
    label, x1, y1, x2, y2 = truths.unbind(-1)
    turned = torch.stack([label, side - x2, y1, side - x1, y2], dim=-1)
    return images.flip(2), turned.where((label >= 0)[..., None], truths)


def to_learning_data(data: LabelledPictures, mean: Tensor, std: Tensor) -> LearningData:
    """What the training loop takes: photos to learn from, as they are and mirrored, and held out.

    Args:
        data: the labelled photos.
        mean, std: float32 (3,), what pixels in [0, 1] are normalised by.

    Raises:
        InputError: there is no box to learn, or nothing is held out.
    """
    learnt, held = ~data.held_out, data.held_out
    if not (data.truths[learnt][..., 0] >= 0).any() or not held.any():
        raise InputError("labels_nothing_to_learn")
    images, truths = data.images[learnt], data.truths[learnt]
    turned = mirror(images, truths)
    return LearningData(
        _channels_first(torch.cat([images, turned[0]])),
        torch.cat([truths, turned[1]]),
        _channels_first(data.images[held]),
        data.truths[held],
        data.classes,
        mean,
        std,
    )


def _channels_first(images: Tensor) -> Tensor:
    return images.permute(0, 3, 1, 2).contiguous()

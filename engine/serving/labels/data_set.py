"""Labels and their photos as what a detector learns from."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import torch
from torch import Tensor

from engine.data.labelled_pictures import NO_OBJECT, LabelledPictures
from engine.detection.labelled import put_in_squares
from engine.detection.nanodet.learning import known_classes
from engine.detection.nanodet.letterbox import INPUT_PX
from engine.errors import InputError
from engine.labels.model import Box, Photo
from engine.pictures import decode
from engine.serving.labels.contract import (
    MOST_LEARNT,
    MOST_LOOKED_AT,
    LabelledSet,
    Learnt,
)
from engine.serving.labels.incoming import InFileError, check_together
from engine.serving.labels.outgoing import labels_of, matched

TOGETHER = "object"
#: DetectNet sees 49 × 49 px around each cell, so photos are made small for it.
SIDE_PX = {"nanodet": INPUT_PX, "detectnet": 128}


def make_set(
    given: LabelledSet, files: Iterable[bytes], asked: Learnt
) -> tuple[LabelledPictures, dict[str, Any]]:
    """The data set, and what it holds.

    Args:
        given: the labels.
        files: the photos' own files, in the order of the labels; each is read when its turn comes.
        asked: which photo is held out, and which boxes count.

    Raises:
        InputError: photos that do not belong to the labels, too many, or none that teaches.
    """
    labels = labels_of(given)
    if len(labels.photos) > MOST_LEARNT:
        raise InputError("labels_too_many_learnt", count=len(labels.photos), most=MOST_LEARNT)
    check_together((each.size for each in labels.photos), MOST_LOOKED_AT)
    chosen = [[box for box in photo.boxes if _counts(box, asked)] for photo in labels.photos]
    names = {_name(box, asked) for boxes in chosen for box in boxes}
    classes = [TOGETHER] if asked.together else [n for n in labels.class_names if n in names]
    held_out = [each.digest == asked.held_out for each in given.photos]
    learnt = [boxes for boxes, held in zip(chosen, held_out, strict=True) if not held]
    if not any(held_out) or not any(learnt):
        raise InputError("labels_nothing_to_learn")
    side = SIDE_PX[asked.learner]
    photos = _photos(matched(labels, given, files), chosen, classes, asked, side)
    data = put_in_squares(photos, classes, held_out, side)
    if len(data) < len(labels.photos):
        raise InputError("labels_photos_differ")
    return data, _told(data, labels.photos)


def _counts(box: Box, asked: Learnt) -> bool:
    """Whether it is one object, of a class that is learnt."""
    return not box.crowd and (not asked.only or box.label == asked.only)


def _name(box: Box, asked: Learnt) -> str:
    return TOGETHER if asked.together else box.label


def _photos(
    found: Iterator[tuple[Photo, str, bytes]],
    chosen: list[list[Box]],
    classes: list[str],
    asked: Learnt,
    side_px: int,
) -> Iterator[tuple[np.ndarray, Tensor, Tensor]]:
    for (photo, _, data), boxes in zip(found, chosen, strict=False):
        try:
            decoded = decode(data, side_px)
        except InputError as error:
            raise InFileError(photo.name, error) from error
        if decoded.original_size != photo.size:
            raise InputError("labels_photos_differ")
        height, width = photo.size
        sides = torch.tensor([width, height, width, height], dtype=torch.float64)
        corners = torch.tensor([box.corners for box in boxes], dtype=torch.float64).reshape(-1, 4)
        labels = torch.tensor([classes.index(_name(box, asked)) for box in boxes], dtype=torch.long)
        yield decoded.pixels, corners / sides, labels


def _told(data: LabelledPictures, photos: tuple[Photo, ...]) -> dict[str, Any]:
    """How many boxes each class has to learn from and to be judged by, and what COCO knows."""
    learnt, held = (
        Counter(rows[..., 0][rows[..., 0] != NO_OBJECT].int().tolist())
        for rows in (data.truths[~data.held_out], data.truths[data.held_out])
    )
    known = known_classes(data.classes)
    return {
        "photos": int((~data.held_out).sum()),
        "held_out": photos[int(data.held_out.nonzero()[0, 0])].name,
        "classes": [
            {
                "name": name,
                "learnt": learnt[k],
                "held_out": held[k],
                "known": known[k] is not None,
            }
            for k, name in enumerate(data.classes)
        ],
        "side_px": data.side_px,
    }

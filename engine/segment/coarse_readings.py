"""The two readings that say less than pixels: which classes are there, and where in boxes.

Both follow from the panoptic net's maps, so that all readings of a scene come from one net.
Sources: Oquab et al., "Is object localization for free?", CVPR 2015 (a picture's class is the
highest of its pixels' scores); Kirillov et al., "Panoptic segmentation", CVPR 2019.
"""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from engine.segment.panoptic_net import PanopticMaps
from engine.segment.segments import Segmentation

#: Side of the windows that a class must fill, so that a stray pixel does not make it be there.
WINDOW_PX = 5
#: A class is there from this presence on.
LEAST_PRESENCE = 0.5


@dataclass(frozen=True, eq=False)
class Classification:
    """Which classes a picture shows.

    Attributes:
        presence: float32 (classes,) in [0, 1], the highest mean probability in any window.
        logits: float32 (classes,), the mean logits of that window.
        shares: float32 (classes,) in [0, 1], pixels whose highest logit is the class's.
    """

    presence: Tensor
    logits: Tensor
    shares: Tensor


@dataclass(frozen=True, eq=False)
class Boxes:
    """Things as boxes, in the order of their segments.

    Attributes:
        boxes: int32 (N, 4), xyxy in pixels, half-open, tight around the masks.
        ids: int32 (N,), the segments that they are around.
        labels: int32 (N,), classes.
        scores: float32 (N,) in [0, 1].
    """

    boxes: np.ndarray
    ids: np.ndarray
    labels: np.ndarray
    scores: np.ndarray


def classify(maps: PanopticMaps) -> Classification:
    """The picture as a whole: each class where it is surest.

    Args:
        maps: of one picture, logits (classes, H, W); smaller than a window, it is one window.
    """
    logits = maps.logits
    size = logits.shape[1:]
    window = min(WINDOW_PX, size[0]), min(WINDOW_PX, size[1])
    probs = F.avg_pool2d(logits.softmax(dim=0)[None], window, stride=1)[0].flatten(1)
    means = F.avg_pool2d(logits[None], window, stride=1)[0].flatten(1)
    presence, where = probs.max(dim=1)
    votes = logits.argmax(dim=0).flatten().bincount(minlength=len(logits))
    return Classification(
        presence=presence.clamp(max=1.0),
        logits=means.gather(1, where[:, None])[:, 0],
        shares=votes / (size[0] * size[1]),
    )


def boxes_of(segmentation: Segmentation) -> Boxes:
    """The things among the segments as tight boxes; stuff has none."""
    things = [each for each in segmentation.segments if each.thing]
    boxes = np.zeros((len(things), 4), np.int32)
    for index, thing in enumerate(things):
        rows, columns = np.nonzero(segmentation.ids == thing.id)
        boxes[index] = columns.min(), rows.min(), columns.max() + 1, rows.max() + 1
    return Boxes(
        boxes=boxes,
        ids=np.array([each.id for each in things], np.int32),
        labels=np.array([each.category for each in things], np.int32),
        scores=np.array([each.score for each in things], np.float32),
    )


def classes_there(classification: Classification) -> Tensor:
    """bool (classes,), which classes the picture shows."""
    return classification.presence >= LEAST_PRESENCE


def true_classes(truth: Segmentation, classes: int) -> Tensor:
    """bool (classes,), which classes have a segment."""
    there = torch.zeros(classes, dtype=torch.bool)
    there[[each.category for each in truth.segments]] = True
    return there

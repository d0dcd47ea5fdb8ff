"""RetinaNet's anchors, and what each is told to learn of a true box.

An anchor is a box that the network may move a little: nine at each place of each of five maps, of
three sizes and three shapes. While it learns, an anchor that overlaps a true box by
:data:`POSITIVE_IOU` or more is to find it; below :data:`NEGATIVE_IOU` it is to see nothing; what
lies between is left out of the loss. So that no box is left without an anchor, the one that
overlaps it most is to find it in any case (torchvision's ``allow_low_quality_matches``).

The anchors are those of ``torchvision.models.detection.retinanet_resnet50_fpn``, from its own
``AnchorGenerator``; its ``Matcher`` is the oracle of :func:`assign`.

Source: Lin, Goyal, Girshick, He, Dollár, "Focal Loss for Dense Object Detection", ICCV 2017.
"""

from dataclasses import dataclass
from math import ceil, floor

import torch
from torch import Tensor
from torchvision.models.detection.anchor_utils import AnchorGenerator
from torchvision.models.detection.image_list import ImageList

from engine.detection.boxes import box_iou

LEVELS = ("P3", "P4", "P5", "P6", "P7")
POSITIVE_IOU, NEGATIVE_IOU = 0.5, 0.4
NEGATIVE, IGNORED = -1, -2  # torchvision's numbers
SIZES_PX = tuple(tuple(int(px * 2 ** (k / 3)) for k in range(3)) for px in (32, 64, 128, 256, 512))
RATIOS = (0.5, 1.0, 2.0)  # height over width
SHAPES = len(RATIOS) * len(SIZES_PX[0])  # at each place: all sizes of the first ratio, and so on
_SHORT_PX, _LONG_PX = 800, 1333  # the picture is scaled to …, but its longer side to … at most
_MULTIPLE_PX = 32
_FIRST_STRIDE_PX = 8


@dataclass(frozen=True, eq=False)
class Anchors:
    """All anchors of a picture, level by level, place by place in rows, shape by shape.

    Attributes:
        size: (H, W) of the picture as the network sees it, before it is filled up, in pixels.
        boxes: of each level float32 (rows · columns · SHAPES, 4) ``xyxy`` in its pixels.
        grids: (rows, columns) of each level.
        strides: of each level, (down, across) in pixels.
    """

    size: tuple[int, int]
    boxes: tuple[Tensor, ...]
    grids: tuple[tuple[int, int], ...]
    strides: tuple[tuple[int, int], ...]


@dataclass(frozen=True, eq=False)
class Assigned:
    """What A anchors are told.

    Attributes:
        told: int64 (A,), the true box that an anchor is to find, else ``NEGATIVE`` or ``IGNORED``.
        rescued: bool (A,), to find one although the overlap is below ``POSITIVE_IOU``.
    """

    told: Tensor
    rescued: Tensor


def seen_size(size: tuple[int, int]) -> tuple[int, int]:
    """(H, W) of a picture as RetinaNet sees it: the shorter side 800 px, the longer at most 1333.

    Args:
        size: (H, W) in pixels, at least 1.
    """
    scale = min(_SHORT_PX / min(size), _LONG_PX / max(size))
    height, width = (max(1, floor(side * scale)) for side in size)
    return height, width


def retina_anchors(size: tuple[int, int]) -> Anchors:
    """The anchors of a picture that the network sees as (H, W) = ``size``."""
    height, width = (ceil(side / _MULTIPLE_PX) * _MULTIPLE_PX for side in size)
    grid = height // _FIRST_STRIDE_PX, width // _FIRST_STRIDE_PX
    grids = [grid]
    for _ in LEVELS[1:]:
        grid = ceil(grid[0] / 2), ceil(grid[1] / 2)  # convolutions of stride 2, padded
        grids.append(grid)
    generator = AnchorGenerator(SIZES_PX, (RATIOS,) * len(LEVELS))
    nothing = torch.zeros(())
    maps = [nothing.expand(1, 1, *each) for each in grids]
    pictures = ImageList(nothing.expand(1, 1, height, width), [size])
    (boxes,) = generator(pictures, maps)
    parts = boxes.split([rows * columns * SHAPES for rows, columns in grids])
    strides = [(height // rows, width // columns) for rows, columns in grids]
    return Anchors(size, tuple(parts), tuple(grids), tuple(strides))


def assign(iou: Tensor) -> Assigned:
    """What each anchor is told of the true boxes.

    Args:
        iou: float (T, A), of T >= 1 true boxes with A anchors.
    """
    best, told = iou.max(dim=0)  # of each anchor; the lower index of equals
    own = told.clone()
    told[best < POSITIVE_IOU] = IGNORED
    told[best < NEGATIVE_IOU] = NEGATIVE
    most = iou.max(dim=1, keepdim=True).values  # of each true box; all that reach it
    rescued = (iou == most).any(dim=0) & (told < 0)
    return Assigned(torch.where(rescued, own, told), rescued)


def best_by_level(anchors: Anchors, boxes: Tensor) -> Tensor:
    """How much the best anchor of each level overlaps each box: float32 (T, levels).

    Of one shape, the anchor whose centre is nearest overlaps a box most, so only those are asked.

    Args:
        anchors: of the picture.
        boxes: float (T, 4), ``xyxy`` in the pixels that the network sees.
    """
    centres = (boxes[:, :2] + boxes[:, 2:]) / 2  # x and y
    best = []
    for level, (rows, columns) in zip(anchors.boxes, anchors.grids, strict=True):
        places = level.reshape(rows, columns, SHAPES, 4)
        at = (places[..., :2] + places[..., 2:]) / 2
        column = (at[0, :, 0, 0][None] - centres[:, :1]).abs().argmin(dim=1)
        row = (at[:, 0, 0, 1][None] - centres[:, 1:]).abs().argmin(dim=1)
        near = places[row, column]  # (T, SHAPES, 4)
        ious = [box_iou(box[None], nine).max() for box, nine in zip(boxes, near, strict=True)]
        best.append(torch.stack(ious))
    return torch.stack(best, dim=1)

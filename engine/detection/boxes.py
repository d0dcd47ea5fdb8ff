"""Boxes as numbers: formats, clipping, and how much two boxes overlap.

A box is four numbers along the last axis. Unless a name says otherwise they are ``xyxy``: left,
top, right, bottom in pixels, half-open, ``x1 <= x2`` and ``y1 <= y2``. The tests hold everything
here against ``torchvision.ops``.

Sources: Rezatofighi et al., "Generalized Intersection over Union", CVPR 2019 (GIoU); Zheng et al.,
"Distance-IoU Loss", AAAI 2020 (DIoU).
"""

from typing import Literal, get_args

import torch
from torch import Tensor

from engine.errors import InputError

#: ``xyxy`` corners; ``xywh`` upper left corner and size (COCO); ``cxcywh`` centre and size (YOLO).
BoxFormat = Literal["xyxy", "xywh", "cxcywh"]
BOX_FORMATS: tuple[BoxFormat, ...] = get_args(BoxFormat)


def check_boxes(boxes: Tensor) -> None:
    """Raise unless ``boxes`` are ``xyxy``, float ``(N, 4)``, finite and not inside out.

    Raises:
        InputError: a number is not finite, or a box ends before it begins.
        ValueError: another shape or type.
    """
    if boxes.ndim != 2 or boxes.shape[1] != 4 or not boxes.is_floating_point():
        raise ValueError(f"float (N, 4) boxes are needed, not {boxes.dtype} {tuple(boxes.shape)}")
    finite = boxes.isfinite().all(dim=1)
    if not finite.all():
        raise InputError("box_not_finite", index=_first(~finite))
    ordered = (boxes[:, 2:] >= boxes[:, :2]).all(dim=1)
    if not ordered.all():
        index = _first(~ordered)
        box = ", ".join(f"{number:g}" for number in boxes[index].tolist())
        raise InputError("box_inside_out", index=index, box=box)


def convert(boxes: Tensor, source: BoxFormat, target: BoxFormat) -> Tensor:
    """The same boxes, written in another format.

    Args:
        boxes: float ``(..., 4)`` in the format ``source``.
        source: the format they are in.
        target: the format wanted.

    Returns:
        A new tensor of the same shape and type.

    Raises:
        InputError: an unknown format.
    """
    for name in (source, target):
        if name not in BOX_FORMATS:
            choices = ", ".join(BOX_FORMATS)
            raise InputError("value_not_a_choice", name="format", choices=choices, value=name)
    first, second = boxes[..., :2], boxes[..., 2:]
    if source == "xyxy":
        start, size = first, second - first
    else:
        start, size = (first if source == "xywh" else first - second / 2), second
    if target == "xyxy":
        end = second if source == "xyxy" else start + size
        return torch.cat([start, end], dim=-1)
    return torch.cat([start if target == "xywh" else start + size / 2, size], dim=-1)


def clip(boxes: Tensor, size: tuple[int, int]) -> Tensor:
    """Cut off what lies outside a picture; a box entirely outside keeps no area.

    Args:
        boxes: float ``(..., 4)``.
        size: ``(H, W)`` of the picture in pixels.

    Returns:
        A new tensor with ``0 <= x <= W`` and ``0 <= y <= H``.
    """
    height, width = size
    limit = torch.tensor([width, height, width, height], dtype=boxes.dtype, device=boxes.device)
    return torch.minimum(boxes.clamp(min=0), limit)


def area(boxes: Tensor) -> Tensor:
    """Width times height in square pixels: ``(..., 4)`` to ``(...)``."""
    return (boxes[..., 2] - boxes[..., 0]) * (boxes[..., 3] - boxes[..., 1])


def box_iou(first: Tensor, second: Tensor) -> Tensor:
    """Intersection over union of every box with every other: 1 for equal ones, 0 for disjoint ones.

    Two boxes without any area have no union to speak of; theirs is 0.

    Args:
        first: float ``(N, 4)``.
        second: float ``(M, 4)``.

    Returns:
        ``(N, M)`` in [0, 1].
    """
    intersection, union = _overlap(first, second)
    return _divide(intersection, union)


def overlap_of_smaller(first: Tensor, second: Tensor) -> Tensor:
    """Intersection over the smaller of the two boxes: 1 where one lies inside the other.

    Args:
        first: float ``(N, 4)``.
        second: float ``(M, 4)``.

    Returns:
        ``(N, M)`` in [0, 1]; 0 where the smaller one has no area.
    """
    intersection, _ = _overlap(first, second)
    return _divide(intersection, torch.minimum(area(first)[:, None], area(second)))


def generalized_iou(first: Tensor, second: Tensor) -> Tensor:
    """IoU less the empty share of the smallest box around both, so that distance counts too.

    Args:
        first: float ``(N, 4)``.
        second: float ``(M, 4)``.

    Returns:
        ``(N, M)`` in [-1, 1]; 0 where the hull has no area.
    """
    intersection, union = _overlap(first, second)
    hull = area(_hull(first, second))
    return _divide(intersection, union) - _divide(hull - union, hull)


def distance_iou(first: Tensor, second: Tensor) -> Tensor:
    """IoU less the squared distance of the centres over the squared diagonal of their hull.

    Args:
        first: float ``(N, 4)``.
        second: float ``(M, 4)``.

    Returns:
        ``(N, M)`` in [-1, 1]; 0 for two equal points.
    """
    hull = _hull(first, second)
    diagonal = (hull[..., 2:] - hull[..., :2]).square().sum(dim=-1)
    centres = [(boxes[:, :2] + boxes[:, 2:]) / 2 for boxes in (first, second)]
    distance = (centres[0][:, None] - centres[1]).square().sum(dim=-1)  # (N, M)
    return box_iou(first, second) - _divide(distance, diagonal)


def _overlap(first: Tensor, second: Tensor) -> tuple[Tensor, Tensor]:
    """Intersection and union of every pair in square pixels, both ``(N, M)``."""
    lefts, tops, rights, bottoms = first[:, :, None].unbind(dim=1)  # (N, 1) each
    left, top, right, bottom = second.unbind(dim=1)  # (M,) each
    width = (torch.minimum(rights, right) - torch.maximum(lefts, left)).clamp(min=0)  # (N, M)
    height = (torch.minimum(bottoms, bottom) - torch.maximum(tops, top)).clamp(min=0)
    intersection = width * height
    return intersection, area(first)[:, None] + area(second) - intersection


def _hull(first: Tensor, second: Tensor) -> Tensor:
    """The smallest box around each pair, ``(N, M, 4)``."""
    start = torch.minimum(first[:, None, :2], second[:, :2])
    end = torch.maximum(first[:, None, 2:], second[:, 2:])
    return torch.cat([start, end], dim=-1)


def _divide(part: Tensor, whole: Tensor) -> Tensor:
    """``part / whole``, and 0 where the whole is 0; the gradient stays finite there."""
    empty = whole <= 0
    return (part / whole.masked_fill(empty, 1)).masked_fill(empty, 0)


def _first(wrong: Tensor) -> int:
    return int(wrong.to(torch.uint8).argmax())

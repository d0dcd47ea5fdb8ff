"""Non-maximum suppression: of many boxes on one object, keep the best.

Take the box with the highest score, drop every box that overlaps it by more than a threshold, and
go on with the best of the rest. ``nms`` is that sentence as code; ``nms_trace`` also tells, for
each box, which box suppressed it and at which IoU. Both equal ``torchvision.ops.nms``, box for box.

With ``labels`` a box can be suppressed by its own class only. That equals one ``nms`` a class.
``torchvision.ops.batched_nms`` reaches the same end by moving each class to a place of its own;
the moved coordinates are rounded, so boxes at the very threshold may come out differently.

Source: Girshick et al., "Rich feature hierarchies for accurate object detection", CVPR 2014.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from engine.detection.boxes import box_iou, check_boxes
from engine.detection.detections import check_scores, rank
from engine.errors import InputError

_CHUNK = 128  # boxes whose overlaps are worked out together; bounds memory at any number of boxes


def nms(
    boxes: Tensor, scores: Tensor, iou_threshold: float, labels: Tensor | None = None
) -> Tensor:
    """Keep the best box, drop what overlaps it, go on with the rest.

    Args:
        boxes: float ``(N, 4)``, ``xyxy``.
        scores: float ``(N,)`` in [0, 1].
        iou_threshold: a box goes where its IoU is above this; in [0, 1].
        labels: integer ``(N,)``: suppress within a class only; ``None`` compares all with all.

    Returns:
        int64 ``(K,)``, indices of the kept boxes, highest score first.

    Raises:
        InputError: numbers that are not finite, out of range, or boxes inside out.
        ValueError: shapes that do not belong together.
    """
    boxes, scores, labels = check_call(boxes, scores, iou_threshold, labels)
    waiting = rank(scores)
    kept = []
    while len(waiting):
        best, rest = waiting[0], waiting[1:]
        kept.append(best)
        overlap = box_iou(boxes[best, None], boxes[rest])[0].double()
        suppressed = (overlap > iou_threshold) & (labels[rest] == labels[best])
        waiting = rest[~suppressed]
    return torch.stack(kept) if kept else waiting


@dataclass(frozen=True)
class Decision:
    """One step: the best box that was left, and what it suppressed.

    Attributes:
        kept: index of the box.
        suppressed: indices of the boxes it removed, highest score first.
        ious: the IoU of each of them with the kept box.
    """

    kept: int
    suppressed: tuple[int, ...]
    ious: tuple[float, ...]


@dataclass(frozen=True, eq=False)
class NmsTrace:
    """What became of every box.

    Attributes:
        order: int64 ``(N,)``, indices by falling score: the order in which boxes were looked at.
        suppressed_by: int64 ``(N,)``, for each box the box that removed it; -1 where it was kept.
        iou: float32 ``(N,)``, its IoU with that box; 0 where it was kept.
    """

    order: Tensor
    suppressed_by: Tensor
    iou: Tensor

    @property
    def kept(self) -> Tensor:
        """int64 ``(K,)``, indices of the kept boxes, highest score first."""
        return self.order[self.suppressed_by[self.order] < 0]

    def decisions(self) -> tuple[Decision, ...]:
        """All steps in the order in which they were taken, one for each kept box."""
        removed: dict[int, list[int]] = {index: [] for index in self.kept.tolist()}
        remover, iou = self.suppressed_by.tolist(), self.iou.tolist()
        for index in self.order.tolist():
            if remover[index] >= 0:
                removed[remover[index]].append(index)
        return tuple(
            Decision(kept, tuple(gone), tuple(iou[index] for index in gone))
            for kept, gone in removed.items()
        )


def nms_trace(
    boxes: Tensor,
    scores: Tensor,
    iou_threshold: float,
    labels: Tensor | None = None,
    overlap_of: Callable[[Tensor, Tensor], Tensor] = box_iou,
) -> NmsTrace:
    """Suppress as :func:`nms` does, and keep every decision.

    The overlaps of many boxes are worked out at once, so this is the faster of the two.

    Args:
        boxes, scores, iou_threshold, labels: as for :func:`nms`.
        overlap_of: ``(N, 4)`` and ``(M, 4)`` to ``(N, M)`` in [0, 1], what stands for the IoU.

    Raises:
        InputError, ValueError: as :func:`nms`.
    """
    boxes, scores, labels = check_call(boxes, scores, iou_threshold, labels)
    order = rank(scores)
    boxes, labels = boxes[order], labels[order]  # from here on an index is a rank
    remover = np.full(len(boxes), -1)
    iou = np.zeros(len(boxes), np.float32)
    for first in range(0, len(boxes), _CHUNK):
        left = first + np.flatnonzero(remover[first:] < 0)
        heads = left[left < first + _CHUNK]
        overlap = overlap_of(boxes[heads], boxes[left])  # (heads, left)
        hits = (overlap.double() > iou_threshold) & (labels[heads, None] == labels[left])
        reached = hits.numpy() & (heads[:, None] < left)
        for row in np.flatnonzero(reached.any(axis=1)):
            if remover[heads[row]] < 0:
                at = np.flatnonzero(reached[row])
                at = at[remover[left[at]] < 0]
                remover[left[at]] = heads[row]
                iou[left[at]] = overlap.numpy()[row, at]
    return _by_index(order, remover, iou)


def check_call(
    boxes: Tensor, scores: Tensor, iou_threshold: float, labels: Tensor | None
) -> tuple[Tensor, Tensor, Tensor]:
    """Boxes and scores as float32, labels as int64 (all 0 for ``None``), on the CPU, checked.

    A CPU compares in double precision where the device that found the boxes may not.

    Raises:
        InputError, ValueError: as :func:`nms` says.
    """
    labels = torch.zeros(len(boxes), dtype=torch.int64) if labels is None else labels
    if scores.shape != (len(boxes),) or labels.shape != (len(boxes),):
        given = [tuple(tensor.shape) for tensor in (boxes, scores, labels)]
        raise ValueError(f"boxes, scores and labels of {given} do not belong together")
    check_iou_threshold(iou_threshold)
    boxes, scores = (tensor.detach().to("cpu", torch.float32) for tensor in (boxes, scores))
    check_boxes(boxes)
    check_scores(scores)
    return boxes, scores, labels.to("cpu", torch.int64)


def check_iou_threshold(value: float) -> None:
    """Raise unless the threshold lies in [0, 1].

    Raises:
        InputError: it does not, or is no number.
    """
    if not 0 <= value <= 1:
        raise InputError("value_out_of_range", name="iou", low=0, high=1, value=value)


def _by_index(order: Tensor, remover: np.ndarray, iou: np.ndarray) -> NmsTrace:
    """From ranks back to the indices that the caller knows."""
    suppressed_by, ious = torch.full((len(order),), -1), torch.zeros(len(order))
    ranks = torch.from_numpy(remover)
    gone = ranks >= 0
    suppressed_by[order[gone]] = order[ranks[gone]]
    ious[order] = torch.from_numpy(iou)
    return NmsTrace(order, suppressed_by, ious)

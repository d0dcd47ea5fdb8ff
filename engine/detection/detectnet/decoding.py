"""From a grid of answers to boxes: every cell that is covered enough proposes one.

An object covers several cells, so several boxes lie on it; clustering (as DetectNet did) or NMS
leaves one (:mod:`engine.detection.thinning`). Greedy NMS never looks back at lower scores, so what
it keeps at a higher threshold is what it keeps at a lower one, less the boxes below: the tests
prove it, and a threshold can be moved without decoding again.

Source: Tao, Barker, Sarathy 2016 (threshold on the coverage, then ``groupRectangles``).
"""

from typing import Literal

import torch
from torch import Tensor

from engine.detection.boxes import clip
from engine.detection.detections import Detections, rank
from engine.detection.detectnet.targets import DISTANCE_UNIT_PX, cell_centres
from engine.detection.thinning import Thinning, thin_out
from engine.trainable.detect_net import DISTANCES

Merge = Literal["nms", "cluster", "none"]
NMS_IOU = 0.45
CLUSTER_NEIGHBOURS = 1  # at least two cells must say so
FLOOR = 0.05  # a coverage below is never an object
MOST_BOXES = 2000  # the best ones; a large picture without objects would propose one a cell


def cell_boxes(distances: Tensor, size: tuple[int, int]) -> Tensor:
    """The box that each cell proposes.

    Args:
        distances: float32 (4, h, w), in ``DISTANCE_UNIT_PX``.
        size: (H, W) of the picture in pixels; boxes are clipped to it.

    Returns:
        float32 (h, w, 4), ``xyxy``; edges that the net has in the wrong order are put right.
    """
    y, x = cell_centres((distances.shape[1], distances.shape[2]), distances.device)
    origin = torch.stack([x.expand(len(y), -1), y[:, None].expand(-1, len(x))] * 2, dim=-1)
    corners = distances.permute(1, 2, 0) * DISTANCE_UNIT_PX + origin
    first, second = corners[..., :2], corners[..., 2:]
    return clip(torch.cat([torch.minimum(first, second), torch.maximum(first, second)], -1), size)


def propose(
    output: Tensor, size: tuple[int, int], class_names: tuple[str, ...], threshold: float = FLOOR
) -> Detections:
    """A box for each cell and class whose coverage reaches the threshold; at most ``MOST_BOXES``.

    Args:
        output: float32 (classes + 4, h, w), of one picture.
        size: (H, W) of the picture in pixels.
        class_names: names of the classes.
        threshold: in [0, 1].
    """
    coverage, boxes = output[:-DISTANCES].sigmoid(), cell_boxes(output[-DISTANCES:], size)
    label, row, column = (coverage >= threshold).nonzero().unbind(1)
    scores = coverage[label, row, column]
    best = rank(scores)[:MOST_BOXES]
    found = boxes[row[best], column[best]]
    return Detections.ranked(found, scores[best], label[best], class_names)


def decode(
    output: Tensor,
    size: tuple[int, int],
    class_names: tuple[str, ...],
    threshold: float = 0.5,
    merge: Merge = "nms",
) -> Detections:
    """The objects on a picture.

    Args:
        output, size, class_names, threshold: as for :func:`propose`.
        merge: "nms" keeps the best of boxes of one class that overlap by more than ``NMS_IOU``;
            "cluster" averages similar ones and drops those that stand alone; "none" leaves all.
    """
    proposed = propose(output, size, class_names, threshold)
    if merge == "none":
        return proposed
    kind = "cluster" if merge == "cluster" else "per_class"
    how = Thinning(kind, iou=NMS_IOU, score=threshold, neighbours=CLUSTER_NEIGHBOURS)
    left = thin_out(proposed, how)
    return Detections.ranked(clip(left.boxes, size), left.scores, left.labels, class_names)

"""Box clustering: boxes that say the same become their average, if enough of them do.

DetectNet, and OpenCV's cascades before it, answer with many boxes on one object. Unlike NMS no box
wins: similar boxes form a cluster (similar to similar is similar, so chains hold together), small
clusters are noise, and a cluster inside a better supported one goes too.

Source: OpenCV's ``cv::groupRectangles`` (objdetect), whose whole pixels and rounding this keeps, so
that it equals it box for box; Tao, Barker, Sarathy, "DetectNet: Deep Neural Network for Object
Detection in DIGITS", 2016, which clusters with it.
"""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from engine.detection.boxes import check_boxes
from engine.errors import InputError

_TRUSTED = 3  # a cluster of fewer boxes cannot outvote one inside it, unless that is a tiny one
_MOST_PIXELS = 2**24  # beyond, float32 averages are no longer whole pixels


@dataclass(frozen=True, eq=False)
class Clusters:
    """Every cluster and what became of it.

    Attributes:
        cluster_of: int64 ``(N,)``, the cluster of each box; clusters are numbered in the order of
            their first box.
        boxes: float32 ``(C, 4)``, ``xyxy`` in whole pixels, each cluster's average.
        counts: int64 ``(C,)``, boxes in each.
        too_few: bool ``(C,)``, removed for want of boxes.
        inside_of: int64 ``(C,)``, the better supported cluster that holds this one, so that it was
            removed; -1 for all others.
    """

    cluster_of: Tensor
    boxes: Tensor
    counts: Tensor
    too_few: Tensor
    inside_of: Tensor

    @property
    def kept(self) -> Tensor:
        """int64 ``(K,)``, the clusters that are left, in their order."""
        return (~self.too_few & (self.inside_of < 0)).nonzero()[:, 0]


def cluster_boxes(boxes: Tensor, min_neighbours: int, eps: float = 0.2) -> Clusters:
    """Average boxes that are alike, and drop what too few boxes support.

    Args:
        boxes: float ``(N, 4)``, ``xyxy``; rounded to whole pixels first.
        min_neighbours: a cluster needs more boxes than this, 0 or more. At 0 nothing is clustered:
            every box is a cluster of its own, as in OpenCV.
        eps: how far edges may lie apart in similar boxes, as a share of their mean side; 0 to 10.

    Raises:
        InputError: a setting is out of range, or a box is not finite, inside out or enormous.
        ValueError: another shape or type.
    """
    check_boxes(boxes)
    for name, value, high in (("min_neighbours", min_neighbours, 10_000), ("eps", eps, 10)):
        if not 0 <= value <= high:
            raise InputError("value_out_of_range", name=name, low=0, high=high, value=value)
    corners = boxes.detach().cpu().double().numpy()
    if np.abs(corners).max(initial=0) > _MOST_PIXELS:
        raise InputError("box_enormous", limit=_MOST_PIXELS)
    corners = np.rint(corners).astype(np.int64)
    rects = np.hstack([corners[:, :2], corners[:, 2:] - corners[:, :2]])  # xywh
    if min_neighbours == 0:
        ungrouped = np.arange(len(rects))
        return _answer(ungrouped, rects, np.ones_like(ungrouped), ungrouped < 0, ungrouped * 0 - 1)
    cluster_of = _partition(corners, eps)
    counts = np.bincount(cluster_of)
    means = _mean_rects(rects, cluster_of, counts)
    too_few = counts <= min_neighbours
    return _answer(cluster_of, means, counts, too_few, _find_holders(means, counts, too_few, eps))


def _partition(corners: np.ndarray, eps: float) -> np.ndarray:
    """Connected components of "similar", numbered by their first box: int64 ``(N,)``."""
    side = corners[:, 2:] - corners[:, :2]
    cluster_of = np.full(len(corners), -1)
    clusters = 0
    for first in range(len(corners)):
        if cluster_of[first] >= 0:
            continue
        cluster_of[first] = clusters
        reached = [first]
        while reached:
            index = reached.pop()
            free = np.flatnonzero(cluster_of < 0)
            smaller = np.minimum(side[free], side[index]).sum(axis=1)
            apart = np.abs(corners[free] - corners[index]).max(axis=1)
            similar = free[apart <= eps * smaller * 0.5]
            cluster_of[similar] = clusters
            reached.extend(similar.tolist())
        clusters += 1
    return cluster_of


def _mean_rects(rects: np.ndarray, cluster_of: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Each cluster's mean ``xywh``, rounded, in float32 as OpenCV does: int64 ``(C, 4)``."""
    sums = np.zeros((len(counts), 4), np.int64)
    np.add.at(sums, cluster_of, rects)
    share = np.float32(1) / counts.astype(np.float32)
    return np.rint(sums.astype(np.float32) * share[:, None]).astype(np.int64)


def _find_holders(
    means: np.ndarray, counts: np.ndarray, too_few: np.ndarray, eps: float
) -> np.ndarray:
    """For each cluster the first better supported one that holds it, or -1: int64 ``(C,)``."""
    holders = np.full(len(means), -1)
    start, end = means[:, :2], means[:, :2] + means[:, 2:]
    slack = np.rint(means[:, 2:] * eps).astype(np.int64)
    for index in np.flatnonzero(~too_few):
        holds = (start[index] >= start - slack) & (end[index] <= end + slack)
        outvotes = (counts > max(_TRUSTED, counts[index])) | (counts[index] < _TRUSTED)
        holds_it = holds.all(axis=1) & outvotes & ~too_few
        holds_it[index] = False
        if holds_it.any():
            holders[index] = holds_it.argmax()
    return holders


def _answer(
    cluster_of: np.ndarray,
    rects: np.ndarray,
    counts: np.ndarray,
    too_few: np.ndarray,
    holders: np.ndarray,
) -> Clusters:
    corners = np.hstack([rects[:, :2], rects[:, :2] + rects[:, 2:]]).astype(np.float32)
    parts = (cluster_of, corners, counts, too_few, holders)
    return Clusters(*(torch.from_numpy(np.ascontiguousarray(part)) for part in parts))

"""From many boxes to few, one form for every way of doing so: what is left, and why not the rest.

Hard NMS, soft-NMS and clustering tell their stories differently. Here each becomes a list of
results and, for every box, the result that it was given up for.
"""

from dataclasses import dataclass, replace
from typing import Literal, get_args

import torch
from torch import Tensor

from engine.detection.boxes import box_iou
from engine.detection.clustering import cluster_boxes
from engine.detection.detections import Detections
from engine.detection.nms import nms_trace
from engine.detection.soft_nms import Decay, soft_nms_trace

Kind = Literal["per_class", "agnostic", "soft_linear", "soft_gaussian", "cluster"]
KINDS: tuple[Kind, ...] = get_args(Kind)
#: What gives boxes up and changes no score.
HARD: tuple[Kind, ...] = ("per_class", "agnostic")
#: Clustering asks for more boxes than this in a cluster.
NEIGHBOURS = (0, 50)


@dataclass(frozen=True)
class Thinning:
    """How boxes are thinned out; each kind reads what concerns it.

    Args:
        kind: within each class, or over all classes (``agnostic``); soft-NMS and clustering work
            within each class.
        iou: threshold of hard and linear soft-NMS; in [0, 1].
        score: boxes below are not looked at; soft-NMS gives up those that sink below.
        sigma: of Gaussian soft-NMS.
        neighbours: clustering only; 0 to 50.
    """

    kind: Kind = "per_class"
    iou: float = 0.5
    score: float = 0.5
    sigma: float = 0.5
    neighbours: int = 2


@dataclass(frozen=True, eq=False)
class Thinned:
    """What is left of N boxes, and for which result each other box was given up.

    Attributes:
        boxes: float32 ``(K, 4)``, the results in the order in which they were decided.
        scores: float32 ``(K,)``, their final scores (of a cluster, its best box's).
        labels: int64 ``(K,)``.
        source: int64 ``(K,)``, the box that the result is; -1 for the average of a cluster.
        given_up_for: int64 ``(N,)``, the result that each box belongs to: its own where it was
            kept; -1 where its score is too low to begin with, -2 where its cluster is too small.
        iou: float32 ``(N,)``, its overlap with that result; 0 where there is none.
        left_with: float32 ``(N,)``, the box's score in the end; only soft-NMS lowers it.
    """

    boxes: Tensor
    scores: Tensor
    labels: Tensor
    source: Tensor
    given_up_for: Tensor
    iou: Tensor
    left_with: Tensor


def thin_out(found: Detections, how: Thinning) -> Thinned:
    """Thin out a detector's boxes.

    Raises:
        InputError: a setting is out of its range.
    """
    among = found.at_least(how.score)
    if how.kind == "cluster":
        thinned = _cluster(among, how)
    elif how.kind in HARD:
        thinned = _suppress(among, how)
    else:
        thinned = _decay(among, how)
    rest = len(found) - len(among)  # scores fall, so these are the last ones
    return replace(
        thinned,
        given_up_for=torch.cat([thinned.given_up_for, torch.full((rest,), -1)]),
        iou=torch.cat([thinned.iou, torch.zeros(rest)]),
        left_with=torch.cat([thinned.left_with, found.scores[len(among) :]]),
    )


def _suppress(among: Detections, how: Thinning) -> Thinned:
    labels = among.labels if how.kind == "per_class" else None
    trace = nms_trace(among.boxes, among.scores, how.iou, labels)
    remover = torch.where(trace.suppressed_by < 0, torch.arange(len(among)), trace.suppressed_by)
    return _of_kept(among, trace.kept, remover, trace.iou, among.scores)


def _decay(among: Detections, how: Thinning) -> Thinned:
    kind = "linear" if how.kind == "soft_linear" else "gaussian"
    decay = Decay(kind, how.iou, how.sigma)
    trace = soft_nms_trace(among.boxes, among.scores, decay, how.score, among.labels)
    # a box that was lowered often was given up for the last to do so
    remover, iou = torch.arange(len(among)), torch.zeros(len(among))
    gone = torch.ones(len(among), dtype=torch.bool)
    gone[trace.picked] = False
    sunk = gone[trace.box] & (trace.after < how.score)
    remover[trace.box[sunk]] = trace.picked[trace.picked_at[sunk]]
    iou[trace.box[sunk]] = trace.iou[sunk]
    return _of_kept(among, trace.picked, remover, iou, trace.scores)


def _of_kept(
    among: Detections, kept: Tensor, remover: Tensor, iou: Tensor, scores: Tensor
) -> Thinned:
    place = torch.full((len(among),), -1)
    place[kept] = torch.arange(len(kept))
    return Thinned(
        boxes=among.boxes[kept],
        scores=scores[kept],
        labels=among.labels[kept],
        source=kept,
        given_up_for=place[remover],
        iou=iou,
        left_with=scores,
    )


def _cluster(among: Detections, how: Thinning) -> Thinned:
    """Each class clustered by itself; the results by falling score of their best box."""
    boxes, scores, labels = [torch.zeros(0, 4)], [torch.zeros(0)], [torch.zeros(0).long()]
    given_up_for = torch.full((len(among),), -2)
    results = 0
    for label in among.labels.unique().tolist():
        members = (among.labels == label).nonzero()[:, 0]
        clusters = cluster_boxes(among.boxes[members], how.neighbours)
        holder = torch.where(
            clusters.inside_of >= 0, clusters.inside_of, torch.arange(len(clusters.boxes))
        )
        place = torch.full((len(clusters.boxes),), -2)
        place[clusters.kept] = results + torch.arange(len(clusters.kept))
        given_up_for[members] = place[holder[clusters.cluster_of]]
        best = torch.zeros(len(clusters.boxes))
        best.scatter_reduce_(0, clusters.cluster_of, among.scores[members], "amax")
        boxes.append(clusters.boxes[clusters.kept])
        scores.append(best[clusters.kept])
        labels.append(torch.full((len(clusters.kept),), label))
        results += len(clusters.kept)
    return _by_score(among, torch.cat(boxes), torch.cat(scores), torch.cat(labels), given_up_for)


def _by_score(
    among: Detections, boxes: Tensor, scores: Tensor, labels: Tensor, given_up_for: Tensor
) -> Thinned:
    order = scores.argsort(descending=True, stable=True)
    place = torch.empty_like(order)
    place[order] = torch.arange(len(order))
    tied = given_up_for >= 0
    given_up_for[tied] = place[given_up_for[tied]]
    iou = torch.zeros(len(among))
    overlap = box_iou(among.boxes[tied], boxes[order])
    iou[tied] = overlap.gather(1, given_up_for[tied, None])[:, 0]
    source = torch.full((len(order),), -1)
    return Thinned(
        boxes[order], scores[order], labels[order], source, given_up_for, iou, among.scores
    )

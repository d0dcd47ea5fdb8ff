"""Faster R-CNN taken apart on one picture: what each anchor proposed, and what became of it.

Every step is torchvision's own, in its order; what it drops is kept here with the reason. What is
left in the end is what the network answers, box for box (a test compares them).

Source: Ren et al., "Faster R-CNN", NeurIPS 2015; ``torchvision.models.detection``.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import cast

import torch
from torch import Tensor
from torchvision.models.detection import FasterRCNN
from torchvision.models.detection.image_list import ImageList
from torchvision.models.detection.roi_heads import RoIHeads
from torchvision.models.detection.rpn import (
    RegionProposalNetwork,
    concat_box_prediction_layers,
)
from torchvision.ops import box_iou, clip_boxes_to_image

from engine.detection.nms import nms_trace
from engine.trainable.truths import BACKGROUND


class Fate(IntEnum):
    """What became of an anchor's box in the first stage, or of a proposal in the second.

    ``OUTRANKED``: in the first stage, not among the best that are looked at further. ``FAINT``:
    below the least objectness, or in the second stage no class above the least score. ``REPEATS``:
    it overlaps a better one too much. ``SURPLUS``: behind the last place. ``TINY``: nothing of it
    is left within the picture.
    """

    KEPT = 0
    OUTRANKED = 1
    FAINT = 2
    REPEATS = 3
    SURPLUS = 4
    TINY = 5


@dataclass(frozen=True, eq=False)
class FirstStage:
    """What the region proposal network said of A anchors, P of which became proposals.

    Attributes:
        anchors: float32 (A, 4), ``xyxy`` in pixels; they may reach beyond the picture.
        objectness: float32 (A,) in [0, 1].
        boxes: float32 (A, 4), the anchors corrected and clipped to the picture.
        fate: int64 (A,), a :class:`Fate`.
        better: int64 (A,), the anchor whose box was preferred to one that repeats it, else -1.
        overlap: float32 (A,), IoU with that box, else 0.
        proposals: int64 (P,), the anchors whose boxes go on, best first.
        maps: (rows, columns) of each feature map, in the order of the anchors.
    """

    anchors: Tensor
    objectness: Tensor
    boxes: Tensor
    fate: Tensor
    better: Tensor
    overlap: Tensor
    proposals: Tensor
    maps: tuple[tuple[int, int], ...]


@dataclass(frozen=True, eq=False)
class SecondStage:
    """What the box head made of P proposals; C classes and the background, which is 0.

    Attributes:
        crops: float32 (P, channels, 7, 7), each cut out of the feature map.
        probs: float32 (P, C + 1).
        labels: int64 (P,), the likeliest class of each, from 1: background is left out.
        boxes: float32 (P, 4), corrected once more, for that class.
        fate: int64 (P,), a :class:`Fate`, of that class's box.
        better: int64 (P,), the proposal whose box was preferred to one that repeats it, else -1.
        overlap: float32 (P,), IoU with that box, else 0.
    """

    crops: Tensor
    probs: Tensor
    labels: Tensor
    boxes: Tensor
    fate: Tensor
    better: Tensor
    overlap: Tensor

    @property
    def scores(self) -> Tensor:
        """float32 (P,), probability of ``labels``."""
        return self.probs.gather(1, self.labels[:, None])[:, 0]


@torch.no_grad()
def trace_two_stages(
    detector: FasterRCNN, x: Tensor, size: tuple[int, int] | None = None
) -> tuple[FirstStage, SecondStage]:
    """Both stages on one picture.

    Args:
        detector: in eval mode; only read.
        x: float32 (1, 3, H, W), as the backbone takes it.
        size: (H, W) of the picture within ``x`` where zeros were added at its right and bottom.
    """
    features = detector.backbone(x)
    images = ImageList(x, [size or (x.shape[2], x.shape[3])])
    rpn = cast(RegionProposalNetwork, detector.rpn)
    first = propose(rpn, images, list(features.values()))
    heads = cast(RoIHeads, detector.roi_heads)
    proposals = first.boxes[first.proposals]
    crops = heads.box_roi_pool(features, [proposals], images.image_sizes)
    return first, classify(heads, crops, proposals, images.image_sizes[0])


def propose(rpn: RegionProposalNetwork, images: ImageList, maps: list[Tensor]) -> FirstStage:
    """The first stage: from an objectness and a correction of every anchor to proposals."""
    logits, corrections = rpn.head(maps)
    anchors = rpn.anchor_generator(images, maps)
    per_level = [each[0].numel() for each in logits]
    flat, corrections = concat_box_prediction_layers(logits, corrections)
    boxes = rpn.box_coder.decode(corrections, anchors)[:, 0]
    boxes = clip_boxes_to_image(boxes, images.image_sizes[0])
    objectness = flat[:, 0].sigmoid()
    fate = torch.full((len(boxes),), int(Fate.OUTRANKED))
    levels = torch.repeat_interleave(torch.arange(len(per_level)), torch.tensor(per_level))
    best = [
        start + flat[start : start + count, 0].topk(min(rpn.pre_nms_top_n(), count)).indices
        for start, count in zip(_starts(per_level), per_level, strict=True)
    ]
    looked_at = torch.cat(best)
    sides = boxes[looked_at, 2:] - boxes[looked_at, :2]
    is_tiny = (sides < rpn.min_size).any(dim=1)
    fate[looked_at[is_tiny]] = int(Fate.TINY)
    looked_at = looked_at[~is_tiny]
    is_faint = objectness[looked_at] < rpn.score_thresh
    fate[looked_at[is_faint]] = int(Fate.FAINT)
    looked_at = looked_at[~is_faint]
    trace = nms_trace(boxes[looked_at], objectness[looked_at], rpn.nms_thresh, levels[looked_at])
    fate[looked_at] = int(Fate.REPEATS)
    kept = looked_at[trace.kept]
    fate[kept] = int(Fate.SURPLUS)
    proposals = kept[: rpn.post_nms_top_n()]
    fate[proposals] = int(Fate.KEPT)
    better, overlap = torch.full((len(boxes),), -1), torch.zeros(len(boxes))
    gone = trace.suppressed_by >= 0
    better[looked_at[gone]] = looked_at[trace.suppressed_by[gone]]
    overlap[looked_at] = trace.iou
    shapes = tuple((each.shape[2], each.shape[3]) for each in maps)
    return FirstStage(anchors[0], objectness, boxes, fate, better, overlap, proposals, shapes)


def _starts(counts: list[int]) -> list[int]:
    return [sum(counts[:k]) for k in range(len(counts))]


def classify(
    heads: RoIHeads, crops: Tensor, proposals: Tensor, size: tuple[int, int]
) -> SecondStage:
    """The second stage: from crops to classes and boxes, and which of them are left.

    torchvision lets each proposal answer once for every class. Told here is the likeliest class of
    each; what survives by another class than that is rare, and :func:`survivors` has it too.

    Args:
        heads: of the detector.
        crops: float32 (P, channels, 7, 7), the proposals' cut out of the feature map.
        proposals: float32 (P, 4).
        size: (H, W) of the picture.
    """
    logits, corrections = heads.box_predictor(heads.box_head(crops))
    probs = logits.softmax(dim=1)
    every = clip_boxes_to_image(heads.box_coder.decode(corrections, [proposals]), size)
    labels = probs[:, BACKGROUND + 1 :].argmax(dim=1) + BACKGROUND + 1
    rows = torch.arange(len(labels))
    found = survivors(heads, probs, every)
    told = (each[rows, labels] for each in (found.fate, found.better, found.overlap))
    return SecondStage(crops, probs, labels, every[rows, labels], *told)


@dataclass(frozen=True, eq=False)
class Survivors:
    """What became of each proposal as each class; columns as in ``probs``, the background's unused.

    Attributes:
        fate: int64 (P, C + 1), a :class:`Fate`.
        better: int64 (P, C + 1), the proposal that was preferred, else -1.
        overlap: float32 (P, C + 1).
    """

    fate: Tensor
    better: Tensor
    overlap: Tensor


def survivors(heads: RoIHeads, probs: Tensor, boxes: Tensor) -> Survivors:
    """Each proposal as each class: above the least score, and not repeated within its class.

    Args:
        heads: whose thresholds are used.
        probs: float32 (P, C + 1).
        boxes: float32 (P, C + 1, 4), clipped.
    """
    fate = torch.full(probs.shape, int(Fate.FAINT))
    better, overlap = torch.full(probs.shape, -1), torch.zeros(probs.shape)
    sure = (probs > heads.score_thresh).nonzero()
    sure = sure[sure[:, 1] != BACKGROUND]
    sides = boxes[sure[:, 0], sure[:, 1]]
    is_tiny = ((sides[:, 2:] - sides[:, :2]) < 1e-2).any(dim=1)
    fate[sure[is_tiny, 0], sure[is_tiny, 1]] = int(Fate.TINY)
    rows, columns = sure[~is_tiny].unbind(dim=1)
    trace = nms_trace(boxes[rows, columns], probs[rows, columns], heads.nms_thresh, columns)
    fate[rows, columns] = int(Fate.REPEATS)
    kept = trace.kept
    fate[rows[kept], columns[kept]] = int(Fate.SURPLUS)
    kept = kept[: heads.detections_per_img]
    fate[rows[kept], columns[kept]] = int(Fate.KEPT)
    gone = trace.suppressed_by >= 0
    better[rows[gone], columns[gone]] = rows[trace.suppressed_by[gone]]
    overlap[rows, columns] = trace.iou
    return Survivors(fate, better, overlap)


@dataclass(frozen=True, eq=False)
class AnchorMatch:
    """How the anchors stand to true boxes, as the first stage is taught.

    Attributes:
        label: int64 (A,): 1 an object's, 0 ground, -1 neither and left out.
        object: int64 (A,), the object with which each overlaps most.
        overlap: float32 (A,), IoU with it.
    """

    label: Tensor
    object: Tensor
    overlap: Tensor


def match_anchors(rpn: RegionProposalNetwork, anchors: Tensor, truths: Tensor) -> AnchorMatch:
    """What each anchor is taught, by torchvision's own matcher.

    Args:
        rpn: whose thresholds are used.
        anchors: float32 (A, 4).
        truths: float32 (M, 4), M >= 1.
    """
    labels, _ = rpn.assign_targets_to_anchors([anchors], [{"boxes": truths}])
    overlap, index = box_iou(anchors, truths).max(dim=1)
    return AnchorMatch(labels[0].long(), index, overlap)

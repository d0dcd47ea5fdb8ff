"""A small Faster R-CNN: torchvision's own two stages on a backbone that learns in minutes.

First stage, the region proposal network: at each place of one feature map, nine reference boxes
(anchors) are given an objectness and a correction; the best that do not repeat each other are
proposals. Second stage: each proposal is cut out of the same map as 7 x 7 (RoIAlign), classified,
and corrected once more.

torchvision's defaults are for photographs of 800 px and 91 classes: a step on eight scenes of 96 px
would take them seconds. Sizes of anchors, numbers of proposals and the head's width are therefore
those of a scene; all else is torchvision's.

Sources: Ren et al., "Faster R-CNN", NeurIPS 2015; He et al., "Mask R-CNN", ICCV 2017 (RoIAlign);
``torchvision.models.detection``.
"""

from collections.abc import Mapping
from typing import cast

import torch
from torch import Tensor, nn
from torchvision.models.detection import FasterRCNN
from torchvision.models.detection.anchor_utils import AnchorGenerator
from torchvision.models.detection.faster_rcnn import FastRCNNPredictor, TwoMLPHead
from torchvision.models.detection.image_list import ImageList
from torchvision.models.detection.roi_heads import RoIHeads, fastrcnn_loss
from torchvision.models.detection.rpn import (
    RegionProposalNetwork,
    concat_box_prediction_layers,
)
from torchvision.ops import MultiScaleRoIAlign

from engine.trainable.small_pyramid import SmallPyramid
from engine.trainable.truths import BACKGROUND, as_torchvision

STRIDE_PX = 4
ANCHOR_SIDES_PX = (12, 20, 32)
ANCHOR_RATIOS = (0.5, 1.0, 2.0)  # height : width
CROP_CELLS = 7
HEAD_UNITS = 128
PROPOSALS_BEFORE_NMS, PROPOSALS = 300, 100
SAMPLED_ANCHORS, SAMPLED_PROPOSALS = 128, 32
LOSSES: tuple[str, ...] = ("objectness", "proposal_box", "class", "box")


class SmallFasterRCNN(nn.Module):
    """torchvision's ``FasterRCNN`` in ``detector``; pictures come as one normalised tensor.

    Args:
        input_shape: (C, H, W) of a picture that it learns from; only C counts.
        classes: number of classes, >= 1, background not counted.
        width: channels of the backbone's first convolution.
    """

    parts: tuple[str, ...] = LOSSES

    def __init__(self, input_shape: tuple[int, int, int], classes: int, width: int = 16) -> None:
        super().__init__()
        channels, height, side = input_shape
        backbone = SmallPyramid(channels, width, (STRIDE_PX,))
        self.detector = FasterRCNN(
            backbone,
            min_size=min(height, side),
            max_size=max(height, side),
            image_mean=[0.0] * channels,  # what comes is normalised
            image_std=[1.0] * channels,
            rpn_anchor_generator=AnchorGenerator((ANCHOR_SIDES_PX,), (ANCHOR_RATIOS,)),
            rpn_pre_nms_top_n_train=PROPOSALS_BEFORE_NMS,
            rpn_pre_nms_top_n_test=PROPOSALS_BEFORE_NMS,
            rpn_post_nms_top_n_train=PROPOSALS,
            rpn_post_nms_top_n_test=PROPOSALS,
            rpn_batch_size_per_image=SAMPLED_ANCHORS,
            box_roi_pool=MultiScaleRoIAlign(["0"], CROP_CELLS, sampling_ratio=2),
            box_head=TwoMLPHead(backbone.out_channels * CROP_CELLS**2, HEAD_UNITS),
            box_predictor=FastRCNNPredictor(HEAD_UNITS, classes + 1),
            box_batch_size_per_image=SAMPLED_PROPOSALS,
        )

    @property
    def rpn(self) -> RegionProposalNetwork:
        """The first stage."""
        return cast(RegionProposalNetwork, self.detector.rpn)

    @property
    def heads(self) -> RoIHeads:
        """The second stage."""
        return cast(RoIHeads, self.detector.roi_heads)

    def forward(self, images: Tensor, truths: Tensor | None = None) -> Tensor:
        """What is learnt from: the losses where the truth is given, else what the RPN says.

        Args:
            images: float32 (N, C, H, W), normalised.
            truths: float32 (N, K, 5) of :func:`engine.trainable.truths.pack_truths`. Anchors and
                proposals are sampled by them, from torch's global generator.

        Returns:
            With truths float32 (5,): each of ``LOSSES``, and the share of sampled proposals on an
            object that are given its class. Without, float32 (N, anchors, 5): the logit of each
            anchor's objectness, and its correction.
        """
        sizes = [(images.shape[2], images.shape[3])] * len(images)
        features = self.detector.backbone(images)
        if truths is None:
            said = concat_box_prediction_layers(*self.rpn.head(list(features.values())))
            return torch.cat(said, dim=1).unflatten(0, (len(images), -1))
        wanted = as_torchvision(truths)
        proposals, first = self._propose(ImageList(images, sizes), features, wanted)
        return torch.stack([*first, *self._classify(features, proposals, sizes, wanted)])

    @torch.no_grad()
    def detect(self, images: Tensor) -> list[dict[str, Tensor]]:
        """For each picture "boxes" (N, 4), "labels" from 1 and "scores", as torchvision does.

        Args:
            images: float32 (N, C, H, W), normalised; the net is in eval mode.
        """
        sizes = [(images.shape[2], images.shape[3])] * len(images)
        features = self.detector.backbone(images)
        proposals, _ = self.rpn(ImageList(images, sizes), features)
        return self.heads(features, proposals, sizes)[0]

    def _propose(
        self, images: ImageList, features: Mapping[str, Tensor], wanted: list[dict[str, Tensor]]
    ) -> tuple[list[Tensor], tuple[Tensor, Tensor]]:
        """The first stage: proposals of each picture, and its two losses."""
        rpn = self.rpn
        maps = list(features.values())
        logits, corrections = rpn.head(maps)
        anchors = rpn.anchor_generator(images, maps)
        per_level = [each[0].numel() for each in logits]
        logits, corrections = concat_box_prediction_layers(logits, corrections)
        boxes = rpn.box_coder.decode(corrections.detach(), anchors).view(len(anchors), -1, 4)
        proposals, _ = rpn.filter_proposals(boxes, logits, images.image_sizes, per_level)
        labels, matched = rpn.assign_targets_to_anchors(anchors, wanted)
        aimed = rpn.box_coder.encode(matched, anchors)
        return proposals, rpn.compute_loss(logits, corrections, labels, aimed)

    def _classify(
        self,
        features: Mapping[str, Tensor],
        proposals: list[Tensor],
        sizes: list[tuple[int, int]],
        wanted: list[dict[str, Tensor]],
    ) -> tuple[Tensor, Tensor, Tensor]:
        """The second stage: its two losses, and the share of object proposals classed rightly."""
        heads = self.heads
        sampled, _, labels, aimed = heads.select_training_samples(proposals, wanted)
        crops = heads.box_roi_pool(features, sampled, sizes)
        logits, corrections = heads.box_predictor(heads.box_head(crops))
        of_class, of_box = fastrcnn_loss(logits, corrections, labels, aimed)
        labels = torch.cat(labels)
        is_object = labels != BACKGROUND
        right = (logits.argmax(dim=1) == labels) & is_object
        return of_class, of_box, right.sum() / is_object.sum().clamp(min=1)

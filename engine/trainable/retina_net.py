"""A small RetinaNet: torchvision's own one-stage detector on a backbone that learns in minutes.

At each place of two maps, nine anchors say at once which class they see and how they must be moved;
nothing is proposed before. The loss of the classes is the focal loss; torchvision fixes its γ at 2,
here it is a setting, and α stays torchvision's 0.25. Sizes of anchors are those of a scene of
96 px; group norm in the heads lets them learn in hundreds of steps; all else is torchvision's.

Sources: Lin, Goyal, Girshick, He, Dollár, "Focal Loss for Dense Object Detection", ICCV 2017;
``torchvision.models.detection.retinanet``.
"""

from collections.abc import Sequence
from functools import partial
from typing import cast

import torch
from torch import Tensor, nn
from torchvision.models.detection import RetinaNet
from torchvision.models.detection.anchor_utils import AnchorGenerator
from torchvision.models.detection.image_list import ImageList
from torchvision.models.detection.retinanet import RetinaNetClassificationHead, RetinaNetHead
from torchvision.ops import box_iou, sigmoid_focal_loss

from engine.trainable.small_pyramid import SmallPyramid
from engine.trainable.truths import BACKGROUND, as_torchvision

STRIDES_PX = (8, 16)
ANCHOR_SIDES_PX = ((12, 15, 19), (24, 30, 38))  # each 1.26 times the one before
ANCHOR_RATIOS = (0.5, 1.0, 2.0)  # height : width
ALPHA = 0.25
LOSSES = ("class", "box")
_GROUPS = 8  # of a group norm
_LEAST_SCORE = 0.05
_MOST_BOXES = 50
IGNORED = -2  # torchvision's number


class FocalHead(RetinaNetClassificationHead):
    """torchvision's head that says the classes, with γ free.

    Args:
        channels, anchors, classes: of a map, at each place, without background.
        gamma: γ of its loss.
    """

    def __init__(self, channels: int, anchors: int, classes: int, gamma: float) -> None:
        super().__init__(channels, anchors, classes, norm_layer=partial(nn.GroupNorm, _GROUPS))
        self.gamma = gamma

    def compute_loss(
        self,
        targets: Sequence[dict[str, Tensor]],
        head_outputs: dict[str, Tensor],
        matched_idxs: Sequence[Tensor],
    ) -> Tensor:
        """As torchvision's: of each picture the sum over its positives' count, then the mean.

        Args:
            targets: "labels" int64 (M,) of each picture.
            head_outputs: "cls_logits" float (N, A, classes).
            matched_idxs: of each picture int64 (A,): which object an anchor is to find, -1 none,
                -2 left out.
        """
        losses = []
        for wanted, logits, told in zip(
            targets, head_outputs["cls_logits"], matched_idxs, strict=True
        ):
            truths = class_truths(logits, wanted["labels"], told)
            counts = told != IGNORED
            loss = sigmoid_focal_loss(
                logits[counts], truths[counts], ALPHA, self.gamma, reduction="sum"
            )
            losses.append(loss / (told >= 0).sum().clamp(min=1))
        return torch.stack(losses).mean()


def class_truths(logits: Tensor, labels: Tensor, told: Tensor) -> Tensor:
    """What each anchor should say of each class: 1 or 0, as large as ``logits`` (A, classes).

    Args:
        logits: float (A, classes).
        labels: int64 (M,), the objects' classes, from 0.
        told: int64 (A,), the object that an anchor is to find, below 0 where none.
    """
    truths = torch.zeros_like(logits)
    found = told >= 0
    truths[found, labels[told[found]]] = 1
    return truths


class SmallRetinaNet(nn.Module):
    """torchvision's ``RetinaNet`` in ``detector``; pictures come as one normalised tensor.

    Args:
        input_shape: (C, H, W) of a picture that it learns from; only C counts.
        classes: number of classes, >= 1, background not counted.
        width: channels of the backbone's first convolution.
        gamma: γ of the focal loss.
    """

    parts = LOSSES

    def __init__(
        self, input_shape: tuple[int, int, int], classes: int, width: int = 16, gamma: float = 2.0
    ) -> None:
        super().__init__()
        channels, height, side = input_shape
        backbone = SmallPyramid(channels, width, STRIDES_PX)
        generator = AnchorGenerator(ANCHOR_SIDES_PX, (ANCHOR_RATIOS,) * len(STRIDES_PX))
        anchors = generator.num_anchors_per_location()[0]
        norm = partial(nn.GroupNorm, _GROUPS)
        head = RetinaNetHead(backbone.out_channels, anchors, classes, norm_layer=norm)
        head.classification_head = FocalHead(backbone.out_channels, anchors, classes, gamma)
        self.detector = RetinaNet(
            backbone,
            classes,
            min_size=min(height, side),
            max_size=max(height, side),
            image_mean=[0.0] * channels,  # what comes is normalised
            image_std=[1.0] * channels,
            anchor_generator=generator,
            head=head,
            score_thresh=_LEAST_SCORE,
            detections_per_img=_MOST_BOXES,
        )

    def forward(self, images: Tensor, truths: Tensor | None = None) -> Tensor:
        """What is learnt from: the losses where the truth is given, else what all anchors say.

        Args:
            images: float32 (N, C, H, W), normalised.
            truths: float32 (N, K, 5) of :func:`engine.trainable.truths.pack_truths`.

        Returns:
            With truths float32 (3,): each of ``LOSSES``, and the share of the anchors on an object
            that give its class 0.5 or more. Without, float32 (N, A, classes + 4): the logits of
            each anchor's classes, and its correction.
        """
        maps = list(self.detector.backbone(images).values())
        said = self.detector.head(maps)
        if truths is None:
            return torch.cat([said["cls_logits"], said["bbox_regression"]], dim=2)
        wanted = objects_of(truths)
        anchors = self.anchors(images, maps)
        told = self.tell(anchors, wanted)
        losses = self.detector.head.compute_loss(wanted, said, anchors, told)
        right = _share_right(said["cls_logits"], wanted, told)
        return torch.stack([losses["classification"], losses["bbox_regression"], right])

    @torch.no_grad()
    def detect(self, images: Tensor) -> list[dict[str, Tensor]]:
        """For each picture "boxes" (N, 4), "labels" from 1 and "scores", as torchvision does.

        Args:
            images: float32 (N, C, H, W), normalised; the net is in eval mode.
        """
        maps = list(self.detector.backbone(images).values())
        said, anchors = self.detector.head(maps), self.anchors(images, maps)
        places = [each.shape[2] * each.shape[3] for each in maps]
        per_place = said["cls_logits"].shape[1] // sum(places)
        counts = [each * per_place for each in places]
        levels = {name: list(each.split(counts, dim=1)) for name, each in said.items()}
        sizes = [(images.shape[2], images.shape[3])] * len(images)
        found = self.detector.postprocess_detections(
            levels, [list(each.split(counts)) for each in anchors], sizes
        )
        return [each | {"labels": each["labels"] + BACKGROUND + 1} for each in found]

    def anchors(self, images: Tensor, maps: list[Tensor]) -> list[Tensor]:
        """Of each picture, float32 (A, 4), ``xyxy`` in pixels."""
        sizes = [(images.shape[2], images.shape[3])] * len(images)
        return cast(AnchorGenerator, self.detector.anchor_generator)(ImageList(images, sizes), maps)

    def tell(self, anchors: list[Tensor], wanted: list[dict[str, Tensor]]) -> list[Tensor]:
        """Of each picture int64 (A,): the object that an anchor is to find, -1 none, -2 ignored."""
        return [
            self.detector.proposal_matcher(box_iou(each["boxes"], boxes))
            if len(each["boxes"])
            else torch.full((len(boxes),), -1, device=boxes.device)
            for boxes, each in zip(anchors, wanted, strict=True)
        ]


def objects_of(truths: Tensor) -> list[dict[str, Tensor]]:
    """The true boxes as RetinaNet takes them: labels count from 0, there is no background."""
    return [each | {"labels": each["labels"] - BACKGROUND - 1} for each in as_torchvision(truths)]


def _share_right(logits: Tensor, wanted: list[dict[str, Tensor]], told: list[Tensor]) -> Tensor:
    rights = [
        (each >= 0)[class_truths(each, objects["labels"], own) == 1]
        for each, objects, own in zip(logits, wanted, told, strict=True)
    ]
    return torch.cat(rights).float().mean() if sum(map(len, rights)) else logits.new_zeros(())

"""torchvision's Faster R-CNN, trained on COCO, opened on a photo: where its weights can be had.

Nobody has said what is on the photo, so the objects to follow are the network's own surest answers.
"""

from collections.abc import Iterator
from typing import Any, cast

import numpy as np
import torch
from torch import Tensor
from torchvision.models.detection import FasterRCNN
from torchvision.models.detection.image_list import ImageList
from torchvision.models.detection.rpn import RegionProposalNetwork
from torchvision.models.detection.transform import GeneralizedRCNNTransform

from engine.detection.boxes import box_iou
from engine.detection.scene_nets.two_stages import (
    Fate,
    FirstStage,
    SecondStage,
    match_anchors,
    trace_two_stages,
)
from engine.detection.torchvision_detectors import (
    check_shape,
    title_of,
    weights_of,
    whole_detector,
)
from engine.errors import InputError
from engine.pictures import Picture, resolve
from engine.progress import Progress
from engine.serving.class_words import class_word
from engine.serving.jobs import jobs
from engine.serving.two_stage.told import (
    first_arrays,
    level_facts,
    second_arrays,
    stage_facts,
)
from engine.trainable.truths import BACKGROUND

#: The smallest of torchvision's: 320 px, 19.4 million parameters, 74 MiB.
NAME = "fasterrcnn_mobilenet_v3_large_320_fpn"
MOST_THINGS = 10  # one figure names each
SURE = 0.5
Answer = tuple[dict[str, np.ndarray], dict[str, Any]]


def open_photo(ref: str, lang: str) -> Answer | Progress[Answer]:
    """What ``GET /v1/two-stage/opened`` answers of a photo, or how far the network is.

    Raises:
        InputError: no such picture, it is too long and thin, the weights are not at hand, or the
            network is sure of nothing.
    """
    picture = resolve(ref)
    found = jobs().ask(("two stages", "photo", picture.ref), lambda: look(picture))
    if isinstance(found, Progress):
        return found
    arrays, about = found
    return arrays, about | {"names": [class_word(name, lang) for name in about["classes"]]}


def look(picture: Picture) -> Iterator[Progress[Answer]]:
    """Load the network, then both of its stages on a picture, as small as they are sent.

    Raises:
        InputError: as :func:`open_photo`.
    """
    detector = cast(FasterRCNN, whole_detector(NAME))
    yield Progress(1, 2)
    check_shape(detector, (picture.pixels.shape[0], picture.pixels.shape[1]))
    x = torch.tensor(picture.pixels).permute(2, 0, 1).float() / 255
    images, _ = cast(GeneralizedRCNNTransform, detector.transform)([x])
    first, second = trace_two_stages(detector, images.tensors, images.image_sizes[0])
    yield Progress(2, 2, tell(images, first, second))


def tell(images: ImageList, first: FirstStage, second: SecondStage) -> Answer:
    """Both stages as arrays, all in pixels of the picture as the network gets it.

    Raises:
        InputError: no proposal survived.
    """
    detector = cast(FasterRCNN, whole_detector(NAME))
    rpn = cast(RegionProposalNetwork, detector.rpn)
    follow = things(second)
    boxes = second.boxes[follow]
    matched = match_anchors(rpn, first.anchors, boxes)
    arrays = {
        "pixels": shown(cast(GeneralizedRCNNTransform, detector.transform), images),
        "truth_boxes": boxes.numpy(),
        "truth_labels": (second.labels[follow] - BACKGROUND - 1).int().numpy(),
        "taught": matched.label.to(torch.int8).numpy(),
        "object": matched.object.to(torch.int8).numpy(),
        "overlap": matched.overlap.numpy(),
        **first_arrays(first),
        **second_arrays(second),
        "found_by": follow.int().numpy(),
        "follow": follow.int().numpy(),
        "proposal_overlap": box_iou(first.boxes[first.proposals], boxes).numpy(),
        "box_overlap": box_iou(second.boxes, boxes).numpy(),
        "best_anchor": box_iou(first.anchors, boxes).argmax(dim=0).int().numpy(),
    }
    about = stage_facts(detector, first, second) | {
        "levels": level_facts(detector, first, cast(tuple[int, int], images.tensors.shape[-2:])),
        "net": title_of(NAME),
        "classes": weights_of(NAME).meta["categories"][BACKGROUND + 1 :],
    }
    return arrays, about


def things(second: SecondStage) -> Tensor:
    """int64 (n,): the proposals to follow, the surest survivors first; n from 1 to ten.

    Raises:
        InputError: none survived.
    """
    kept = (second.fate == int(Fate.KEPT)).nonzero()[:, 0]
    if not len(kept):
        raise InputError("two_stages_nothing")
    kept = kept[second.scores[kept].argsort(descending=True, stable=True)]
    sure = int((second.scores[kept] >= SURE).sum())
    return kept[: min(max(sure, 1), MOST_THINGS)]


def shown(transform: GeneralizedRCNNTransform, images: ImageList) -> np.ndarray:
    """uint8 (H, W, 3): the picture as the network gets it, without what was added around it."""
    height, width = images.image_sizes[0]
    x = images.tensors[0, :, :height, :width]
    mean, std = (
        torch.tensor(each)[:, None, None] for each in (transform.image_mean, transform.image_std)
    )
    pixels = ((x * std + mean) * 255).round().clamp(0, 255).byte()
    return np.ascontiguousarray(pixels.permute(1, 2, 0).numpy())

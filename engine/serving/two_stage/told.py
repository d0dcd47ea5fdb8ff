"""Both stages of a Faster R-CNN as arrays and facts, whatever network and picture they are of."""

from typing import Any, cast

import numpy as np
from torch import Tensor
from torchvision.models.detection import FasterRCNN
from torchvision.models.detection.anchor_utils import AnchorGenerator
from torchvision.models.detection.rpn import RegionProposalNetwork

from engine.detection.scene_nets.two_stages import Fate, FirstStage, SecondStage


def first_arrays(first: FirstStage) -> dict[str, np.ndarray]:
    """All of the first stage, by the names that the route documents."""
    return {
        "anchors": first.anchors.numpy(),
        "objectness": first.objectness.numpy(),
        "first_boxes": first.boxes.numpy(),
        "first_fate": first.fate.byte().numpy(),
        "first_better": first.better.int().numpy(),
        "first_overlap": first.overlap.numpy(),
        "proposals": first.proposals.int().numpy(),
    }


def second_arrays(second: SecondStage) -> dict[str, np.ndarray]:
    """All of the second stage; of each crop the mean strength of its channels."""
    return {
        "crops": second.crops.abs().mean(dim=1).numpy(),
        "probs": second.probs.numpy(),
        "labels": second.labels.int().numpy(),
        "boxes": second.boxes.numpy(),
        "fate": second.fate.byte().numpy(),
        "better": second.better.int().numpy(),
        "fate_overlap": second.overlap.numpy(),
    }


def stage_facts(detector: FasterRCNN, first: FirstStage, second: SecondStage) -> dict[str, Any]:
    """How many boxes each fate has met in each stage, and the numbers by which that was decided."""
    rpn = cast(RegionProposalNetwork, detector.rpn)
    return {
        "cells": second.crops.shape[-1],
        "first": _count(first.fate),
        "second": _count(second.fate),
        "rules": {
            "best": rpn.pre_nms_top_n(),
            "least": rpn.score_thresh,
            "iou": rpn.nms_thresh,
            "proposals": rpn.post_nms_top_n(),
        },
    }


def level_facts(
    detector: FasterRCNN, first: FirstStage, size: tuple[int, int]
) -> list[dict[str, Any]]:
    """Each feature map that anchors stand on, in the order of the anchors.

    ``start``, its first anchor; ``rows`` and ``columns`` of places, ``stride_px`` across and down;
    ``sides_px`` and ``ratios`` (height : width): a place has one anchor for each pair, sides first.

    Args:
        detector: whose anchors they are.
        first: what it made of a picture.
        size: (H, W) of the picture with what was added around it.
    """
    generator = cast(AnchorGenerator, cast(RegionProposalNetwork, detector.rpn).anchor_generator)
    height, width = size
    levels, start = [], 0
    for (rows, columns), sides, ratios in zip(
        first.maps, generator.sizes, generator.aspect_ratios, strict=True
    ):
        levels.append(
            {
                "start": start,
                "rows": rows,
                "columns": columns,
                "stride_px": [width // columns, height // rows],
                "sides_px": list(sides),
                "ratios": list(ratios),
            }
        )
        start += rows * columns * len(sides) * len(ratios)
    return levels


def _count(fates: Tensor) -> dict[str, int]:
    return {each.name.lower(): int((fates == int(each)).sum()) for each in Fate}

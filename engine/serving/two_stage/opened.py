"""Faster R-CNN opened on a scene: every anchor, every proposal, and why it was given up."""

from functools import cache
from typing import Any, cast

import numpy as np
import torch
from torch import Tensor

from engine.cache import remembered
from engine.detection.average_precision import Truths
from engine.detection.boxes import box_iou
from engine.detection.detections import Detections
from engine.detection.detectnet.judging import mark_right
from engine.detection.detectnet.scenes import HELD_OUT_SEED, MEAN, SIZE, STD, draw_scenes
from engine.detection.scene_nets.two_stages import (
    Fate,
    FirstStage,
    SecondStage,
    match_anchors,
    trace_two_stages,
)
from engine.detection.scene_nets.weights import TrainedSceneNet, load_scene_net
from engine.serving.one_core import on_one_core
from engine.serving.two_stage.contract import SHOWN_SCENES
from engine.serving.two_stage.told import (
    first_arrays,
    level_facts,
    second_arrays,
    stage_facts,
)
from engine.train.seeding import seeded
from engine.trainable.choice import build_net
from engine.trainable.faster_rcnn import SmallFasterRCNN
from engine.trainable.net_settings import net_defaults
from engine.trainable.truths import BACKGROUND

NAME = "faster_rcnn"
CPU = torch.device("cpu")
Answer = tuple[dict[str, np.ndarray], dict[str, Any]]


def shipped() -> TrainedSceneNet:
    """The net that ships, on the CPU.

    Raises:
        InputError: its file is missing or damaged.
    """
    return load_scene_net(NAME, CPU)


@cache
def drawn() -> SmallFasterRCNN:
    """The same net before it has learnt anything."""
    with seeded(CPU, 0, "weights"):
        net = build_net(net_defaults(NAME), (3, *SIZE), len(shipped().class_names))
    return cast(SmallFasterRCNN, net.eval().requires_grad_(False))


@remembered(2 * SHOWN_SCENES)
def open_scene(index: int, weights: str) -> Answer:
    """What ``GET /v1/two-stage/opened`` answers of scene ``index`` (from 0).

    Args:
        index: of the held-out scenes.
        weights: "trained" or "drawn".

    Raises:
        InputError: the net's file is missing or damaged.
    """
    scene = draw_scenes(SHOWN_SCENES, HELD_OUT_SEED)[index]
    truths = Truths(torch.from_numpy(scene.boxes), torch.from_numpy(scene.labels))
    net = cast(SmallFasterRCNN, shipped().net) if weights == "trained" else drawn()
    x = normalised(scene.pixels)
    first, second = on_one_core(trace_two_stages, net.detector, x)
    before, _ = on_one_core(trace_two_stages, drawn().detector, x)
    matched = match_anchors(net.rpn, first.anchors, truths.boxes)
    arrays = {
        "pixels": scene.pixels,
        "truth_boxes": scene.boxes,
        "truth_labels": scene.labels.astype(np.int32),
        "objectness_before": before.objectness.numpy(),
        "taught": matched.label.to(torch.int8).numpy(),
        "object": matched.object.to(torch.int8).numpy(),
        "overlap": matched.overlap.numpy(),
        **first_arrays(first),
        **second_arrays(second),
        **_followed(first, second, truths),
    }
    return arrays, _facts(net, first, second, matched.label)


def normalised(pixels: np.ndarray) -> Tensor:
    """uint8 (H, W, 3) → float32 (1, 3, H, W), as nets of scenes take them."""
    return (torch.from_numpy(pixels).permute(2, 0, 1)[None].float() / 255 - MEAN) / STD


def _followed(first: FirstStage, second: SecondStage, truths: Truths) -> dict[str, np.ndarray]:
    """Of each object: the proposal that found it (-1: none did), the one to follow, its anchor."""
    kept = (second.fate == int(Fate.KEPT)).nonzero()[:, 0]
    kept = kept[second.scores[kept].argsort(descending=True, stable=True)]
    labels = second.labels[kept] - BACKGROUND - 1
    found = Detections.ranked(
        second.boxes[kept], second.scores[kept], labels, shipped().class_names
    )
    _, by = mark_right(found, truths)
    found_by = torch.where(by >= 0, kept[by.clamp(min=0)], -1) if len(kept) else by
    overlaps = box_iou(first.boxes[first.proposals], truths.boxes)
    nearest = overlaps.argmax(dim=0) if len(overlaps) else torch.full_like(by, -1)
    follow = torch.where(found_by >= 0, found_by, nearest)
    return {
        "found_by": found_by.int().numpy(),
        "follow": follow.int().numpy(),
        "proposal_overlap": overlaps.numpy(),
        "box_overlap": box_iou(second.boxes, truths.boxes).numpy(),
        "best_anchor": box_iou(first.anchors, truths.boxes).argmax(dim=0).int().numpy(),
    }


def _facts(
    net: SmallFasterRCNN, first: FirstStage, second: SecondStage, taught: Tensor
) -> dict[str, Any]:
    return stage_facts(net.detector, first, second) | {
        "levels": level_facts(net.detector, first, SIZE),
        "classes": list(shipped().class_names),
        "ap50": {str(scenes): ap50 for scenes, ap50 in shipped().ap50.items()},
        "taught": {
            "object": int((taught == 1).sum()),
            "ground": int((taught == 0).sum()),
            "neither": int((taught < 0).sum()),
        },
    }

"""A drawn box and RetinaNet's anchors: the best one, and what all of them are told."""

from typing import Any

import numpy as np
import torch
from torch import Tensor

from engine.detection.anchors import (
    IGNORED,
    LEVELS,
    NEGATIVE_IOU,
    POSITIVE_IOU,
    RATIOS,
    SHAPES,
    SIZES_PX,
    Anchors,
    assign,
    best_by_level,
    retina_anchors,
    seen_size,
)
from engine.detection.boxes import area, box_iou
from engine.detection.drawn_boxes import read_one_box
from engine.pictures import resolve
from engine.serving.one_core import on_one_core
from engine.serving.one_stage.contract import AnchorsQuestion

MOST_POSITIVES = 400  # sent, the best
CURVE_SIZES = 40  # of the drawn box, from CURVE_FROM_PX to the network's picture
CURVE_FROM_PX = 8.0
Answer = tuple[dict[str, np.ndarray], dict[str, Any]]


def look(asked: AnchorsQuestion) -> Answer:
    """The drawn box, its best anchor, and what the anchors of each level are told.

    Raises:
        InputError: no such picture, or a box that is none.
    """
    pixels = resolve(asked.picture).pixels
    size = (pixels.shape[0], pixels.shape[1])
    return on_one_core(_look, read_one_box(asked.box, size), size, asked.level)


def _look(drawn: Tensor, size: tuple[int, int], level: str) -> Answer:
    seen = seen_size(size)
    scale = torch.tensor([seen[1] / size[1], seen[0] / size[0]] * 2)
    anchors, box = retina_anchors(seen), drawn * scale
    every = torch.cat(anchors.boxes)
    iou = box_iou(box[None], every)  # (1, A)
    assigned = assign(iou)
    positives = (assigned.told >= 0).nonzero()[:, 0]
    positives = positives[iou[0, positives].argsort(descending=True, stable=True)]
    best = int(iou[0].argmax())
    ends = np.cumsum([len(each) for each in anchors.boxes])
    best_level = int(np.searchsorted(ends, best, side="right"))
    shown = best_level if level == "best" else LEVELS.index(level)
    first = int(ends[shown]) - len(anchors.boxes[shown])
    own = iou[0, first : int(ends[shown])]
    place = int(own.argmax()) // SHAPES
    nine = slice(first + place * SHAPES, first + (place + 1) * SHAPES)
    sizes, curves = _curves(anchors, box)
    arrays = {
        "drawn": drawn.numpy(),
        "best": (every[best] / scale).numpy(),
        "positives": (every[positives[:MOST_POSITIVES]] / scale).numpy(),
        "shapes": (every[nine] / scale).numpy(),
        "shape_iou": iou[0, nine].numpy(),
        "shape_told": assigned.told[nine].numpy().astype(np.int32),
        "shape_rescued": assigned.rescued[nine].byte().numpy(),
        "sizes_px": sizes,
        "curves": curves,
    }
    verdict = "threshold" if iou[0, best] >= POSITIVE_IOU else "rescued"
    about = {
        "size": list(size),
        "seen": list(seen),
        "thresholds": [NEGATIVE_IOU, POSITIVE_IOU],
        "best": {
            "level": best_level,
            "iou": float(iou[0, best]),
            "verdict": verdict,
            "alone": _told_alone(float(iou[0, best])),
        },
        "box_px": float(area(box).sqrt()),
        "shown": shown,
        "place": [place // anchors.grids[shown][1], place % anchors.grids[shown][1]],
        "sizes": [list(each) for each in SIZES_PX],
        "ratios": list(RATIOS),
        "levels": [
            _level_facts(anchors, k, iou[0], assigned.told, ends) for k in range(len(LEVELS))
        ],
        "anchors": len(every),
    }
    return arrays, about


def _told_alone(iou: float) -> str:
    """What an anchor would be told for its overlap alone."""
    if iou >= POSITIVE_IOU:
        return "positive"
    return "ignored" if iou >= NEGATIVE_IOU else "negative"


def _level_facts(
    anchors: Anchors, level: int, iou: Tensor, told: Tensor, ends: np.ndarray
) -> dict[str, Any]:
    own = slice(int(ends[level]) - len(anchors.boxes[level]), int(ends[level]))
    return {
        "name": LEVELS[level],
        "grid": list(anchors.grids[level]),
        "stride_px": list(anchors.strides[level]),
        "anchors": len(anchors.boxes[level]),
        "best": float(iou[own].max()),
        "positive": int((told[own] >= 0).sum()),
        "ignored": int((told[own] == IGNORED).sum()),
    }


def _curves(anchors: Anchors, box: Tensor) -> tuple[np.ndarray, np.ndarray]:
    """The same shape at the same place from small to large: sizes (n,), best IoU (levels, n)."""
    largest = float(max(anchors.size))
    sizes = torch.logspace(np.log10(CURVE_FROM_PX), np.log10(largest), CURVE_SIZES)
    centre, half = (box[:2] + box[2:]) / 2, (box[2:] - box[:2]) / 2
    scaled = half * (sizes / area(box).sqrt())[:, None]
    boxes = torch.cat([centre - scaled, centre + scaled], dim=1)
    return sizes.numpy(), best_by_level(anchors, boxes).T.contiguous().numpy()

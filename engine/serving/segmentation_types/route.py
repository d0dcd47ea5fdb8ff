"""One scene, five readings: what the page on the kinds of segmentation asks."""

from time import perf_counter
from typing import Annotated

import numpy as np
from fastapi import APIRouter, Query, Response

from engine.serving.binary import pack
from engine.serving.panoptic_scenes import (
    Readings,
    Seen,
    describe,
    describe_verdicts,
    read,
    see,
    shipped,
)
from engine.serving.segmentation_types.contract import Question

router = APIRouter(prefix="/segmentation-types", tags=["pages"])


@router.get("", response_class=Response)
def read_scene(asked: Annotated[Question, Query()]) -> Response:
    """A held-out scene through the net that ships, as a whole, in boxes and pixel by pixel.

    Arrays: ``pixels`` uint8 (H, W, 3); ``logits`` float32 (classes, H, W); ``semantic``, ``ids``,
    ``truth_semantic``, ``truth_ids`` uint8 (H, W), classes and segments of the panoptic reading;
    ``costs`` uint8 (H, W), sums of ``about["costs"]``; ``presence``, ``class_logits``, ``shares``,
    ``truth_shares`` float32 (classes,); ``boxes`` int32 (N, 4), xyxy in pixels, with ``box_ids``,
    and of the truth.

    Bound: 0.5 s of a core, 50 MiB.
    """
    began = perf_counter()
    seen = see(asked.scene, asked.difficulty, asked.overlap, asked.things)
    readings = read(seen)
    arrays = _pixel_arrays(seen, readings) | _coarse_arrays(seen, readings)
    return pack(arrays, _about(seen, readings) | {"ms": (perf_counter() - began) * 1000})


def _pixel_arrays(seen: Seen, readings: Readings) -> dict[str, np.ndarray]:
    fusion = readings.judged.fusion
    return {
        "pixels": seen.scene.pixels,
        "logits": seen.maps.logits.numpy(),
        "semantic": fusion.semantic.numpy().astype(np.uint8),
        "ids": fusion.result.ids.astype(np.uint8),
        "truth_semantic": seen.scene.semantic,
        "truth_ids": seen.truth.ids.astype(np.uint8),
        "costs": readings.judged.costs,
    }


def _coarse_arrays(seen: Seen, readings: Readings) -> dict[str, np.ndarray]:
    from engine.segment.coarse_readings import boxes_of

    classification, truth = readings.classification, boxes_of(seen.truth)
    classes = len(classification.presence)
    truth_px = np.bincount(seen.scene.semantic.ravel(), minlength=classes)
    return {
        "presence": classification.presence.numpy(),
        "class_logits": classification.logits.numpy(),
        "shares": classification.shares.numpy(),
        "truth_shares": (truth_px / seen.scene.semantic.size).astype(np.float32),
        "boxes": readings.found.boxes,
        "box_ids": readings.found.ids,
        "truth_boxes": truth.boxes,
        "truth_box_ids": truth.ids,
    }


def _about(seen: Seen, readings: Readings) -> dict[str, object]:
    from engine.segment.coarse_readings import LEAST_PRESENCE
    from engine.segment.pixel_costs import COSTS

    made, quality = shipped(), readings.judged.quality
    return {
        "classes": made.class_names,
        "is_thing": made.is_thing.tolist(),
        "segments": describe(readings.judged.fusion.result),
        "truths": describe(seen.truth),
        "verdicts": describe_verdicts(readings.judged),
        "costs": COSTS,
        "least_presence": LEAST_PRESENCE,
        "mean_iou": readings.semantic.mean_iou,
        "pixel_accuracy": readings.semantic.pixel_accuracy,
        "mask_ap": readings.mask_ap,
        **{name: quality.mean(name) for name in ("pq", "sq", "rq")},
        "held_out": dict(made.figures),
    }

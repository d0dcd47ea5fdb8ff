"""From three maps to segments, step by step: what the page on the fusion asks."""

from time import perf_counter
from typing import Annotated

import numpy as np
from fastapi import APIRouter, Query, Response

from engine.serving.binary import pack
from engine.serving.panoptic_fusion.contract import Question
from engine.serving.panoptic_scenes import (
    Judged,
    Seen,
    describe,
    describe_verdicts,
    judge,
    see,
    shipped,
)

router = APIRouter(prefix="/panoptic-fusion", tags=["pages"])


@router.get("", response_class=Response)
def fuse_scene(asked: Annotated[Question, Query()]) -> Response:
    """A held-out scene's maps, and all that the fusion makes of them.

    Arrays: ``pixels`` uint8 (H, W, 3); ``semantic``, ``ids``, ``truth_semantic``, ``truth_ids``,
    ``maxima``, ``costs`` uint8 (H, W); ``centres`` float32 (H, W); ``offsets`` float32 (2, H, W),
    (x, y) in pixels; ``peaks`` int32 (P, 2), rows and columns, with ``heights`` and ``peak_ids``;
    ``winner`` int16 (H, W), -1 without any peak; ``distance``, ``second`` float32 (H, W) in
    pixels; ``votes`` int32 (P, classes); ``stuff_px`` int32 (classes,).

    Bound: 0.5 s of a core, 50 MiB.
    """
    from engine.segment.fusion import FusionSettings

    began = perf_counter()
    settings = FusionSettings(
        threshold=asked.threshold, window_px=asked.window, stuff_area_px=asked.stuff_area
    )
    seen = see(asked.scene, asked.difficulty, asked.overlap, asked.things)
    judged = judge(seen, settings)
    arrays = _map_arrays(seen) | _fusion_arrays(judged)
    return pack(arrays, _about(seen, judged) | {"ms": (perf_counter() - began) * 1000})


def _map_arrays(seen: Seen) -> dict[str, np.ndarray]:
    return {
        "pixels": seen.scene.pixels,
        "truth_semantic": seen.scene.semantic,
        "truth_ids": seen.truth.ids.astype(np.uint8),
        "centres": seen.maps.centres.numpy(),
        "offsets": seen.maps.offsets.numpy(),
    }


def _fusion_arrays(judged: Judged) -> dict[str, np.ndarray]:
    fusion, peaks, grouping = judged.fusion, judged.fusion.peaks, judged.fusion.grouping
    return {
        "semantic": fusion.semantic.numpy().astype(np.uint8),
        "ids": fusion.result.ids.astype(np.uint8),
        "costs": judged.costs,
        "maxima": peaks.maxima.numpy().astype(np.uint8),
        "peaks": peaks.cells.numpy().astype(np.int32),
        "heights": peaks.heights.numpy(),
        "peak_ids": fusion.peak_ids.numpy().astype(np.int32),
        "winner": grouping.winner.numpy().astype(np.int16),
        "distance": grouping.distance_px.numpy(),
        "second": grouping.second_px.numpy(),
        "votes": fusion.votes.numpy().astype(np.int32),
        "stuff_px": fusion.stuff_px.numpy().astype(np.int32),
    }


def _about(seen: Seen, judged: Judged) -> dict[str, object]:
    from engine.segment.pixel_costs import COSTS

    made, quality = shipped(), judged.quality
    return {
        "classes": made.class_names,
        "is_thing": made.is_thing.tolist(),
        "segments": describe(judged.fusion.result),
        "truths": describe(seen.truth),
        "verdicts": describe_verdicts(judged),
        "costs": COSTS,
        "void_px": judged.fusion.result.void_px,
        "quality": [
            vars(each) | {"pq": each.pq, "sq": each.sq, "rq": each.rq} for each in quality.classes
        ],
        "pq": quality.mean("pq"),
    }

"""Cases of segmentation: a new scene read, fused and judged, beside torchmetrics' judgement."""

from collections.abc import Iterator
from itertools import count

import numpy as np
import torch
from torchmetrics.detection import PanopticQuality

from engine.data.panoptic_scenes import PanopticScene, PanopticSettings, draw_panoptic_scene
from engine.segment.fusion import Fusion, FusionSettings, fuse
from engine.segment.learning import HELD_OUT_SEED as SEED
from engine.segment.panoptic_quality import judge_segments
from engine.segment.reading import ask
from engine.segment.segments import Segmentation, true_segments
from engine.segment.weights import load_panoptic_net
from tests.bench.clock import Case


def segmentation_cases(device: torch.device) -> Iterator[Case]:
    """Reading on any device; fusion and judgement on the CPU."""
    made = load_panoptic_net(device)
    settings, numbers = PanopticSettings(), count()
    is_thing = made.is_thing.cpu()

    def read(scene: PanopticScene) -> Fusion:
        maps = ask(made, scene.pixels)
        return fuse(maps, is_thing, FusionSettings())

    yield Case(
        "a new scene: drawn, read by the panoptic net, fused",
        lambda: read(draw_panoptic_scene(SEED, next(numbers), settings)),
    )
    if device.type != "cpu":
        return
    scene = draw_panoptic_scene(SEED, 0, settings)
    maps = ask(made, scene.pixels)
    yield Case("panoptic fusion, every step kept", lambda: fuse(maps, is_thing, FusionSettings()))
    found, truth = read(scene).result, true_segments(scene)
    theirs = [_pairs(each) for each in (found, truth)]

    def by_torchmetrics() -> torch.Tensor:
        classes = range(len(is_thing))
        metric = PanopticQuality(
            things={c for c in classes if is_thing[c]},
            stuffs={c for c in classes if not is_thing[c]},
            allow_unknown_preds_category=True,
        )
        return metric(*theirs)

    yield Case(
        "panoptic quality of a scene, each segment's verdict kept",
        lambda: judge_segments(found, truth),
        peer=("torchmetrics, one number", by_torchmetrics),
    )


def _pairs(segmentation: Segmentation) -> torch.Tensor:
    """``(1, H, W, 2)``: category and number of each pixel's segment."""
    category = np.full(segmentation.ids.shape, -1)
    for segment in segmentation.segments:
        category[segmentation.ids == segment.id] = segment.category
    return torch.from_numpy(np.stack([category, segmentation.ids], axis=-1))[None].long()

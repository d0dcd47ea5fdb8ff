"""How good a panoptic net is on scenes that nobody ever learns from."""

from dataclasses import dataclass

import numpy as np

from engine.data.panoptic_scenes import CATEGORIES, PanopticSettings, draw_panoptic_scenes
from engine.segment.confusion import Confusion, confuse
from engine.segment.fusion import FusionSettings, fuse
from engine.segment.learning import HELD_OUT_SEED
from engine.segment.mask_precision import mean_mask_precision, thing_masks
from engine.segment.panoptic_quality import PanopticQuality, judge_segments, panoptic_quality
from engine.segment.reading import ask
from engine.segment.segments import true_segments
from engine.segment.weights import TrainedPanopticNet

HELD_OUT = 500


@dataclass(frozen=True, eq=False)
class Figures:
    """All figures of the same readings of the same scenes.

    Attributes:
        scenes: how many.
        semantic: pixels by true and said class.
        panoptic: PQ of each class.
        mask_ap: COCO's average precision of the things' masks; ``None`` without any thing.
    """

    scenes: int
    semantic: Confusion
    panoptic: PanopticQuality
    mask_ap: float | None

    def as_numbers(self) -> dict[str, float]:
        """The figures that are defined, by name, with the number of scenes."""
        named = {
            "scenes": self.scenes,
            "mean_iou": self.semantic.mean_iou,
            "pixel_accuracy": self.semantic.pixel_accuracy,
            "pq": self.panoptic.mean("pq"),
            "sq": self.panoptic.mean("sq"),
            "rq": self.panoptic.mean("rq"),
            "mask_ap": self.mask_ap,
        }
        return {name: float(value) for name, value in named.items() if value is not None}


def measure(
    made: TrainedPanopticNet,
    count: int = HELD_OUT,
    scenes: PanopticSettings | None = None,
    fusion: FusionSettings | None = None,
) -> Figures:
    """The net on the first ``count`` scenes of seed ``HELD_OUT_SEED``.

    Args:
        made: the net.
        count: how many scenes.
        scenes, fusion: what they are like, and the thresholds; by default those of a page.
    """
    scenes, fusion = scenes or PanopticSettings(), fusion or FusionSettings()
    classes = len(CATEGORIES)
    semantic, verdicts, masks = Confusion(np.zeros((classes, classes), np.int64)), [], []
    for scene in draw_panoptic_scenes(count, HELD_OUT_SEED, scenes):
        found = fuse(ask(made, scene.pixels), made.is_thing, fusion)
        truth = true_segments(scene)
        semantic += confuse(found.semantic.numpy(), scene.semantic, classes)
        verdicts.append(judge_segments(found.result, truth))
        masks.append((thing_masks(found.result), thing_masks(truth)))
    quality = panoptic_quality(verdicts, classes)
    return Figures(count, semantic, quality, mean_mask_precision(masks, classes).mean)

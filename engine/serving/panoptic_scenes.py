"""Drawn scenes and how the shipped panoptic net reads them, kept while their sliders move.

Imports no torch at its top.
"""

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from engine.cache import remembered

if TYPE_CHECKING:
    import numpy as np

    from engine.data.panoptic_scenes import PanopticScene
    from engine.segment.coarse_readings import Boxes, Classification
    from engine.segment.confusion import Confusion
    from engine.segment.fusion import Fusion, FusionSettings
    from engine.segment.panoptic_net import PanopticMaps
    from engine.segment.panoptic_quality import PanopticQuality, Verdict
    from engine.segment.segments import Segmentation
    from engine.segment.weights import TrainedPanopticNet

KEPT = 48


@dataclass(frozen=True, eq=False)
class Seen:
    """A held-out scene, its truth, and the net's maps of it."""

    scene: "PanopticScene"
    truth: "Segmentation"
    maps: "PanopticMaps"


@dataclass(frozen=True, eq=False)
class Judged:
    """A fusion held against the truth.

    Attributes:
        fusion: with the thresholds asked for.
        verdicts: what became of each segment.
        quality: of this one scene.
        costs: uint8 (H, W), see :mod:`engine.segment.pixel_costs`.
    """

    fusion: "Fusion"
    verdicts: "tuple[Verdict, ...]"
    quality: "PanopticQuality"
    costs: "np.ndarray"


@dataclass(frozen=True, eq=False)
class Readings:
    """All five readings of a scene, and how good they are.

    Attributes:
        judged: the panoptic reading, and the semantic one within.
        classification, found: the readings that say less than pixels.
        semantic: pixels by true and said class.
        mask_ap: COCO's, of the things' masks; ``None`` without any thing.
    """

    judged: Judged
    classification: "Classification"
    found: "Boxes"
    semantic: "Confusion"
    mask_ap: float | None


@cache
def shipped() -> "TrainedPanopticNet":
    """The net that ships, on the CPU.

    Raises:
        InputError: its file is missing or damaged.
    """
    import torch

    from engine.segment.weights import load_panoptic_net

    return load_panoptic_net(torch.device("cpu"))


@remembered(KEPT)
def see(number: int, difficulty: float, overlap: float, things: int) -> Seen:
    """Held-out scene ``number`` (from 1) with these settings, through the shipped net.

    Raises:
        InputError: a setting out of range, or the net's file is missing or damaged.
    """
    from engine.data.panoptic_scenes import PanopticSettings, draw_panoptic_scene
    from engine.segment.learning import HELD_OUT_SEED
    from engine.segment.reading import ask
    from engine.segment.segments import true_segments
    from engine.serving.one_core import on_one_core

    settings = PanopticSettings(things=(things, things), overlap=overlap, difficulty=difficulty)
    scene = draw_panoptic_scene(HELD_OUT_SEED, number - 1, settings)
    return Seen(scene, true_segments(scene), on_one_core(ask, shipped(), scene.pixels))


def judge(seen: Seen, settings: "FusionSettings") -> Judged:
    """Fuse what was seen and hold it against the truth; the net is not asked again."""
    from engine.segment.fusion import fuse
    from engine.segment.panoptic_quality import judge_segments, panoptic_quality
    from engine.segment.pixel_costs import pixel_costs
    from engine.serving.one_core import on_one_core

    made = shipped()
    fusion = on_one_core(fuse, seen.maps, made.is_thing, settings)
    verdicts = judge_segments(fusion.result, seen.truth)
    return Judged(
        fusion=fusion,
        verdicts=verdicts,
        quality=panoptic_quality([verdicts], len(made.class_names)),
        costs=pixel_costs(fusion.semantic.numpy(), fusion.result, seen.truth, verdicts),
    )


def read(seen: Seen) -> Readings:
    """The five readings of what was seen, with the usual thresholds."""
    from engine.segment.coarse_readings import boxes_of, classify
    from engine.segment.confusion import confuse
    from engine.segment.fusion import FusionSettings
    from engine.segment.mask_precision import mean_mask_precision, thing_masks
    from engine.serving.one_core import on_one_core

    judged, classes = judge(seen, FusionSettings()), len(shipped().class_names)
    masks = thing_masks(judged.fusion.result), thing_masks(seen.truth)
    return Readings(
        judged=judged,
        classification=on_one_core(classify, seen.maps),
        found=boxes_of(judged.fusion.result),
        semantic=confuse(judged.fusion.semantic.numpy(), seen.scene.semantic, classes),
        mask_ap=on_one_core(mean_mask_precision, [masks], classes).mean,
    )


def describe(segmentation: "Segmentation") -> list[dict[str, object]]:
    """The segments as JSON: ``id``, ``category``, ``thing``, ``area_px``, ``score``."""
    return [vars(each) for each in segmentation.segments]


def describe_verdicts(judged: Judged) -> list[dict[str, object]]:
    """The verdicts as JSON, as in :class:`engine.segment.panoptic_quality.Verdict`."""
    return [vars(each) for each in judged.verdicts]

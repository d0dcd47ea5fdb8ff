"""Kinds of segmentation on Home: every pixel of a scene has a class."""

import numpy as np

from engine.serving.segmentation_types.contract import Question
from engine.serving.thumbnail import Thumbnail, small, small_segments


def thumbnail() -> Thumbnail:
    """The scene that the page opens with, and the classes that the shipped net gives its pixels."""
    from engine.segment.fusion import FusionSettings
    from engine.serving.panoptic_scenes import judge, see

    asked = Question()
    seen = see(asked.scene, asked.difficulty, asked.overlap, asked.things)
    said = judge(seen, FusionSettings()).fusion.semantic.numpy().astype(np.uint8)
    right = round(100 * float((said == seen.scene.semantic).mean()))
    return Thumbnail(
        pictures=small(seen.scene.pixels),
        segments=small_segments(said + 1),
        told={"percent": right},
    )

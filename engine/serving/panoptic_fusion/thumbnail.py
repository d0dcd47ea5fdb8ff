"""Panoptic fusion on Home: the map of centres, from which things are told apart."""

from engine.serving.panoptic_fusion.contract import Question
from engine.serving.thumbnail import Thumbnail, small


def thumbnail() -> Thumbnail:
    """The scene that the page opens with, and where the shipped net sees centres of things."""
    from engine.segment.fusion import FusionSettings
    from engine.serving.panoptic_scenes import judge, see

    asked = Question()
    seen = see(asked.scene, asked.difficulty, asked.overlap, asked.things)
    settings = FusionSettings(
        threshold=asked.threshold, window_px=asked.window, stuff_area_px=asked.stuff_area
    )
    peaks = len(judge(seen, settings).fusion.peaks.cells)
    return Thumbnail(
        pictures=small(seen.scene.pixels),
        maps=seen.maps.centres.numpy()[None],
        told={"peaks": peaks},
    )

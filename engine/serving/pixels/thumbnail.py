"""Pixels on Home: what three numbers a pixel are made of."""

from dataclasses import replace

from engine.pictures import Picture
from engine.serving.pixels.compute import MAP_SIDE_PX, draw_raster, setting_of
from engine.serving.pixels.contract import Question
from engine.serving.thumbnail import Thumbnail


def thumbnail(picture: Picture) -> Thumbnail:
    """The picture's red, green and blue apart."""
    setting = replace(setting_of(Question()), resolution_px=MAP_SIDE_PX)
    return Thumbnail(maps=draw_raster(picture, setting).maps, palette="channels")

"""Feature maps on Home: the most selective channels of the layer that the page opens."""

from engine.pictures import Picture
from engine.serving.classify.contract import CLASSIFIER
from engine.serving.feature_maps.contract import Question
from engine.serving.readings import read_picture
from engine.serving.thumbnail import Thumbnail

SHOWN = 6


def thumbnail(picture: Picture) -> Thumbnail:
    """Six channels of a layer of MobileNetV2, each from its own lowest to its own highest value."""
    from engine.serving.layer_maps import FACE_SIDE, open_layer, tiles
    from engine.serving.one_core import on_one_core

    layer = Question.model_fields["layer"].default
    opened = open_layer(read_picture(picture, CLASSIFIER), layer, "local")
    picked = opened.selectivity.order[:SHOWN]
    maps = on_one_core(tiles, opened.maps[picked], opened.ranges[picked], FACE_SIDE)
    return Thumbnail(maps=maps, told={"layer": layer, "channels": opened.node.channels})

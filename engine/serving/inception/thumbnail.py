"""Inception module on Home: the strongest map of each branch, of the picture at hand."""

import numpy as np

from engine.pictures import Picture
from engine.serving.inception.contract import Question
from engine.serving.thumbnail import Thumbnail, small


def thumbnail(picture: Picture) -> Thumbnail:
    """The picture, and what each of the four branches of the page's first module makes of it."""
    from engine.serving.inception.compute import look
    from engine.serving.one_core import on_one_core

    asked = Question(picture=picture.ref)
    arrays, about = on_one_core(look, picture, asked)
    maps = np.stack([arrays[f"{each['name']}_out"][0] for each in about["branches"]])
    times = round(about["large"]["times"]["macs"], 1)
    return Thumbnail(pictures=small(picture.pixels), maps=maps, told={"times": times})

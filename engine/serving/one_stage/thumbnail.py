"""One stage on Home: the picture in the network's square, and the grid that has its thing."""

import numpy as np

from engine.detection.nanodet.letterbox import put_in
from engine.pictures import Picture
from engine.serving.one_stage.compute import look, look_at
from engine.serving.one_stage.contract import Question
from engine.serving.thumbnail import Thumbnail, shares, small


def thumbnail(picture: Picture) -> Thumbnail:
    """As large as the page opens with; where no grid has the thing, the coarsest one's scores."""
    asked = Question(picture=picture.ref)
    arrays, about = look(asked, "en")
    whole = (about["input_px"], about["input_px"])
    grid = len(about["grids"]) - 1 if about["winner"] is None else about["winner"]
    left = arrays["boxes"][arrays["left"]]
    return Thumbnail(
        pictures=small(put_in(picture.pixels, look_at(picture, asked.zoom).seen.place)),
        maps=arrays[f"scores_{grid}"][None],
        over=True,
        boxes=shares(left, whole),
        groups=np.ones(len(left), np.uint8),
        told={"cells": int(arrays["counts"][0].sum()), "rows": about["grids"][grid][0]},
    )

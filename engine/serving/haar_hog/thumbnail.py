"""Haar and HOG on Home: what both are reckoned from, and what the cascade finds."""

import numpy as np

from engine.pictures import Picture, resize_longest
from engine.serving.haar_hog.contract import HaarQuestion
from engine.serving.thumbnail import SIDE_PX, Thumbnail, shares


def thumbnail(picture: Picture) -> Thumbnail:
    """The strength of HOG's gradients, and the boxes of the page's first Haar cascade."""
    from engine.detection.hog_cells import gradients
    from engine.serving.haar_hog.stages import by_opencv, seen
    from engine.serving.one_core import on_one_core

    asked = HaarQuestion(picture=picture.ref)
    pixels = np.ascontiguousarray(resize_longest(picture.pixels, SIDE_PX))
    strength, _ = on_one_core(gradients, pixels)
    found, _ = by_opencv(picture.ref, asked.cascade, asked.factor, asked.neighbours)
    boxes = np.array(found, np.float32).reshape(-1, 4)
    height, width = seen(picture).shape
    return Thumbnail(
        maps=strength[None], boxes=shares(boxes, (height, width)), told={"boxes": len(boxes)}
    )

"""Selective Search on Home: regions, and the boxes of those that are left."""

import numpy as np

from engine.pictures import Picture
from engine.progress import Progress
from engine.serving.selective_search.compute import look
from engine.serving.selective_search.contract import Question
from engine.serving.thumbnail import Thumbnail, shares, small

BOXES = 8  # of the last merges


def thumbnail(picture: Picture) -> Thumbnail | Progress:
    """The first regions in their mean colours, and what the last merges propose."""
    answer = look(Question(picture=picture.ref))
    if isinstance(answer, Progress):
        return answer
    arrays, about = answer
    height, width = about["size"]
    boxes = arrays["boxes"][about["first"] :][-BOXES:]
    return Thumbnail(
        pictures=small(arrays["colours"][arrays["labels"]]),
        boxes=shares(boxes, (height, width)),
        groups=np.ones(len(boxes), np.uint8),
        told={"regions": about["first"]},
    )

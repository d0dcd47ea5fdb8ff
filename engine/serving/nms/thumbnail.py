"""NMS on Home: many boxes, and those that stay."""

import numpy as np

from engine.pictures import Picture
from engine.progress import Progress
from engine.serving.nms.compute import look
from engine.serving.nms.contract import Question
from engine.serving.thumbnail import Thumbnail, shares, small

MOST = 150  # given up ones that are drawn


def thumbnail(picture: Picture) -> Thumbnail | Progress:
    """NanoDet's bare boxes as the page opens, and what NMS leaves of them."""
    answer = look(Question(picture=picture.ref), "en")
    if isinstance(answer, Progress):
        return answer
    arrays, about = answer
    given_up, kept = arrays["boxes"][:MOST], arrays["result_boxes"]
    height, width = about["size"]
    return Thumbnail(
        pictures=small(picture.pixels),
        boxes=shares(np.concatenate([given_up, kept]), (height, width)),
        groups=np.repeat([0, 1], [len(given_up), len(kept)]).astype(np.uint8),
        told={"boxes": about["counts"]["above"], "left": about["counts"]["left"]},
    )

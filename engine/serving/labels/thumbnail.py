"""Labels on Home: the boxes that are proposed to whoever labels."""

import numpy as np

from engine.pictures import Picture
from engine.progress import Progress
from engine.serving.detections import thinned_boxes
from engine.serving.labels.contract import Question
from engine.serving.thumbnail import WAIT_S, Thumbnail, shares, small

IOU = 0.5
MOST = 12


def thumbnail(picture: Picture) -> Thumbnail | Progress:
    """NanoDet's surest boxes from the page's score on."""
    found = thinned_boxes(picture, "nanodet", IOU, WAIT_S)
    if isinstance(found, Progress):
        return found
    boxes = found.at_least(Question().score).boxes.numpy()[:MOST]
    return Thumbnail(
        pictures=small(picture.pixels),
        boxes=shares(boxes, found.raw.size),
        groups=np.arange(1, len(boxes) + 1, dtype=np.uint8),
        told={"boxes": len(boxes)},
    )

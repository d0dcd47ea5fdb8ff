"""Detect on Home: what two detectors find."""

import numpy as np

from engine.pictures import Picture
from engine.progress import Progress
from engine.serving.detect.contract import Question
from engine.serving.detections import Thinned, thinned_boxes
from engine.serving.thumbnail import WAIT_S, Thumbnail, shares, small


def thumbnail(picture: Picture) -> Thumbnail | Progress:
    """The boxes of the page's two detectors from its score on, a colour each."""
    asked = Question(picture=picture.ref)
    sides: list[Thinned] = []
    for name in (asked.left, asked.right):
        found = thinned_boxes(picture, name, asked.iou, WAIT_S)
        if isinstance(found, Progress):
            return found
        sides.append(found)
    boxes = [each.at_least(asked.score).boxes.numpy() for each in sides]
    counts = [len(each) for each in boxes]
    return Thumbnail(
        pictures=small(picture.pixels),
        boxes=shares(np.concatenate(boxes), sides[0].raw.size),
        groups=np.repeat([1, 2], counts).astype(np.uint8),
        told={"left": counts[0], "right": counts[1]},
    )

"""Two stages on Home: a scene, its proposals, and the boxes that are left of them."""

import numpy as np

from engine.serving.thumbnail import Thumbnail, shares, small
from engine.serving.two_stage.contract import OpenedQuestion


def thumbnail() -> Thumbnail:
    """The held-out scene that is opened on the page."""
    from engine.serving.two_stage.opened import open_scene

    asked = OpenedQuestion()
    arrays, about = open_scene(asked.scene - 1, asked.weights)
    proposed = arrays["first_boxes"][arrays["proposals"]]
    kept = arrays["fate"] == 0
    boxes = np.concatenate([proposed, arrays["boxes"][kept]])
    groups = np.concatenate([np.zeros(len(proposed)), arrays["labels"][kept]]).astype(np.uint8)
    height, width = arrays["pixels"].shape[:2]
    return Thumbnail(
        pictures=small(arrays["pixels"]),
        boxes=shares(boxes, (height, width)),
        groups=groups,
        told={"proposals": about["first"]["kept"], "boxes": int(kept.sum())},
    )

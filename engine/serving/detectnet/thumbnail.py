"""DetectNet on Home: a scene, and the boxes of one pass."""

import numpy as np

from engine.serving.detectnet.contract import Question
from engine.serving.thumbnail import Thumbnail, shares, small


def thumbnail() -> Thumbnail:
    """The held-out scene that the page opens with: where something is, and its boxes."""
    from engine.serving.detectnet.compute import view_scene

    asked = Question()
    view = view_scene(asked.scene - 1, asked.threshold, asked.merge)
    height, width = view.pixels.shape[:2]
    return Thumbnail(
        pictures=small(view.pixels),
        maps=view.coverage.amax(dim=0)[None].numpy(),
        boxes=shares(view.found.boxes.numpy(), (height, width)),
        groups=view.found.labels.numpy().astype(np.uint8) + 1,
        told={"boxes": len(view.found), "truths": len(view.truths.boxes)},
    )

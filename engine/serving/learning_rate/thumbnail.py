"""Loss and learning rate on Home: three ways down a surface."""

import numpy as np

from engine.serving.learning_rate.contract import DescentQuestion
from engine.serving.thumbnail import Thumbnail


def thumbnail() -> Thumbnail:
    """The page's surface, and the ways of torch's optimisers over it."""
    from engine.serving.learning_rate.compute import descent, surface
    from engine.train.surfaces import REACH

    asked = DescentQuestion()
    x, y = (float(text) for text in asked.start.split(","))
    found = descent(asked.surface, (x, y), asked.rate, asked.momentum, asked.schedule)
    points = found.points.numpy()
    ways = np.stack([points[..., 0] + REACH, REACH - points[..., 1]], axis=-1) / (2 * REACH)
    heights = surface(asked.surface).numpy()
    return Thumbnail(
        maps=(heights - heights.min())[None],
        paths=np.where(np.abs(points) <= REACH, ways, np.nan),
        told={"steps": points.shape[1] - 1},
    )

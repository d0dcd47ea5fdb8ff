"""Image processing on Home: noise on the learner's picture, and what a median makes of it."""

import numpy as np

from engine.pictures import Picture, resize_longest
from engine.processing import parse_chain, run_chain
from engine.serving.image_processing.compute import as_rgb
from engine.serving.image_processing.contract import FIRST_CHAIN
from engine.serving.thumbnail import SIDE_PX, Thumbnail


def thumbnail(picture: Picture) -> Thumbnail:
    """The picture with salt-and-pepper noise, and after the median."""
    small = resize_longest(picture.pixels, SIDE_PX // 2)
    done = run_chain(np.ascontiguousarray(small[:, :, ::-1]), parse_chain(FIRST_CHAIN))
    return Thumbnail(pictures=np.stack([as_rgb(each.picture) for each in done]))

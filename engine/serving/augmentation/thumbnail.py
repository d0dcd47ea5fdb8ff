"""Augmentation on Home: one picture as several."""

import numpy as np

from engine.pictures import Picture, resize_longest
from engine.serving.augmentation.contract import Question
from engine.serving.thumbnail import Thumbnail

SHOWN, SIDE_PX = 6, 80


def thumbnail(picture: Picture) -> Thumbnail:
    """Samples of the picture as the page opens."""
    from engine.serving.augmentation.compute import augmentations_of, samples

    asked = Question()
    _, drawn = samples("photo", picture.ref, augmentations_of(asked), asked.seed)
    each = [sample.image.permute(1, 2, 0).numpy() for sample in drawn[:SHOWN]]
    return Thumbnail(pictures=np.stack([resize_longest(one, SIDE_PX) for one in each]))

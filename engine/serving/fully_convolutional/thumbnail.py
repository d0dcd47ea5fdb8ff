"""Fully convolutional on Home: crop by crop, and in one pass."""

import numpy as np

from engine.progress import Progress
from engine.serving.fully_convolutional.compute import look, picture_of
from engine.serving.fully_convolutional.contract import Question
from engine.serving.thumbnail import Thumbnail, small


def thumbnail() -> Thumbnail | Progress:
    """The scene that the page opens with, and the two heatmaps of its squares."""
    asked = Question()
    answer = look(asked)
    if isinstance(answer, Progress):
        return answer
    arrays, about = answer
    return Thumbnail(
        pictures=small(picture_of(asked)[0]["picture"]),
        maps=np.stack([arrays["crops"], arrays["whole"]]),
        told={"windows": arrays["crops"].size, "passes": about["passes"]},
    )

"""Sliding window on Home: where a classifier sees what it takes the picture for."""

from engine.pictures import Picture
from engine.progress import Progress
from engine.serving.sliding_window.compute import look
from engine.serving.sliding_window.contract import Question
from engine.serving.thumbnail import Thumbnail, shares, small

WINDOW, STRIDE = 60, 1  # larger than the page's first window, so that there are fewer


def thumbnail(picture: Picture) -> Thumbnail | Progress:
    """The heatmap of the network's first guess in windows of 60 % of the shorter side."""
    answer = look(Question(picture=picture.ref, window=WINDOW, stride=STRIDE))
    if isinstance(answer, Progress):
        return answer
    arrays, about = answer
    height, width = about["size"]
    return Thumbnail(
        pictures=small(arrays["picture"]),
        maps=arrays["heat"][None],
        over=True,
        boxes=shares(arrays["boxes"], (height, width)),
        told={"windows": sum(about["counts"]), "boxes": len(arrays["boxes"])},
    )

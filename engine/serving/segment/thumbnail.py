"""Segment on Home: what is cut out without any outline ever shown."""

from engine.pictures import Picture
from engine.progress import Progress
from engine.serving.segment.contract import Question
from engine.serving.segmentations import read
from engine.serving.thumbnail import WAIT_S, Thumbnail, small, small_segments


def thumbnail(picture: Picture) -> Thumbnail | Progress:
    """The page's first method: GrabCut from where the classifier looks."""
    from engine.serving.segment.route import settings_of

    asked = Question(picture=picture.ref)
    found = read(picture, asked.method, settings_of(asked), WAIT_S)
    if isinstance(found, Progress):
        return found
    answer = found.reading.answer
    told = {"percent": round(100 * answer.covered)}
    return Thumbnail(
        pictures=small(picture.pixels), segments=small_segments(answer.found.ids), told=told
    )

"""Flatten on Home: the picture, and the same numbers in another order."""

from engine.pictures import Picture
from engine.serving.flatten.contract import Question
from engine.serving.thumbnail import Thumbnail


def thumbnail(picture: Picture) -> Thumbnail:
    """The picture in order and in the page's disorder."""
    from engine.serving.flatten.compute import disorder
    from engine.serving.one_core import on_one_core

    asked = Question()
    found = on_one_core(disorder, picture.ref, asked.side, asked.seed, asked.share)
    pictures = found.pictures.permute(0, 2, 3, 1).numpy()
    return Thumbnail(pictures=pictures, told={"percent": round(100 * asked.share)})

"""PNG and JPEG on Home: the picture as a very small JPEG file."""

from engine.pictures import Picture
from engine.serving.png_jpeg.compute import measured
from engine.serving.png_jpeg.contract import Question
from engine.serving.thumbnail import Thumbnail, small


def thumbnail(picture: Picture) -> Thumbnail:
    """As the page opens with it."""
    quality = Question().quality
    found = measured(picture.ref, "own", "jpeg", quality)
    return Thumbnail(
        pictures=small(found.pixels),
        told={"bytes": f"{found.file_bytes:,}", "quality": quality},
    )

"""What the pages know of pictures before the engine has said anything."""

from typing import Literal, get_args

from pydantic import BaseModel

SampleName = Literal[
    "chelsea", "coffee", "motorcycle", "camera", "china", "flower", "astronaut", "rocket"
]
SAMPLE_NAMES: tuple[str, ...] = get_args(SampleName)
TOKEN = r"^[A-Za-z0-9_-]{22}$"
FILE_MB = 20  # the largest file that is taken


class Limits(BaseModel):
    """How many hours an upload is kept."""

    keep_hours: float = 12


class Described(BaseModel):
    """What is known of a picture; ``notes`` are sentences on what was done to it on its way in.

    ``height_px`` and ``width_px`` are those of the copy that is looked at, ``original_height_px``
    and ``original_width_px`` the file's, turned upright. ``name`` is a stranger's: text, no markup.
    """

    name: str
    height_px: int
    width_px: int
    original_height_px: int
    original_width_px: int
    notes: list[str]


class Stored(Described):
    """A stored picture: the token stands for it in every other request, for ``keep_s`` seconds."""

    token: str
    keep_s: float

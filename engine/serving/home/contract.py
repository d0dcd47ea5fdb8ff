"""What the home page can be asked."""

from typing import Annotated

from pydantic import BaseModel, Field

from engine.serving.offer import PictureRef


class Question(BaseModel):
    """How far down the network to look."""

    picture: PictureRef = "chelsea"
    depth: Annotated[int, Field(ge=1, le=19)] = 4


class PathQuestion(BaseModel):
    """Which pages' thumbnails, by the pages' names with commas between them."""

    picture: PictureRef = "chelsea"
    pages: Annotated[str, Field(pattern=r"^([a-z_]{1,40}(,[a-z_]{1,40}){0,39})?$")] = ""

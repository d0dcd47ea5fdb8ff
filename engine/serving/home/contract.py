"""What the home page can be asked."""

from typing import Annotated

from pydantic import BaseModel, Field

from engine.serving.offer import PictureRef


class Question(BaseModel):
    """How far down the network to look."""

    picture: PictureRef = "chelsea"
    depth: Annotated[int, Field(ge=1, le=19)] = 4

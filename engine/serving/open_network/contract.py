"""What can be asked of a run's network when it is opened."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from engine.serving.offer import Fixed, Offer, PictureRef

MOST_EPOCHS = 100_000
MOST_PICTURES = 100_000


class Question(BaseModel):
    """Which network, at which epoch (the last one that is not later), and which picture.

    ``created`` is when the run was made, in ms since 1970: so that a link to a run that has been
    deleted is not answered with another of the same name.
    """

    run: Annotated[str, Field(max_length=100), Fixed()]
    epoch: Annotated[int, Field(ge=0, le=MOST_EPOCHS)] = MOST_EPOCHS
    index: Annotated[int, Field(ge=0, le=1_000_000), Offer(high=MOST_PICTURES)] = 0
    source: Literal["validation", "own"] = "validation"
    #: What a map's grey values are scaled by; the view's own.
    scale: Literal["map", "layer", "global"] = "layer"
    picture: PictureRef = "chelsea"
    #: Which part of a long network.
    part: Annotated[str, Field(pattern=r"^[1-9]\d{0,2}$")] = "1"
    #: ``layer:channel:row:column`` of the number that is opened; the view's own.
    chosen: Annotated[str, Field(pattern=r"^(\d{1,5}:\d{1,6}:\d{1,4}:\d{1,4})?$")] = ""
    created: Annotated[int, Field(ge=0, le=10**15), Fixed()] = 0


class NumberQuestion(Question):
    """And which number: of layer ``layer``, map or unit ``channel``, at a row and a column."""

    layer: int = Field(ge=0, le=100_000)
    channel: int = Field(0, ge=0, le=100_000)
    row: int = Field(0, ge=0, le=10_000)
    col: int = Field(0, ge=0, le=10_000)

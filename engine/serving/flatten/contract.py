"""What the page Flatten can be asked."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from engine.serving.offer import Offer, PictureRef

Seed = Annotated[int, Field(ge=0, le=99)]


class Question(BaseModel):
    """How many pixels of the picture change places, and how large it is."""

    picture: PictureRef = "chelsea"
    share: Annotated[float, Field(ge=0, le=1, allow_inf_nan=False), Offer(step=0.01)] = 0.2
    #: How far the picture's rows are laid end to end on the stage; the view's own.
    laid: Annotated[int, Field(ge=0, le=100), Offer(unit="%")] = 60
    side: Annotated[int, Field(ge=8, le=64), Offer(step=8, unit="px")] = 32
    seed: Seed = 0
    #: The middle of the kernel's window; the view's own.
    cell: Annotated[str, Field(pattern=r"^\d{1,2},\d{1,2}$")] = "15,15"


class CompareQuestion(BaseModel):
    """Which pictures the four trainings learn from, in which disorder."""

    data: Literal["shapes32", "digits"] = "shapes32"
    seed: Seed = 0

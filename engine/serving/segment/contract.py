"""What the page Segment can be asked."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from engine.serving.marks_contract import FIRST_BOX, Drawn
from engine.serving.offer import Fixed, Offer, PictureRef

Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False), Offer(step=0.05)]


class Question(BaseModel):
    """A method, and the settings of all methods; each reads its own."""

    picture: PictureRef = "chelsea"
    #: How many methods are not available: one that has been downloaded makes another question.
    absent: Annotated[int, Field(ge=0, le=99), Fixed()] = 0
    #: How strongly the segments lie over the picture; the view's own.
    opacity: Annotated[int, Field(ge=0, le=100), Offer(unit="%")] = 55
    method: Annotated[str, Field(max_length=64)] = "grabcut"
    #: How far GrabCut is shown; the view's own.
    step: Annotated[int, Field(ge=0, le=6)] = 6
    seed: Annotated[float, Field(ge=0.05, le=0.8, allow_inf_nan=False), Offer(step=0.05)] = 0.2
    pieces: Annotated[int, Field(ge=2, le=1000), Offer(low=10, step=10, log=True)] = 150
    compactness: Annotated[
        float, Field(ge=0.1, le=100, allow_inf_nan=False), Offer(low=0.5, step=0.5, log=True)
    ] = 20
    scale: Annotated[
        float,
        Field(ge=1, le=10_000, allow_inf_nan=False),
        Offer(low=10, high=2000, step=10, log=True),
    ] = 100
    least: Share = 0.5
    drawn: Drawn = FIRST_BOX
    #: Whether the segments' edges are drawn; the view's own.
    lines: bool = True


class FileQuestion(Question):
    """The same, as a file."""

    form: Literal["png", "coco"] = "png"

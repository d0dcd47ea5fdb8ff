"""What the page PNG and JPEG can be asked.

All works on a copy of at most half a megapixel. The costliest legal values: AVIF at speed 10 takes
0.35 s of a core a megapixel, PNG 0.6 s.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from engine.serving.offer import Fixed, PictureRef

Form = Literal["jpeg", "webp", "avif", "png"]
Subject = Literal["own", "drawing", "screenshot", "noise"]
Quality = Annotated[int, Field(ge=1, le=100)]
#: A place in the picture, ``x,y`` in thousandths of its sides.
_PLACE = r"^\d{1,3},\d{1,3}$"
_EYE = "375,345"


class Question(BaseModel):
    """A picture written as a file of one form, and beside it as another."""

    picture: PictureRef = "chelsea"
    quality: Quality = 10
    form: Form = "jpeg"
    against: Form = "png"
    against_quality: Quality = 90
    subject: Subject = "own"
    #: The view's own: where the lens stands.
    lens: Annotated[str, Field(pattern=_PLACE, max_length=7)] = _EYE


class BlockQuestion(BaseModel):
    """One block of 8 × 8 of one component, in a JPEG file of the picture."""

    picture: PictureRef = "chelsea"
    subject: Annotated[Subject, Fixed()] = "own"
    block_quality: Quality = 30
    component: Literal["y", "cb", "cr"] = "y"
    chroma: Literal["4:2:0", "4:2:2", "4:4:4"] = "4:2:0"
    #: The pixel whose block it is.
    place: Annotated[str, Field(pattern=_PLACE, max_length=7)] = _EYE
    #: The view's own: the wave that is pointed out, its frequency across and down.
    wave: Annotated[str, Field(pattern=r"^[0-7],[0-7]$", max_length=3)] = "1,0"


class SubjectsQuestion(BaseModel):
    """All four subjects as PNG and as JPEG."""

    picture: PictureRef = "chelsea"

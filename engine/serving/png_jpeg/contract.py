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


class CurvesQuestion(BaseModel):
    """Three encoders over their qualities, each point a file that two networks look at.

    At half a megapixel a point takes up to 0.3 s of a core: 63 points, or 300 with every quality.
    """

    picture: PictureRef = "chelsea"
    subject: Annotated[Subject, Fixed()] = "own"
    #: The view's own: by what the error is measured.
    measure: Literal["psnr", "ssim"] = "psnr"
    #: Every quality instead of every fifth.
    every: bool = False


MOST_ROWS = 160  # of the small copy that is read symbol by symbol


class PngQuestion(BaseModel):
    """A PNG of a small copy, opened row by row: at most 0.1 MB of bytes, read one by one."""

    picture: PictureRef = "chelsea"
    subject: Annotated[Subject, Fixed()] = "own"
    #: The view's own: the row that is told of.
    row: Annotated[int, Field(ge=0, le=MOST_ROWS - 1)] = 40


class AgainQuestion(BaseModel):
    """A JPEG opened and saved again and again: thirty files, at most half a megapixel each."""

    picture: PictureRef = "chelsea"
    subject: Annotated[Subject, Fixed()] = "own"
    generation: Annotated[int, Field(ge=1, le=10)] = 10
    #: What happens between two saves.
    between: Literal["nothing", "quality", "crop"] = "crop"
    again_quality: Quality = 75


class SubjectsQuestion(BaseModel):
    """All four subjects as PNG and as JPEG."""

    picture: PictureRef = "chelsea"

"""What the page Computation graph can be asked.

The costliest legal values: the second block of MobileNetV2 on a picture, a forward and a backward
pass of a few million numbers and one pass of the layers before it, 0.1 s of a core; a trained
network of up to 600 operations. ``torch.export`` takes a second or two, as a job.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from engine.serving.offer import Offer, PictureRef

Number = Annotated[
    float, Field(ge=-1000, le=1000, allow_inf_nan=False), Offer(low=-3, high=3, step=0.05)
]
_WRITTEN = r"[xy0-9a-z+\-*/().,<>= ]{1,80}"
Written = Annotated[str, Field(pattern=f"^{_WRITTEN}$", max_length=80)]


class ExpressionQuestion(BaseModel):
    """An expression of two numbers."""

    x: Number = 1
    y: Number = 2
    expression: Written = "sin(x * y) + x / y"


class Question(ExpressionQuestion):
    """Or another program; and what is looked at."""

    picture: PictureRef = "chelsea"
    program: Literal["expression", "net", "block", "run"] = "expression"
    #: Of MobileNetV2's seventeen inverted residual blocks.
    block: Annotated[int, Field(ge=1, le=17)] = 3
    #: A run of the Training studio; the newest that has a network where empty.
    run: Annotated[str, Field(pattern=r"^[\w.-]{0,100}$", max_length=100)] = ""
    #: How many lines have been executed, all where empty; the view's own.
    line: Annotated[str, Field(pattern=r"^\d{0,2}$")] = ""
    #: The node that is open.
    node: Annotated[str, Field(pattern=r"^\d{0,3}$")] = "0"


class TensorsQuestion(BaseModel):
    """A tensor of so many dimensions, of the picture's way through MobileNetV2."""

    picture: PictureRef = "chelsea"
    dims: Annotated[int, Field(ge=0, le=4)] = 3

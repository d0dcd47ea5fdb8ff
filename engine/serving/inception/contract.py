"""What the page Inception module can be asked, in its routes."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from engine.serving.offer import Offer, PictureRef

#: Of the small GoogLeNet that ships, a to c; of torchvision's GoogLeNet, 3a to 5b.
Module = Literal["a", "b", "c", "3a", "3b", "4a", "4b", "4c", "4d", "4e", "5a", "5b"]
Branch = Literal["one", "three", "five", "pool"]
Measure = Literal["macs", "params"]
MOST_INPUTS, MOST_FILTERS, MOST_WIDTH = 512, 128, 256


class Question(BaseModel):
    """A module at work on a picture."""

    #: Of the channels behind each large filter's 1×1: those that are kept.
    share: Annotated[int, Field(ge=1, le=100), Offer(unit="%")] = 100
    picture: PictureRef = "chelsea"
    module: Module = "a"


class CostQuestion(BaseModel):
    """n×n filters with a bottleneck before them, as layers that run on maps of 28 × 28."""

    #: Channels behind the 1×1.
    width: Annotated[int, Field(ge=1, le=MOST_WIDTH), Offer(log=True, step=1)] = 16
    #: Channels that come in.
    inputs: Annotated[int, Field(ge=8, le=MOST_INPUTS), Offer(step=8)] = 192
    #: Channels that come out.
    filters: Annotated[int, Field(ge=8, le=MOST_FILTERS), Offer(step=8)] = 32
    #: n.
    size: Literal["3", "5", "7"] = "5"
    measure: Measure = "macs"


class PixelQuestion(BaseModel):
    """One pixel through one filter of a 1×1 convolution of a module."""

    picture: PictureRef = "chelsea"
    module: Module = "a"
    branch: Branch = "five"
    #: Of what comes out; the last one where there are fewer.
    channel: Annotated[int, Field(ge=0, le=383), Offer(high=7)] = 0
    #: "row,column" of the maps; "" for the brightest of what comes out.
    pixel: Annotated[str, Field(pattern=r"^(\d{1,4},\d{1,4})?$")] = ""


class NineQuestion(BaseModel):
    """GoogLeNet's nine modules."""

    counted: Measure = "macs"

"""What the page Pixels can be asked."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from engine.serving.offer import Offer, PictureRef

LONGEST_SIDE_PX = 2048  # of the copy that is worked on
CLOSEST_PX = 8  # as near as a zoom goes: so many pixels along the picture's longest side
_FRACTION = r"(?:0(?:\.\d{1,5})?|1)"


class Question(BaseModel):
    """How many pixels, how many bits, and which channels."""

    picture: PictureRef = "chelsea"
    #: The view's own: how near, and where, as fractions of the picture.
    zoom: Annotated[
        float,
        Field(ge=1, le=LONGEST_SIDE_PX / CLOSEST_PX, allow_inf_nan=False),
        Offer(step=0.01, log=True),
    ] = 48
    #: Pixels of the longest side; the picture's own where that is less.
    resolution: Annotated[int, Field(ge=4, le=LONGEST_SIDE_PX), Offer(log=True)] = 512
    bits: Literal["24", "8", "1"] = "24"
    #: At 1 bit, spread each pixel's error over its neighbours.
    dither: bool = False
    #: Which are kept, at 24 bits.
    channels: Annotated[str, Field(pattern=r"^(rgb|rg|rb|gb|r|g|b|none)$")] = "rgb"
    at: Annotated[str, Field(pattern=f"^{_FRACTION},{_FRACTION}$")] = "0.3674,0.34"

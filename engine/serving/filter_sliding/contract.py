"""What the page Filter sliding can be asked."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from engine.serving.offer import Offer, PictureRef

PRESETS = (
    "identity", "edge", "blur", "gaussian", "sharpen", "emboss", "sobel_x", "sobel_y",
    "derivative", "laplacian", "random",
)  # fmt: skip
#: The filters of the network's first layer.
LEARNT = tuple(f"net_{index}" for index in range(32))
_NUMBER = r"-?\d{1,3}(\.\d{1,6})?"
_UP_TO_255 = r"-?(255|(25[0-4]|2[0-4]\d|1\d\d|\d{1,2})(\.\d{1,6})?)"
_PERCENT = r"(100|\d{1,2})"
_PLACE = Field(ge=0, le=999)


class LayerQuestion(BaseModel):
    """A layer of filters, and what they slide over."""

    picture: PictureRef = "chelsea"
    stride: Annotated[int, Field(ge=1, le=4)] = 1
    kernel_size: Annotated[int, Field(ge=1, le=7)] = 3
    padding: Annotated[int, Field(ge=0, le=3)] = 0
    same: bool = False
    dilation: Annotated[int, Field(ge=1, le=3)] = 1
    transposed: bool = False
    #: The first filter; the others follow it in their list.
    preset: Annotated[str, Field(pattern=r"^[a-z0-9_]{1,20}$"), Offer(only=PRESETS + LEARNT)] = (
        "sobel_x"
    )
    filters: Annotated[int, Field(ge=1, le=6)] = 1
    scene: Literal["tiny", "crop16", "crop24", "crop32", "crop48", "crop64", "signal"] = "crop32"
    colour: bool = False
    #: The first filter's own weights, channel by channel, row by row; the preset's where empty.
    weights: Annotated[str, Field(pattern=rf"^({_NUMBER}(,{_NUMBER})*)?$", max_length=2000)] = ""
    bias: Annotated[str, Field(pattern=f"^{_UP_TO_255}$")] = "0"
    #: The square's centre and side, in percent of the picture.
    spot: Annotated[str, Field(pattern=rf"^{_PERCENT},{_PERCENT},(100|[1-9]\d?)$")] = "50,50,100"


class Question(LayerQuestion):
    """And the cell to account for, moved into the output where it has become smaller."""

    cell: Annotated[str, Field(pattern=r"^\d{1,3},\d{1,3}$")] = "9,9"
    filter: Annotated[str, Field(pattern="^[0-5]$")] = "0"
    #: Which channel of the kernel is shown; the view's own.
    channel: Annotated[str, Field(pattern="^[0-2]$")] = "0"


class PositionQuestion(LayerQuestion):
    """And one cell of the input, or one weight of the kernel."""

    row: Annotated[int, _PLACE]
    col: Annotated[int, _PLACE]


class CellQuestion(PositionQuestion):
    """And one output cell of one filter."""

    filter: Annotated[int, Field(ge=0, le=5)]

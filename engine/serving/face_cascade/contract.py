"""What the Face cascade page can be asked."""

from typing import Annotated

from pydantic import BaseModel, Field

from engine.serving.offer import Offer, PictureRef

SMALLEST_FACE_PX, LARGEST_FACE_PX, FACE_STEP_PX = 12, 240, 4

Threshold = Annotated[
    float, Field(ge=0, le=1, allow_inf_nan=False), Offer(low=0.05, high=0.99, step=0.01)
]


class PyramidQuestion(BaseModel):
    """The picture and its pyramid."""

    picture: PictureRef = "astronaut"
    min_face: Annotated[
        int, Field(ge=SMALLEST_FACE_PX, le=LARGEST_FACE_PX), Offer(step=FACE_STEP_PX, log=True)
    ] = 20
    factor: Annotated[
        float,
        Field(ge=0.5, le=0.9, allow_inf_nan=False),
        Offer(only=("0.5", "0.6", "0.709", "0.8", "0.9")),
    ] = 0.709


class CascadeQuestion(PyramidQuestion):
    """The same with the nets' thresholds."""

    pnet: Annotated[
        float, Field(ge=0.4, le=1, allow_inf_nan=False), Offer(high=0.99, step=0.01)
    ] = 0.6
    rnet: Threshold = 0.7
    onet: Threshold = 0.7


class WindowQuestion(CascadeQuestion):
    """The same with one window of P-Net's: a cell of a level's map."""

    level: int = Field(ge=0, le=99)
    row: int = Field(ge=0, le=9999)
    column: int = Field(ge=0, le=9999)


class Question(CascadeQuestion):
    """What the controls of the page say; the last three are the view's own."""

    #: How far the cascade is shown: the pyramid, then what each step leaves.
    stage: Annotated[int, Field(ge=0, le=7)] = 2
    level: Annotated[str, Field(pattern=r"^\d{0,2}$")] = ""
    #: ``level,row,column`` of the window that is opened.
    window: Annotated[str, Field(pattern=r"^(\d{1,2},\d{1,4},\d{1,4})?$")] = ""

"""What the Panoptic fusion page can be asked."""

from typing import Annotated

from pydantic import BaseModel, Field

from engine.serving.offer import Offer
from engine.serving.scenes_contract import MOST_THINGS, Pixel, SceneNumber

_DRAWING = "drawing"


class Question(BaseModel):
    """What the controls of the page say."""

    threshold: Annotated[float, Field(ge=0, le=1, allow_inf_nan=False), Offer(step=0.02)] = 0.3
    #: How far the fusion is shown, from the picture to the answer; the view's own.
    step: Annotated[int, Field(ge=1, le=7)] = 7
    window: Annotated[int, Field(ge=1, le=31), Offer(step=2, unit="px")] = 7
    stuff_area: Annotated[int, Field(ge=0, le=4000), Offer(step=16, unit="px")] = 64
    #: Whether wrong pixels are marked; the view's own.
    errors: bool = True
    scene: SceneNumber = 34
    things: Annotated[int, Field(ge=0, le=MOST_THINGS), Offer(group=_DRAWING)] = 7
    difficulty: Annotated[
        float, Field(ge=0, le=1, allow_inf_nan=False), Offer(step=0.1, group=_DRAWING)
    ] = 0.3
    overlap: Annotated[
        float, Field(ge=0, le=0.6, allow_inf_nan=False), Offer(step=0.05, group=_DRAWING)
    ] = 0.3
    pixel: Pixel = ""

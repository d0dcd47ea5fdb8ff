"""What the page Feature maps can be asked."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from engine.serving.classify.contract import CLASSIFIER
from engine.serving.offer import Offer, PictureRef

MOST_OPERATED = 16
MOST_SHIFT_PX = 16
MOST_WINDOW = 8

Network = Annotated[str, Field(max_length=40)]
Layer = Annotated[int, Field(ge=1, le=24)]


class StackQuestion(BaseModel):
    """Which picture, which network, and what the colours of its maps range over."""

    picture: PictureRef = "chelsea"
    model: Network = CLASSIFIER
    scope: Literal["local", "layer", "global"] = "local"


class ChannelQuestion(BaseModel):
    """A channel of a stage of a network, looking at a picture.

    ``channel`` is ``network:stage:channel``; of another network or stage it is the first.
    """

    picture: PictureRef = "chelsea"
    model: Network = CLASSIFIER
    layer: Layer = 4
    channel: Annotated[str, Field(pattern=r"^([a-z0-9_]{1,40}:\d{1,2}:\d{1,5})?$")] = ""


class Question(ChannelQuestion):
    """And what the colours range over, and which page of the gallery is shown."""

    #: How strongly the map lies over the picture; the view's own.
    opacity: Annotated[int, Field(ge=0, le=100), Offer(step=5, unit="%")] = 80
    scope: Literal["local", "layer", "global"] = "local"
    part: Annotated[int, Field(ge=1, le=999), Offer(high=100)] = 1


class SurgeryQuestion(ChannelQuestion):
    """Scale it, and the strongest others, ``operated`` in all."""

    factor: Annotated[float, Field(ge=-2, le=2, allow_inf_nan=False), Offer(step=0.1)] = 0
    operated: Annotated[int, Field(ge=1, le=MOST_OPERATED)] = 1


class PoolingQuestion(ChannelQuestion):
    """Pool it, and move the picture."""

    shift: Annotated[int, Field(ge=0, le=MOST_SHIFT_PX), Offer(unit="px")] = 1
    window: Annotated[int, Field(ge=1, le=MOST_WINDOW)] = 2
    kind: Literal["max", "avg"] = "max"


class PatchesQuestion(BaseModel):
    """What excites a channel most, in all samples."""

    layer: Layer
    channel: Annotated[int, Field(ge=0, le=99_999)]
    model: Network = CLASSIFIER

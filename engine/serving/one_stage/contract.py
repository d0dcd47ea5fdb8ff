"""What the One stage page can be asked, in its routes.

The costliest legal values: a picture at a size that nobody has asked for yet is one pass of
NanoDet, about 60 ms on two cores; all sizes of the chart are thirteen (a job, about 1 s). What a
pass says is kept, 2 MB each, 48 of them.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from engine.serving.offer import Offer, PictureRef

_FINE, _MIDDLE, _COARSE = r"(\d|[1-4]\d|5[01])", r"(\d|1\d|2[0-5])", r"(\d|1[0-2])"
_CELL = rf"0,{_FINE},{_FINE}|1,{_MIDDLE},{_MIDDLE}|2,{_COARSE},{_COARSE}"

#: One of NanoDet's eighty classes by its number; the surest thing's where empty.
ThingLabel = Annotated[str, Field(pattern=r"^([0-7]?\d)?$", max_length=2)]


class Question(BaseModel):
    """NanoDet on a picture that is shown larger or smaller."""

    picture: PictureRef = "chelsea"
    #: The picture's longer side, of the network's input.
    zoom: Annotated[int, Field(ge=10, le=100), Offer(unit="%", log=True)] = 40
    #: From which on a box counts.
    score: Annotated[float, Field(ge=0.05, le=0.95, allow_inf_nan=False), Offer(step=0.05)] = 0.4
    thing: ThingLabel = ""
    #: The cell that is opened: grid (0 the finest), row, column; the best one where empty.
    cell: Annotated[str, Field(pattern=rf"^({_CELL})?$", max_length=7)] = ""


class ZoomsQuestion(BaseModel):
    """The same thing at all sizes of the chart."""

    picture: PictureRef = "chelsea"
    thing: ThingLabel = ""


_BOX = r"\d{1,4}(,\d{1,4}){3}"
Level = Literal["best", "P3", "P4", "P5", "P6", "P7"]


class AnchorsQuestion(BaseModel):
    """A true box on a picture, and RetinaNet's anchors.

    At most 190,000 anchors, each held against one box: 50 ms and 40 MB.
    """

    picture: PictureRef = "chelsea"
    #: Whose nine anchors are shown, where they fit the box best.
    level: Level = "best"
    #: The true box, ``x1,y1,x2,y2`` in thousandths of the picture's sides.
    box: Annotated[str, Field(pattern=rf"^{_BOX}$", max_length=19)] = "150,90,780,980"


MOST_GAMMA = 5
Gamma = Annotated[float, Field(ge=0, le=MOST_GAMMA, allow_inf_nan=False), Offer(step=0.1)]


class FocalQuestion(BaseModel):
    """Who carries the loss of a small RetinaNet on a batch of scenes.

    Both nets on sixteen scenes: a pass of 0.2 s each, kept; a γ takes 0.1 s on one core.
    """

    gamma: Gamma = 2
    #: The net as it was drawn, or the one that ships, which has learnt.
    net: Literal["before", "after"] = "after"


class RaceQuestion(BaseModel):
    """Two trainings of a small RetinaNet on 800 scenes, from one seed; γ is what differs."""

    first_gamma: Gamma = 0
    second_gamma: Gamma = 2
    learning_rate: Annotated[
        float, Field(ge=1e-5, le=0.1, allow_inf_nan=False), Offer(step=1e-5, log=True)
    ] = 0.004
    epochs: Annotated[int, Field(ge=1, le=20)] = 6

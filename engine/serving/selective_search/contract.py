"""What the Selective Search page can be asked, in its two routes.

The costliest legal values: eight strategies on noise of 320 × 320 pixels, 1,500 first regions each,
take about 2 s and 100 MB on one core (a job); one strategy takes 0.7 s at most, usually 0.1 s. The
recall of eight strategies on all scenes takes about 8 s (a job).
"""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from engine.serving.offer import Offer, PictureRef

Space = Literal["hsv", "lab", "rgb", "rgi", "h", "grey"]
Mode = Literal["one", "fast"]
Shown = Literal["lines", "colours", "boxes"]
Weight = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False), Offer(step=0.1)]

MOST_REGIONS = 1500  # a test holds it against the engine's number
MOST_DRAWN = 20
_BOX = r"\d{1,4}(,\d{1,4}){3}"
_BOXES = rf"^({_BOX}(;{_BOX}){{0,{MOST_DRAWN - 1}}})?$"


class Grouped(BaseModel):
    """How regions are found and merged. ``fast`` is the paper's eight strategies, and then the
    other fields count for nothing."""

    mode: Mode = "one"
    space: Annotated[Space, Offer(group="regions")] = "hsv"
    #: Of Felzenszwalb's first regions.
    scale: Annotated[
        float, Field(ge=50, le=1000, allow_inf_nan=False), Offer(step=10, log=True, group="regions")
    ] = 100
    colour: Weight = 1
    texture: Weight = 1
    size: Weight = 1
    fill: Weight = 1


class Question(Grouped):
    """What the controls of the page say."""

    picture: PictureRef = "china"
    #: Regions that are left: how far the merges are shown. The view's own.
    left: Annotated[int, Field(ge=1, le=MOST_REGIONS), Offer(log=True)] = 15
    #: The view's own.
    shown: Shown = "lines"
    #: The region that was chosen, by its number; none where empty. The view's own.
    node: Annotated[str, Field(pattern=r"^\d{0,4}$", max_length=4)] = ""
    #: Boxes drawn by the learner, ``x1,y1,x2,y2;…`` in thousandths of the picture's sides.
    truth: Annotated[str, Field(pattern=_BOXES, max_length=20 * MOST_DRAWN)] = ""


class RecallQuestion(Grouped):
    """What the controls beside the chart say."""

    #: From which overlap on a box has found an object.
    iou: Annotated[float, Field(ge=0.5, le=0.9, allow_inf_nan=False), Offer(step=0.05)] = 0.5
    #: Of the drawn scenes: noise and faint contrast.
    difficulty: Annotated[float, Field(ge=0, le=1, allow_inf_nan=False), Offer(step=0.1)] = 0.3

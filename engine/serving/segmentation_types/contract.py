"""What the page on the kinds of segmentation can be asked."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from engine.serving.marks_contract import FIRST_BOX, Drawn
from engine.serving.offer import Offer, PictureRef
from engine.serving.scenes_contract import Difficulty, Overlap, Pixel, SceneNumber, Things

Opacity = Annotated[int, Field(ge=0, le=100), Offer(unit="%")]


class Question(BaseModel):
    """A drawn scene, and the reading of it that is shown."""

    #: How strongly the reading lies over the picture; the view's own.
    opacity: Opacity = 60
    #: Which of the five readings is shown; the view's own.
    reading: Literal["classification", "detection", "semantic", "instance", "panoptic"] = "panoptic"
    #: Which pixels are marked: the wrong ones, or those that cost a figure; the view's own.
    marks: Literal["none", "wrong", "mean_iou", "mask_ap", "sq", "rq"] = "none"
    scene: SceneNumber = 34
    things: Things = 7
    difficulty: Difficulty = 0.3
    overlap: Overlap = 0.3
    pixel: Pixel = ""


class PhotoQuestion(BaseModel):
    """The learner's photo, and what cuts it into segments."""

    picture: PictureRef = "chelsea"
    #: What a box must score to be shown; the view's own.
    photo_score: Annotated[
        float, Field(ge=0, le=1, allow_inf_nan=False), Offer(low=0.05, high=0.95, step=0.05)
    ] = 0.4
    photo_opacity: Opacity = 55
    cut_by: Annotated[str, Field(max_length=64)] = "grabcut"
    #: What steers it where that is ``drawn``.
    photo_drawn: Drawn = FIRST_BOX

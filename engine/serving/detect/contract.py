"""What the page Detect and the API's detectors can be asked."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from engine.serving.offer import Offer, PictureRef

NOTHING = "none"  # no detector on that side
#: The API's own detector, where none is named.
DETECTOR = "mtcnn"

#: The thresholds that the page's slider stops at.
IOU_STEP = 0.05

Name = Annotated[str, Field(max_length=64)]
#: Letters of any language: the names that data sets give their classes.
ClassName = Annotated[str, Field(pattern=r"^[\w ,.'()-]*$", max_length=80)]
#: From which on a box counts; from which overlap on it is given up for a better one.
Score = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False), Offer(step=0.01)]
Iou = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False), Offer(step=IOU_STEP)]


class Question(BaseModel):
    """What the controls of the page say."""

    picture: PictureRef = "chelsea"
    score: Score = 0.4
    iou: Iou = 0.5
    left: Name = "nanodet"
    right: Name = "mtcnn"
    #: Whether boxes are shown that NMS gives up. The view's own.
    bare: bool = False
    #: The one class that is shown, by its English name; all of them where empty. The view's own.
    only: ClassName = ""


class File(BaseModel):
    """What one detector found, as a file."""

    picture: PictureRef = "chelsea"
    detector: Name = DETECTOR
    score: Score = 0.5
    iou: Iou = 0.5
    only: ClassName = ""
    form: Literal["json", "yolo", "coco"] = "json"

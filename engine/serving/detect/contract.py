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
#: From which on a box counts; from which overlap on it is given up for a better one.
Score = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False), Offer(step=0.01)]
Iou = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False), Offer(step=IOU_STEP)]


class Question(BaseModel):
    """What the controls of the page say."""

    picture: PictureRef = "chelsea"
    score: Score = 0.7
    iou: Iou = 0.5
    left: Name = "sliding_window"
    right: Name = "haar_eye"
    #: Whether boxes are shown that NMS gives up. The view's own.
    bare: bool = False


class File(BaseModel):
    """What one detector found, as a file."""

    picture: PictureRef = "chelsea"
    detector: Name = DETECTOR
    score: Score = 0.5
    iou: Iou = 0.5
    form: Literal["json", "yolo", "coco"] = "json"

"""What the page on IoU and average precision can be asked, in its three routes.

Boxes that a learner draws are text, ``x1,y1,x2,y2;…`` in thousandths of the picture's sides.
"""

from typing import Annotated, Literal, get_args

from pydantic import BaseModel, Field

from engine.serving.offer import Offer, PictureRef

OnScenes = Literal["windows", "detectnet"]
OnPhoto = Literal["photo", "faces"]
Detector = Literal[OnScenes, OnPhoto]
SCENE_DETECTORS: tuple[str, ...] = get_args(OnScenes)
PHOTO_DETECTORS: tuple[str, ...] = get_args(OnPhoto)
SCENES = 60  # the held-out ones; a test holds it against the engine's number
_BOX = r"\d{1,4}(,\d{1,4}){3}"
_BOXES = rf"^({_BOX}(;{_BOX}){{0,19}})?$"
_MOST_TEXT = 400  # characters that 20 drawn boxes can take

OneBox = Annotated[str, Field(pattern=rf"^{_BOX}$", max_length=30)]


class Question(BaseModel):
    """What the controls of the page say."""

    picture: PictureRef = "chelsea"
    #: From which on a found box counts: the view's own, all scores are sent at once.
    score: Annotated[float, Field(ge=0, le=1, allow_inf_nan=False), Offer(low=0.05, step=0.01)] = (
        0.5
    )
    iou: Annotated[float, Field(ge=0.5, le=0.95, allow_inf_nan=False), Offer(step=0.05)] = 0.5
    detector: Detector = "windows"
    label: Literal["circle", "square", "triangle"] = "square"
    scene: Annotated[int, Field(ge=1, le=SCENES)] = 33
    truth: Annotated[str, Field(pattern=_BOXES, max_length=_MOST_TEXT)] = ""

    def on_scenes(self) -> bool:
        """Whether drawn scenes are looked at, and not the learner's picture."""
        return self.detector in SCENE_DETECTORS


class TwoBoxes(BaseModel):
    """Two boxes drawn on a picture."""

    picture: PictureRef = "chelsea"
    truth_box: OneBox = "300,300,700,700"
    found_box: OneBox = "400,380,800,780"

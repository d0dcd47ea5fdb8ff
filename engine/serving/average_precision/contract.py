"""What the page on IoU and average precision can be asked, in its four routes.

Boxes that a learner draws are text, ``x1,y1,x2,y2;…`` in thousandths of the picture's sides; those
of several photos ``photo:boxes|photo:boxes``, a photo being a picture's token or a sample's name.
"""

from typing import Annotated, Literal, get_args

from pydantic import BaseModel, Field

from engine.serving.offer import Offer, PictureRef

NOTHING = "none"  # no detector to compare with
OnScenes = Literal["windows", "detectnet"]
SCENE_DETECTORS: tuple[str, ...] = get_args(OnScenes)
#: Names that links of this page use for this project's own detectors.
PHOTO_DETECTORS = {"photo": "sliding_window", "faces": "pnet"}
SCENES = 60  # the held-out ones; a test holds it against the engine's number
MOST_PHOTOS = 8
_BOX = r"\d{1,4}(,\d{1,4}){3}"

Name = Annotated[str, Field(pattern=r"^\w{1,64}$", max_length=64)]
OneBox = Annotated[str, Field(pattern=rf"^{_BOX}$", max_length=30)]


class Question(BaseModel):
    """What the controls of the page say."""

    picture: PictureRef = "chelsea"
    #: From which on a found box counts: the view's own, all scores are sent at once.
    score: Annotated[float, Field(ge=0, le=1, allow_inf_nan=False), Offer(low=0.05, step=0.01)] = (
        0.5
    )
    iou: Annotated[float, Field(ge=0.5, le=0.95, allow_inf_nan=False), Offer(step=0.05)] = 0.5
    detector: Name = "windows"
    #: Judged on the same pictures, to compare with.
    rival: Name = "detectnet"
    label: Literal["circle", "square", "triangle"] = "square"
    scene: Annotated[int, Field(ge=1, le=SCENES)] = 33
    truth: Annotated[str, Field(pattern=r"^[\w:;,|-]*$", max_length=2000)] = ""

    def on_scenes(self) -> bool:
        """Whether drawn scenes are looked at, and not the learner's photos."""
        return self.detector in SCENE_DETECTORS


class Errors(Question):
    """The same, and which kind of error is shown: the view's own."""

    kind: Literal["all", "missed", "loose", "double", "confused", "both", "nothing"] = "all"


class TwoBoxes(BaseModel):
    """Two boxes drawn on a picture."""

    picture: PictureRef = "chelsea"
    truth_box: OneBox = "300,300,700,700"
    found_box: OneBox = "400,380,800,780"

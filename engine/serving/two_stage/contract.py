"""What the three parts of the Two stages page can be asked.

The costliest legal values: 200 crops of 224 px through MobileNetV2 take about 7 s of one core, and
the same boxes from the map at stride 8 about 5 s (jobs, 100 MB each); at the first state both
together take about 2 s. An opened scene is one pass of a small net, within 0.1 s; a photo is one of
torchvision's smallest Faster R-CNN, within 1 s of a core once it has been loaded.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from engine.serving.offer import Offer, PictureRef

MOST_PROPOSALS = 200
SHOWN_SCENES = 12  # of the held-out ones, the first
MOST_EPOCHS = 12

Share = Annotated[float, Field(ge=0.05, le=0.95, allow_inf_nan=False), Offer(step=0.05)]


class Question(BaseModel):
    """R-CNN on a photo: how many boxes are looked at, how, and what counts as found."""

    picture: PictureRef = "chelsea"
    proposals: Annotated[int, Field(ge=10, le=MOST_PROPOSALS), Offer(step=10)] = 100
    #: Whose answers are shown: of warped crops of the picture, or of crops of one feature map.
    way: Literal["picture", "map"] = "picture"
    score: Share = 0.9
    iou: Share = 0.3
    #: Of a warped crop, in pixels; a crop of the map has as many cells as that would leave.
    crop_px: Literal["96", "160", "224"] = "96"
    #: Pixels from one cell of the shared map to the next.
    stride: Literal["8", "16", "32"] = "32"
    #: The proposal that is followed, by its number; the surest one found where empty.
    followed: Annotated[str, Field(pattern=r"^\d{0,3}$", max_length=3)] = ""


class OpenedQuestion(BaseModel):
    """A scene or a photo through Faster R-CNN; steps and objects are the view's own."""

    picture: PictureRef = "chelsea"
    #: How far the object is followed.
    step: Annotated[int, Field(ge=1, le=6)] = 3
    #: A held-out scene through the net that ships, or the photo through torchvision's COCO net.
    of: Literal["scene", "photo"] = "scene"
    scene: Annotated[int, Field(ge=1, le=SHOWN_SCENES)] = 2
    #: After training, or as it was drawn before.
    weights: Literal["trained", "drawn"] = "trained"
    #: The object that is followed, by its number; the first where empty.
    thing: Annotated[str, Field(pattern=r"^\d?$", max_length=1)] = ""


class TrainingQuestion(BaseModel):
    """A training from the beginning; its epoch and its least score are the view's own."""

    epoch: Annotated[int, Field(ge=0, le=MOST_EPOCHS)] = MOST_EPOCHS
    least: Share = 0.5
    learning_rate: Annotated[
        float, Field(ge=1e-5, le=0.1, allow_inf_nan=False), Offer(step=1e-5, log=True)
    ] = 0.004
    epochs: Annotated[int, Field(ge=1, le=MOST_EPOCHS)] = 4


class EpochQuestion(BaseModel):
    """A run's net at the end of an epoch (0: before the first)."""

    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{1,100}$")]
    epoch: Annotated[int, Field(ge=0, le=10_000)]

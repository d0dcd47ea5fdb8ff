"""What the page Classify and the API's classifiers can be asked."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from engine.serving.offer import Fixed, Offer, PictureRef

#: The network that answers where none is named.
CLASSIFIER = "mobilenet_v2"
#: How many of the most probable classes can be explained.
EXPLAINED = 5

Network = Annotated[str, Field(max_length=64), Fixed()]
Top = Annotated[int, Field(ge=1, le=1000)]


class SeenQuestion(BaseModel):
    """What a network says of a picture that is kept."""

    picture: PictureRef = "camera"
    model: Network = CLASSIFIER
    top: Top = 5


class CheckQuestion(BaseModel):
    """Whether the map of one class may be believed: the deletion curves."""

    picture: PictureRef = "camera"
    model: Network = CLASSIFIER
    method: Literal["grad_cam", "integrated_gradients", "occlusion"] = "grad_cam"
    #: Which of the most probable classes is explained.
    rank: Annotated[str, Field(pattern=f"^[1-{EXPLAINED}]$")] = "1"


class Question(CheckQuestion):
    """The map of one class, and the picture without what it blames."""

    #: How strongly the map lies over the picture; the view's own.
    opacity: Annotated[int, Field(ge=0, le=100), Offer(unit="%")] = 45
    #: How much of the picture is removed, most blamed first.
    removed: Annotated[int, Field(ge=0, le=100), Offer(step=5, unit="%")] = 0

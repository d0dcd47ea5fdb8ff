"""What the page Growing back can be asked."""

from typing import Annotated, Literal

from pydantic import Field

from engine.serving.offer import Offer
from engine.serving.scenes_contract import Drawing, Pixel, SceneNumber


class Question(Drawing):
    """A drawn scene, grown back by six decoders."""

    #: Which decoder's answer is shown, and how large the lens; the view's own.
    decoder: Annotated[int, Field(ge=1, le=6)] = 1
    zoom: Annotated[int, Field(ge=1, le=8), Offer(unit="×")] = 4
    scene: SceneNumber = 11
    pixel: Pixel = ""


class DistanceQuestion(Drawing):
    """How right the decoders are by the distance from a boundary, over all scenes."""

    measure: Literal["iou", "right"] = "iou"


class LayersQuestion(Drawing):
    """A growing layer of any kernel and stride, at one of the encoder's halvings."""

    scene: SceneNumber = 11
    kernel: Annotated[int, Field(ge=1, le=8), Offer(unit="px")] = 3
    stride: Annotated[int, Field(ge=1, le=4), Offer(unit="px")] = 2
    halving: Annotated[int, Field(ge=1, le=5)] = 2

"""What the Fully convolutional page can be asked, in its five routes."""

from typing import Annotated, Literal

from pydantic import Field

from engine.serving.offer import Offer
from engine.serving.window_targets import (
    GROUPS,
    SHAPES,
    Cell,
    Chosen,
    OnPicture,
    Opacity,
    Stride,
    Target,
)

Padding = Literal["none", "zeros"]
FINER = 4  # the finest grid against the net's own stride


class Asked(OnPicture):
    """Which net looks for what, in which picture."""

    target: Annotated[Target, Offer(only=(*SHAPES, "guess", *GROUPS))] = "square"
    padding: Padding = "none"


class Paced(Asked):
    """The windows of one stride."""

    stride: Stride = FINER


class Question(Paced):
    """What the controls of the page say."""

    upsample: Literal["nearest", "bilinear", "transposed"] = "nearest"
    opacity: Opacity = 70
    cell: Cell = ""


class Window(Asked, Chosen):
    """One window of the finest grid."""


class Weights(Asked):
    """One row of the dense matrix; the chosen weight is the view's own."""

    weight: Annotated[str, Field(pattern=r"^\d{0,4}$", max_length=4)] = ""

"""What the Sliding window page can be asked, in its four routes."""

from typing import Annotated, Literal

from pydantic import Field

from engine.serving.offer import Offer
from engine.serving.window_targets import (
    GROUPS,
    LARGEST_PERCENT,
    SHAPES,
    SMALLEST_PERCENT,
    STEP_PERCENT,
    Cell,
    Chosen,
    OnPicture,
    Opacity,
    Stride,
    Wanted,
)

Shown = Literal["areas", "windows"]


class Sized(OnPicture):
    """Windows of one size, and what is looked for in them."""

    target: Annotated[Wanted, Offer(only=("guess", *GROUPS, "class", "face", *SHAPES))] = "guess"
    window: Annotated[
        int, Field(ge=SMALLEST_PERCENT, le=LARGEST_PERCENT), Offer(step=STEP_PERCENT)
    ] = 30
    #: Of ImageNet's class, where ``target`` is "class".
    class_index: Annotated[str, Field(pattern=r"^\d{1,3}$", max_length=3)] = "285"


class Swept(Sized):
    """The grid of a stride."""

    stride: Stride = 2


class Question(Swept):
    """What the controls of the page say."""

    #: Percent of probability from which on a window counts.
    threshold: Annotated[int, Field(ge=20, le=99)] = 50
    scales: Annotated[int, Field(ge=1, le=3)] = 1
    shown: Shown = "areas"
    opacity: Opacity = 60
    cell: Cell = ""


class Crop(Sized, Chosen):
    """One window of the finest grid."""

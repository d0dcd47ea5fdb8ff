"""What the page Vanishing gradients can be asked."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from engine.serving.offer import Fixed, Offer

Activation = Literal["sigmoid", "tanh", "relu", "leaky_relu", "gelu"]
Init = Literal["pytorch", "xavier", "he", "small"]
Norm = Literal["none", "batch", "layer"]


class Question(BaseModel):
    """A net of equal hidden layers."""

    depth: Annotated[int, Field(ge=2, le=50)] = 12
    activation: Activation = "sigmoid"
    init: Init = "pytorch"
    norm: Norm = "none"
    skip: bool = False
    width: Annotated[int, Field(ge=4, le=256), Offer(high=128, step=4)] = 32


class RaceQuestion(Question):
    """The same net in a race: how fast it learns, and how far it is followed."""

    rate: Annotated[
        float, Field(ge=1e-6, le=10, allow_inf_nan=False), Offer(low=0.01, high=0.5, step=0.01)
    ] = 0.1
    until: Annotated[int, Field(ge=1, le=400), Fixed()] = 10

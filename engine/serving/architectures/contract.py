"""What the page Architectures can be asked, in its routes."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from engine.serving.offer import Offer
from engine.serving.vanishing_gradients.contract import Activation, Init, Norm

#: An architecture by its name; which there are, ``/architectures/chart`` says.
Name = Annotated[str, Field(pattern=r"^[a-z0-9_]{1,40}$", max_length=40)]
Measure = Literal["params", "macs", "activations"]
Axis = Literal["params", "macs", "activations", "acc1", "newest", "one_ms", "batch_ms", "year"]


class Question(BaseModel):
    """Two architectures side by side, opened at the same share of their way."""

    #: How far in each is opened, of its blocks.
    along: Annotated[int, Field(ge=0, le=100), Offer(unit="%")] = 50
    first: Name = "inception_v3"
    second: Name = "xception"
    #: What the bars share out among the blocks.
    measure: Measure = "activations"


class ChartQuestion(BaseModel):
    """All architectures, and which are accurate enough."""

    #: ImageNet accuracy that is asked for.
    least: Annotated[
        float, Field(ge=50, le=90, allow_inf_nan=False), Offer(low=55, high=88, step=0.5, unit="%")
    ] = 72
    x: Axis = "macs"
    y: Axis = "acc1"


class SkipsQuestion(BaseModel):
    """A deep net of equal layers, once plain and once with skip connections."""

    layers: Annotated[int, Field(ge=2, le=50)] = 30
    activation: Activation = "relu"
    norm: Norm = "none"
    init: Init = "pytorch"

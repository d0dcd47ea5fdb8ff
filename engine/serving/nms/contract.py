"""What the NMS page can be asked."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from engine.serving.offer import Offer, PictureRef

Kind = Literal["per_class", "agnostic", "soft_linear", "soft_gaussian", "cluster"]


class Question(BaseModel):
    """What the controls of the page say."""

    picture: PictureRef = "chelsea"
    iou: Annotated[float, Field(ge=0, le=1, allow_inf_nan=False), Offer(step=0.05)] = 0.3
    score: Annotated[
        float, Field(ge=0, le=1, allow_inf_nan=False), Offer(low=0.05, high=0.99, step=0.01)
    ] = 0.05
    #: Boxes of the class that the best box has, or of all classes.
    scope: Literal["best", "all"] = "best"
    kind: Kind = "per_class"
    sigma: Annotated[
        float, Field(ge=0.01, le=10, allow_inf_nan=False), Offer(low=0.05, high=2, step=0.05)
    ] = 0.5
    neighbours: Annotated[int, Field(ge=0, le=50), Offer(high=20)] = 2
    detector: Annotated[str, Field(max_length=64)] = "nanodet"
    #: How many decisions are shown as taken; all of them where empty. The view's own.
    step: Annotated[str, Field(pattern=r"^\d{0,4}$")] = ""

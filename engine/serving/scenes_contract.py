"""Which drawn scene is meant: what the pages that show held-out scenes have in common."""

from typing import Annotated

from pydantic import BaseModel, Field

from engine.serving.offer import Offer

SHOWN_SCENES = 40  # of the held-out ones, the first
MOST_THINGS = 12  # a test holds it against the engine's number

SceneNumber = Annotated[int, Field(ge=1, le=SHOWN_SCENES)]
Things = Annotated[int, Field(ge=0, le=MOST_THINGS)]
Difficulty = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False), Offer(step=0.1)]
Overlap = Annotated[float, Field(ge=0, le=0.6, allow_inf_nan=False), Offer(step=0.05)]
#: ``row,column`` of a pixel that is pointed at; none where empty.
Pixel = Annotated[str, Field(pattern=r"^(\d{1,2},\d{1,2})?$", max_length=5)]


class Drawing(BaseModel):
    """How a scene is drawn."""

    things: Things = 6
    difficulty: Difficulty = 0.3

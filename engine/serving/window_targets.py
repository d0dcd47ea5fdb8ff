"""What windows can be asked for, and how large they may be: for the contracts of two pages."""

from typing import Annotated, Literal, get_args

from pydantic import BaseModel, Field

from engine.serving.offer import Offer, PictureRef

Group = Literal["cat", "dog", "cup", "motorcycle", "building", "rocket"]
Shape = Literal["circle", "square", "triangle"]
#: What both pages look for; "guess" is whatever the network takes the whole picture for.
Target = Literal["guess", Group, Shape]
#: The same, one of ImageNet's classes by its index, and what the net taught with faces knows.
Wanted = Literal[Target, "class", "face"]

GROUPS: tuple[str, ...] = get_args(Group)
SHAPES: tuple[str, ...] = get_args(Shape)
#: Side of the window in percent of the picture's shorter side.
SMALLEST_PERCENT, LARGEST_PERCENT, STEP_PERCENT = 20, 100, 5
#: In steps of the finest grid.
COARSEST = 8
Stride = Annotated[int, Field(ge=1, le=COARSEST)]
#: A window of the finest grid, as a link writes it: row and column.
Cell = Annotated[str, Field(pattern=r"^(\d{1,3},\d{1,3})?$", max_length=7)]
#: How much of the picture the heatmap hides.
Opacity = Annotated[int, Field(ge=0, le=100), Offer(unit="%")]


class Chosen(BaseModel):
    """A window of the finest grid."""

    row: Annotated[int, Field(ge=0)]
    column: Annotated[int, Field(ge=0)]


class OnPicture(BaseModel):
    """What is looked at."""

    picture: PictureRef = "chelsea"

"""What the page Image processing can be asked.

The costliest legal values: eight steps, the dearest of them non-local means; what the operations
estimate they take together is bounded (``engine.processing.MAX_COST_S``). All work is done on a
copy whose longest side has at most :data:`COPY_SIDE_PX` pixels.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from engine.serving.offer import PictureRef

COPY_SIDE_PX = 480
FILTERED_SIDE_PX = 240  # of the copy on which filters are compared
_STEP = r"-?[a-z_]{2,20}(?:,[A-Za-z0-9_.\-]{1,30}){0,8}"
FIRST_CHAIN = "salt_and_pepper,10,1;median_blur,3"


class ChainQuestion(BaseModel):
    """A chain of operations, and up to which of its steps it is done."""

    picture: PictureRef = "chelsea"
    #: The steps as text: see ``engine.processing.chain``.
    chain: Annotated[str, Field(pattern=f"^(?:{_STEP}(?:;{_STEP})*)?$", max_length=480)] = (
        FIRST_CHAIN
    )
    #: The step that is open, from 0; the last where empty or beyond.
    step: Annotated[str, Field(pattern=r"^[0-7]?$")] = ""


class Question(ChainQuestion):
    """And how before and after are put side by side."""

    #: Where before ends and after begins, in percent of the width; the view's own.
    divider: Annotated[int, Field(ge=0, le=100)] = 50
    #: What stands before it: the picture as the step got it, or as it was at first.
    before: Literal["previous", "original"] = "previous"
    #: Two halves, or how much each pixel has changed; the view's own.
    look: Literal["halves", "difference"] = "halves"


class FiltersQuestion(BaseModel):
    """All filters on one kind of noise, over its amount."""

    picture: PictureRef = "chelsea"
    noise: Literal["salt_and_pepper", "gaussian_noise"] = "salt_and_pepper"

"""What can be asked of one run."""

from typing import Annotated

from pydantic import BaseModel, Field

MOST_EPOCHS = 100_000
OWN_SET_MB = 200  # the largest archive of own pictures that is taken


class EpochQuestion(BaseModel):
    """The end of an epoch; 0 is the last one, and so is any where ``follow`` is true."""

    ended_epoch: Annotated[int, Field(ge=0, le=MOST_EPOCHS)] = 0
    follow: bool = False

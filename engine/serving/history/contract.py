"""What the page History can be asked.

The stations are a table that is read once: 5 ms. Counting what torchvision's networks cost is a job
that Architectures shares.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

FIRST_YEAR, LAST_YEAR = 1943, 2024
FIRST_CHALLENGE, LAST_COUNTED = 2010, 2022
Thread = Literal["learning", "networks", "detection", "segmentation", "hardware", "generation"]


class Question(BaseModel):
    """How far the years have come, and which stations are shown. All of it is the view's own."""

    year: Annotated[int, Field(ge=FIRST_YEAR, le=LAST_YEAR)] = 2012
    thread: Literal["all", Thread] = "all"
    span: Literal["all", "beginnings", "features", "deep"] = "all"
    #: The station whose card is open, by its key; the newest one up to ``year`` where empty.
    station: Annotated[str, Field(pattern=r"^[a-z0-9_]{0,30}$", max_length=30)] = ""


class CostQuestion(BaseModel):
    """ImageNet's error and what networks cost, up to a year."""

    until: Annotated[int, Field(ge=FIRST_CHALLENGE, le=LAST_COUNTED)] = 2017
    cost: Literal["macs", "params"] = "macs"

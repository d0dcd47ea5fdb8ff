"""How links write what a learner draws to steer GrabCut: see :mod:`engine.segment.drawn_marks`."""

from typing import Annotated

from pydantic import Field

MOST_LENGTH = 4000
#: What is cut before anything is drawn: a box around the middle.
FIRST_BOX = "r:150,100;850,900"
Drawn = Annotated[str, Field(pattern=r"^[rfb:\d,;|]*$", max_length=MOST_LENGTH)]

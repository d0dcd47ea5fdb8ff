"""How a contract says what its fields are to a page: each control is defined once.

A page's contract (``contract.py`` in its folder) is a pydantic model: names, types, bounds,
defaults and choices of everything that its route can be asked. What pydantic has no word for is
annotated with the classes here. The page's controls, the check of its link, the browser's sliders
and its first state are all derived from the model (``pages.ui.controls.controls_of``).
"""

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

PICTURE_MAX_LENGTH = 80


@dataclass(frozen=True)
class Offer:
    """A control's form, where the field alone does not say it.

    Attributes:
        low: the slider's lower end; the field's own bound if None.
        high: the slider's upper end; the field's own bound if None.
        step: of the slider; whole numbers move by 1 if None, others must say it.
        unit: what the value counts, as written behind it.
        log: equal ways on the slider are equal factors.
        group: the fold that the control stands in.
        only: the choices that are offered, in their order, where the API accepts more.
    """

    low: float | None = None
    high: float | None = None
    step: float | None = None
    unit: str = ""
    log: bool = False
    group: str = ""
    only: tuple[str, ...] | None = None


class Fixed:
    """Sent with every question and no control: the picture, a network chosen elsewhere."""


PictureRef = Annotated[str, Field(max_length=PICTURE_MAX_LENGTH), Fixed()]

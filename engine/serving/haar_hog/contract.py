"""What the three parts of the Haar and HOG page can be asked."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from engine.serving.offer import Offer, PictureRef

#: OpenCV's cascades by what they look for, in the order in which they are offered.
CASCADES = {
    "face": (
        "frontalface_default",
        "frontalface_alt",
        "frontalface_alt2",
        "frontalface_alt_tree",
        "profileface",
    ),
    "eye": ("eye", "eye_tree_eyeglasses", "lefteye_2splits", "righteye_2splits", "smile"),
    "cat": ("frontalcatface", "frontalcatface_extended"),
    "body": ("fullbody", "upperbody", "lowerbody"),
    "plate": ("license_plate_rus_16stages", "russian_plate_number"),
}
_BOX = r"\d{1,3},\d{1,3},\d{1,3},\d{1,3}"
_BOXES = rf"^({_BOX}(;{_BOX}){{0,49}})?$"
_CAT_EYES = "115,72,193,134;258,94,316,148"  # of the sample chelsea
_MOST_LENGTH = 4000
Boxes = Annotated[str, Field(max_length=_MOST_LENGTH, pattern=_BOXES)]
Side = Annotated[int | None, Field(ge=0, le=4096)]


class HaarQuestion(BaseModel):
    """A picture and a cascade."""

    picture: PictureRef = "chelsea"
    #: Up to which stage windows are sent; the view's own, as all stages are answered at once.
    stage: Annotated[int, Field(ge=0, le=47)] = 5
    cascade: Annotated[str, Field(max_length=80)] = "frontalface_default"
    factor: Annotated[
        float, Field(ge=1.05, le=2, allow_inf_nan=False), Offer(step=0.05, log=True)
    ] = 1.1
    neighbours: Annotated[int, Field(ge=0, le=20)] = 3
    #: The place whose window is opened, and the tree that is drawn on it; the view's own.
    spot: Annotated[str, Field(pattern=r"^(\d{1,3},\d{1,3})?$")] = ""
    tree: Annotated[str, Field(pattern=r"^\d{0,3}$")] = ""


class WindowQuestion(BaseModel):
    """The window at a spot, or the one that came furthest."""

    picture: PictureRef = "chelsea"
    cascade: Annotated[str, Field(max_length=80)] = "frontalface_default"
    factor: Annotated[float, Field(ge=1.05, le=2, allow_inf_nan=False)] = 1.1
    x: Side = None
    y: Side = None


class HogQuestion(BaseModel):
    """A level of the pyramid, and what is shown of it."""

    picture: PictureRef = "chelsea"
    level: Annotated[int, Field(ge=0, le=63), Offer(high=12)] = 0
    #: The view's own.
    layer: Literal["gradients", "cells", "blocks", "response"] = "blocks"
    at: Annotated[str, Field(pattern=r"^(\d{1,3},\d{1,3})?$")] = ""


class ResponseQuestion(BaseModel):
    """One window of a level, by its upper left cell."""

    picture: PictureRef = "chelsea"
    level: Annotated[int, Field(ge=0, le=63)] = 0
    row: Annotated[int, Field(ge=0, le=512)] = 0
    column: Annotated[int, Field(ge=0, le=512)] = 0


class SvmQuestion(BaseModel):
    """A lesson, ``x1,y1,x2,y2;...`` on the picture that is taught, and a picture to look at."""

    picture: PictureRef = "chelsea"
    #: The SVM's C as a power of ten.
    c: Annotated[float, Field(ge=-4, le=1, allow_inf_nan=False), Offer(step=0.25)] = -2
    rounds: Annotated[int, Field(ge=0, le=6)] = 0
    samples: Annotated[int, Field(ge=10, le=500), Offer(step=10)] = 200
    seed: Annotated[int, Field(ge=0, le=99), Offer(high=20)] = 0
    #: What the next box is of, and what lies over the picture; the view's own.
    draw: Literal["object", "background"] = "object"
    overlay: Literal["response", "examples"] = "response"
    boxes: Boxes = _CAT_EYES
    background: Boxes = ""
    taught: Annotated[str, Field(max_length=80, pattern=r"^[A-Za-z0-9_-]{1,80}$")] = "chelsea"

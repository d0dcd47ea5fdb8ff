"""What the Labels page can be asked: what formats store of a box, label files in, label files out;
and a detector that learns from own labels.

The costliest legal requests: 64 MB of photos come in or go out whole and are held in memory at most
four times (``room`` lets one such request in at a time); each is decoded once, which takes some 20
ms of a core for a phone's JPEG. One that has to be turned upright is decoded and written anew at
full size: about 0.5 s and 5 bytes a pixel for 12 megapixels. Photos of more pixels than
``MOST_PIXELS`` are refused, and so are requests whose photos have more than ``MOST_LOOKED_AT``
together (a small file can hold many: 5 s), or more than ``MOST_TURNED`` that have to be turned
(10 s).
"""

from typing import Annotated, Literal

from pydantic import BaseModel, Field, StringConstraints

from engine.serving.offer import Offer

BODY_MB = 64
MOST_PHOTOS = 100
MOST_BOXES = 20_000  # a test holds it against the engine's number
MOST_CLASSES = 1_000
MOST_PIXELS = 50_000_000
MOST_LOOKED_AT, MOST_TURNED = 1_000_000_000, 240_000_000  # pixels of one request's photos
MOST_SIDE_PX = 65_535
SHOWN = ("PNG", "JPEG", "WebP", "GIF", "BMP", "AVIF")  # what browsers show

Form = Literal["yolo", "kitti", "coco", "voc"]
_UNPRINTED = r"\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff"
#: A class's, with nothing in it that label files cannot keep: no line break, no control letter.
Name = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, min_length=1, max_length=200, pattern=rf"^[^{_UNPRINTED}]+$"
    ),
]
#: A file's, no path: at least one character that is no dot.
FileName = Annotated[
    str,
    Field(
        min_length=1,
        max_length=200,
        pattern=r"^[^/\\\x00-\x1f]*[^./\\\x00-\x1f][^/\\\x00-\x1f]*$",
    ),
]
Side = Annotated[int, Field(ge=1, le=MOST_SIDE_PX)]
Edge = Annotated[float, Field(ge=0, le=MOST_SIDE_PX, allow_inf_nan=False)]


class Question(BaseModel):
    """What the controls of the page say. All of them are the view's own."""

    zoom: Annotated[float, Field(ge=1, le=8, allow_inf_nan=False), Offer(step=0.1, log=True)] = 1
    #: From which score on NanoDet's boxes are proposed.
    score: Annotated[
        float, Field(ge=0, le=1, allow_inf_nan=False), Offer(low=0.05, high=0.95, step=0.05)
    ] = 0.2
    #: Of the files that are written.
    form: Form = "coco"
    #: Whether photos are turned upright in them, their orientation tags removed.
    upright: bool = True


class Stored(BaseModel):
    """A box of which is asked what each format stores of it."""

    name: Name = "photo.jpg"
    width: Side = 640
    height: Side = 480
    x1: Edge = 0
    y1: Edge = 0
    x2: Edge = 1
    y2: Edge = 1
    label: Name = "thing"
    #: The number of its class, from 0.
    index: Annotated[int, Field(ge=0, lt=MOST_CLASSES)] = 0
    crowd: bool = False
    difficult: bool = False


class LabelledBox(BaseModel):
    """``[x1, y1, x2, y2]`` in pixels of the upright photo, half-open."""

    box: tuple[Edge, Edge, Edge, Edge]
    label: Name
    crowd: bool = False
    difficult: bool = False


class LabelledPhoto(BaseModel):
    """A photo of the browser's. ``digest`` is the SHA-256 of its file, in hexadecimal."""

    name: FileName
    digest: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    width: Side
    height: Side
    orientation: Annotated[int, Field(ge=1, le=8)] = 1
    boxes: Annotated[list[LabelledBox], Field(max_length=MOST_BOXES)] = []


class LabelledSet(BaseModel):
    """Photos and their boxes; ``classes`` in the order of their numbers."""

    classes: Annotated[list[Name], Field(max_length=MOST_CLASSES)] = []
    photos: Annotated[list[LabelledPhoto], Field(max_length=MOST_PHOTOS)] = []


MOST_LEARNT = 40  # photos of one training: each is passed through a network of 416 × 416 px
MOST_PASSES = 60
Learner = Literal["nanodet", "detectnet"]
RunName = Annotated[str, Field(pattern=r"^([A-Za-z0-9][A-Za-z0-9._-]{0,99})?$", max_length=100)]


class TrainingQuestion(BaseModel):
    """A detector learning from own labels; epoch, score and the run's name are the view's own."""

    after: Annotated[int, Field(ge=0, le=MOST_PASSES)] = MOST_PASSES
    least: Annotated[float, Field(ge=0.05, le=0.95, allow_inf_nan=False), Offer(step=0.05)] = 0.3
    learner: Learner = "nanodet"
    #: Of NanoDet: the heads, their last convolution alone, or heads and neck.
    learns: Literal["heads", "last", "neck"] = "heads"
    passes: Annotated[int, Field(ge=1, le=MOST_PASSES)] = 20
    learning_rate: Annotated[
        float, Field(ge=1e-5, le=0.1, allow_inf_nan=False), Offer(step=1e-5, log=True)
    ] = 1e-3
    begun: RunName = ""


class EpochQuestion(BaseModel):
    """The held-out photo through a run's network at the end of an epoch (0: before the first)."""

    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$")]
    epoch: Annotated[int, Field(ge=0, le=10_000)]


class Learnt(BaseModel):
    """How labels become a data set.

    ``held_out`` is the digest of the photo that is kept from learning. ``only`` names the one class
    that is learnt; ``together`` makes all of them one, ``object``.
    """

    held_out: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    learner: Learner = "nanodet"
    only: Annotated[str, Field(max_length=200)] = ""
    together: bool = False

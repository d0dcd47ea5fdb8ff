"""What the page Data sets and challenges can be asked.

The public sets are tables that are read once: 5 ms. Where a picture lies in ImageNet's tree takes a
pass of MobileNetV2 (30 ms, kept) and an addition over 1,807 nodes.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from engine.serving.offer import Offer, PictureRef

FIRST_YEAR, LAST_YEAR = 1998, 2023
Set = Literal["imagenet", "voc2012", "coco", "cityscapes", "mnist", "cifar10", "cifar100", "kaggle"]


class SetsQuestion(BaseModel):
    """Public data sets up to a year, and the results on one of them."""

    year: Annotated[int, Field(ge=FIRST_YEAR, le=LAST_YEAR)] = LAST_YEAR
    chosen: Set = "imagenet"


class TreeQuestion(BaseModel):
    """Where a picture lies in the tree of ImageNet's classes; all controls are the view's own."""

    picture: PictureRef = "chelsea"
    #: How probable the most exact term has to be.
    sure: Annotated[int, Field(ge=51, le=99), Offer(unit="%")] = 80
    #: What a term's breadth stands for.
    breadth: Literal["probability", "classes"] = "probability"
    #: The term that is open, by its WordNet id; the answer where empty.
    term: Annotated[str, Field(pattern=r"^(n\d{8})?$", max_length=9)] = ""


MOST_LETTERS = 6_000  # of one edited file: some twenty boxes
FormatName = Literal["voc", "coco", "yolo", "kitti"]


class FormatsQuestion(BaseModel):
    """One labelled picture in four formats; an edited file of one of them gives the labels."""

    picture: PictureRef = "chelsea"
    #: Which mistake is drawn; the view's own.
    misread: Literal["none", "voc_from_0", "yolo_corner", "yolo_pixels", "coco_corners"] = (
        "yolo_corner"
    )
    #: Whose file ``text`` is; what NanoDet finds on the picture is labelled where it is left out.
    form: FormatName | None = None
    text: Annotated[str, Field(max_length=MOST_LETTERS)] = ""
    #: Names of classes in the order of their numbers, a line each, before the file was edited.
    classes: Annotated[str, Field(max_length=1_200, pattern=r"^[^\x00-\x09\x0b-\x1f\x7f]*$")] = ""

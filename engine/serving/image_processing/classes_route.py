"""What a classifier says of the picture before and after a chain of operations."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from engine.serving.binary import pack
from engine.serving.image_processing.contract import ChainQuestion

MODEL, ALL, SHOWN = "mobilenet_v2", 1000, 3

router = APIRouter(prefix="/image-processing", tags=["pages"])


@router.get("/classes", response_class=Response)
def classes(asked: Annotated[ChainQuestion, Query()]) -> Response:
    """MobileNetV2's three best classes of the copy ``about.before`` the chain and ``about.after``
    the open step, each with its ``index`` and its probability there (``prob``) and in the
    ``other`` picture.

    Bound: 5 s of a core, 250 MiB.
    """
    from engine.serving.classify.compute import classify_picture
    from engine.serving.image_processing.compute import as_rgb, chain_of

    chained = chain_of(asked)
    pictures = chained.clean, chained.left_by(chained.opened)
    found = [classify_picture(as_rgb(each), MODEL, ALL).labels for each in pictures]
    probs = [{label.index: label.prob for label in labels} for labels in found]
    told = {
        name: [vars(each) | {"other": other[each.index]} for each in labels[:SHOWN]]
        for name, labels, other in zip(("before", "after"), found, reversed(probs), strict=True)
    }
    return pack({}, told)

"""A chain of OpenCV operations on the learner's picture: what the page Image processing asks."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from engine.serving.binary import pack
from engine.serving.image_processing.contract import ChainQuestion, Question

LIGHT = True
router = APIRouter(prefix="/image-processing", tags=["pages"])


@router.get("", response_class=Response)
def see_chain(asked: Annotated[Question, Query()]) -> Response:
    """``before`` and ``after`` the open step, uint8 (H, W, 3) each, on a copy of at most 480 px.

    ``difference`` uint8 (H, W), the largest of the channels', where both have one size; ``counts``
    uint32 (2, 4, 256), before and after, how often each grey, red, green and blue occurs.
    ``about.operations`` are all that there are, with their fields and bounds, the main one first;
    ``about.steps`` has each step's ``code``, ``size``, ``channels``, what it found (``facts``) and
    its PSNR against the clean copy: null where places cannot be compared, "equal" where nothing
    differs.

    Bound: 4 s of a core, 150 MiB.
    """
    from engine.serving.image_processing.compute import see

    return pack(*see(asked))


@router.get("/told")
def tell_chain(asked: Annotated[ChainQuestion, Query()]) -> dict[str, Any]:
    """The chain as a script (``code``), and how well the first filter after noise restores:
    ``restoring`` with the PSNR of the noisy picture, of the filter, and of other filters in its
    place; null where there is none.

    Bound: 5 s of a core, 150 MiB.
    """
    from engine.serving.image_processing.compute import tell

    return tell(asked)

"""A chain of OpenCV operations on the learner's picture: what the page Image processing asks."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from engine.progress import Progress
from engine.serving.binary import pack, pending
from engine.serving.image_processing.contract import ChainQuestion, FiltersQuestion, Question

LIGHT = True
router = APIRouter(prefix="/image-processing", tags=["pages"])


@router.get("", response_class=Response)
def see_chain(asked: Annotated[Question, Query()]) -> Response:
    """``before`` and ``after`` the open step, uint8 (H, W, 3) each, on a copy of at most 480 px.

    ``difference`` uint8 (H, W), the largest of the channels', where both have one size; ``counts``
    uint32 (2, 256), before and after, how often each grey occurs.
    ``about.operations`` are all that there are, with their fields and bounds, the main one first;
    ``about.steps`` has each step's ``code``, its main line (``call``), ``size``, ``channels``, what
    it found (``facts``) and its PSNR against the clean copy: null where places cannot be compared,
    "equal" where nothing differs.

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


@router.get("/filters", response_class=Response)
def compare_filters(asked: Annotated[FiltersQuestion, Query()]) -> Response:
    """``psnr_db`` float64 (1 + F, A) against the clean copy, of at most 240 px: of the noisy
    picture and of each of ``about.filters`` at its best setting, over the ``amounts`` (A,) of
    noise.

    ``about.settings`` are those settings, ``about.best`` the best filter at each amount. 202 with
    ``done`` and ``total`` until it is there.

    Bound: a job of 6 s of a core, 100 MiB.
    """
    from engine.serving.image_processing.filters import compare

    found = compare(asked)
    return pending(found) if isinstance(found, Progress) else pack(*found)

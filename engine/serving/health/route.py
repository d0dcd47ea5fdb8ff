"""Is the engine up, which one is it, on what device, with which networks available?"""

import secrets

from fastapi import APIRouter
from pydantic import BaseModel

from engine.serving.loading import loading
from engine.wire.version import contract_version

LIGHT = True
router = APIRouter(tags=["server"])

STARTED = secrets.token_hex(8)  # tells this process from those before and after it


class Health(BaseModel):
    """How the engine is.

    ``status`` is "starting" until everything has been imported, then "ok"; ``device`` (in words)
    and ``models`` (the classifiers whose weights are on this machine) are known from then on.
    ``done`` of ``total`` imports are. ``contract`` is the version of what screen and engine agree
    on, ``started`` is another after each start.
    """

    status: str
    device: str
    models: list[str]
    done: int
    total: int
    contract: str
    started: str


@router.get("/health")
def health() -> Health:
    """Status, device, and the names of the networks that answer without a download.

    Bound: 0.5 s of a core, 50 MiB.
    """
    here = loading()
    if here.begun and not here.ready:
        device, models = "", []
    else:
        device, models = _look_around()
    return Health(
        status="starting" if here.begun and not here.ready else "ok",
        device=device,
        models=models,
        done=here.progress.done,
        total=here.progress.total,
        contract=contract_version(),
        started=STARTED,
    )


def _look_around() -> tuple[str, list[str]]:
    from engine.device import describe_device
    from engine.nets.catalog import at_hand, list_classifiers

    return describe_device(), [e.name for e in list_classifiers() if at_hand(e.name)]

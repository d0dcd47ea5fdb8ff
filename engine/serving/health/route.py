"""Is the server up, on what device, with which networks at hand?"""

from fastapi import APIRouter
from pydantic import BaseModel

router = APIRouter(tags=["server"])


class Health(BaseModel):
    """``models`` are the classifiers whose weights are on this machine."""

    status: str
    device: str
    models: list[str]


@router.get("/health")
def health() -> Health:
    """Status, device in words, and the names of the networks that answer without a download."""
    from engine.device import describe_device
    from engine.nets.catalog import at_hand, list_classifiers

    models = [entry.name for entry in list_classifiers() if at_hand(entry.name)]
    return Health(status="ok", device=describe_device(), models=models)

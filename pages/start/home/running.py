"""What runs where, and for how long a photo is kept: as the engine of this moment says."""

from engine.progress import Progress
from engine.serving.pictures.contract import Limits
from pages.ui.engine import Answer, Refused, ask
from pages.ui.words import label


def describe_running() -> dict[str, object]:
    """``hours`` that a photo is kept, the ``device`` in words, and how many ``networks`` of
    ImageNet answer without a download; what is usual, or "not known yet", while it starts."""
    limits, health = _ask("pictures"), _ask("health")
    hours = limits["keep_hours"] if limits else Limits().keep_hours
    known = health is not None and health["device"]
    starting = label("home", "not_known_yet")
    return {
        "hours": f"{hours:g}",
        "device": health["device"] if health and known else starting,
        "networks": len(health["models"]) if health and known else starting,
    }


def _ask(path: str) -> Answer | None:
    """None while there is no answer: the page does not wait for an engine that starts."""
    try:
        answer = ask(path, patience_s=0)
    except Refused:
        return None
    return None if isinstance(answer, Progress) else answer

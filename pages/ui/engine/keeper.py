"""Who looks after the engine: the screen itself, or whoever runs the one that is named."""

import os
from typing import Protocol

from pages.ui.engine.child import EngineChild
from pages.ui.engine.elsewhere import EngineElsewhere
from pages.ui.engine.place import Place

ENGINE_VARIABLE, SECRET_VARIABLE = "FOVEA_ENGINE", "FOVEA_ENGINE_SECRET"


class Keeper(Protocol):
    """Sees to it that the place says where the engine is."""

    def start(self) -> None:
        """Begin, in a thread."""
        ...

    def close(self) -> None:
        """End; returns when it has."""
        ...


def engine_keeper(place: Place) -> Keeper:
    """A child process, or the engine that ``FOVEA_ENGINE`` (``http://…``) names.

    Raises:
        ValueError: the variable is no address.
    """
    url = os.environ.get(ENGINE_VARIABLE, "").strip()
    if url:
        return EngineElsewhere(place, url, os.environ.get(SECRET_VARIABLE, ""))
    return EngineChild(place)

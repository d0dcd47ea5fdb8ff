"""An engine elsewhere, named by ``FOVEA_ENGINE``: another machine, or a cluster.

Nobody here starts it; it is looked at now and then, so that a page says at once that it is away,
and learns that it was started anew.
"""

import logging
import threading
from urllib.parse import urlsplit

import httpx2

from engine.errors import InputError
from engine.wire.headers import SECRET
from pages.ui.engine.place import Address, Place

log = logging.getLogger(__name__)

LOOK_S, LOOK_FOR_LOST_S = 5.0, 1.0
TIMEOUT_S = 5.0


class EngineElsewhere:
    """Looks at an engine that runs by itself.

    Args:
        place: told how it is.
        url: where it is, up to what ``/api`` stands under.
        secret: what it wants to be told, if anything.

    Raises:
        ValueError: the address is none.
    """

    def __init__(self, place: Place, url: str, secret: str = "") -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.netloc:
            raise ValueError(f"FOVEA_ENGINE must be an address such as http://host:8000, not {url}")
        self._place = place
        self._url = url.rstrip("/")
        self._secret = secret
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._look_after, name="engine", daemon=True)

    def start(self) -> None:
        """Begin to look at it."""
        self._place.fails(_away(), passing=True)
        self._thread.start()

    def close(self) -> None:
        """Look no more; it runs on."""
        self._closing.set()
        self._thread.join(TIMEOUT_S)

    def _look_after(self) -> None:
        headers = {SECRET: self._secret} if self._secret else {}
        with httpx2.Client(headers=headers, timeout=TIMEOUT_S, trust_env=False) as client:
            while not self._closing.is_set():
                self._closing.wait(LOOK_S if self._look(client) else LOOK_FOR_LOST_S)

    def _look(self, client: httpx2.Client) -> bool:
        """Whether it answers as an engine does."""
        try:
            answer = client.get(f"{self._url}/api/v1/health").raise_for_status().json()
            started, contract = str(answer["started"]), str(answer["contract"])
        except (httpx2.HTTPError, ValueError, KeyError, TypeError) as error:
            if self._place.address is not None or self._place.is_starting:
                log.error("the engine at %s cannot be reached: %s", self._url, error)
            self._place.fails(_away(), passing=False)
            return False
        self._place.answers(Address(self._url, self._secret, started, contract))
        return True


def _away() -> InputError:
    return InputError("engine_away", status=503)

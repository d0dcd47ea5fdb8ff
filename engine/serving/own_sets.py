"""Learners' own pictures, in memory behind unguessable tokens until a run takes them along.

They are data sets with a class for each picture, or photos with labelled boxes.
"""

import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

from engine.errors import InputError

if TYPE_CHECKING:
    from engine.data.data_set import DataSet
    from engine.data.labelled_pictures import LabelledPictures

    OwnSet = DataSet | LabelledPictures

KEPT_SETS = 16
KEPT_BYTES = 512 * 2**20
KEPT_S = 6 * 3600.0
_TOKEN_BYTES = 16


class OwnSets:
    """A bounded store of data sets; the least recently used go first.

    Args:
        clock: seconds that never run backwards; replaced in tests.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._sets: OrderedDict[str, tuple[float, OwnSet]] = OrderedDict()
        self._clock = clock
        self._lock = threading.Lock()

    def put(self, data: "OwnSet") -> str:
        """Keeps a data set and returns its token.

        Raises:
            InputError: it alone is larger than all that may be kept (413).
        """
        if data.images.nbytes > KEPT_BYTES:
            raise InputError("own_set_too_large", 413, limit=KEPT_BYTES // 2**20)
        token = secrets.token_urlsafe(_TOKEN_BYTES)
        with self._lock:
            self._sets[token] = (self._clock() + KEPT_S, data)
            self._drop()
        return token

    def get(self, token: str) -> "DataSet":
        """The data set behind a token.

        Raises:
            InputError: never known, too old or pushed out (404), or its pictures have boxes.
        """
        from engine.data.data_set import DataSet

        found = self._find(token)
        if not isinstance(found, DataSet):
            raise InputError("own_set_gone", 404)
        return found

    def get_labelled(self, token: str) -> "LabelledPictures":
        """The labelled photos behind a token.

        Raises:
            InputError: never known, too old or pushed out (404), or its pictures have no boxes.
        """
        from engine.data.labelled_pictures import LabelledPictures

        found = self._find(token)
        if not isinstance(found, LabelledPictures):
            raise InputError("own_set_gone", 404)
        return found

    def _find(self, token: str) -> "OwnSet":
        with self._lock:
            self._drop()
            if token not in self._sets:
                raise InputError("own_set_gone", 404)
            self._sets.move_to_end(token)
            return self._sets[token][1]

    def _drop(self) -> None:
        now = self._clock()
        for token in [t for t, (end, _) in self._sets.items() if end <= now]:
            del self._sets[token]
        used = sum(data.images.nbytes for _, data in self._sets.values())
        while len(self._sets) > KEPT_SETS or used > KEPT_BYTES:
            _, (_, oldest) = self._sets.popitem(last=False)
            used -= oldest.images.nbytes


@cache
def own_sets() -> OwnSets:
    """The data sets of this process."""
    return OwnSets()

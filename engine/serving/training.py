"""The trainings of this server: its workers, and the readings that pages ask for again and again.

Imports no torch.
"""

import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from fastapi import Header

from engine.errors import InputError
from engine.runs.curves import CurveReader, Curves
from engine.runs.folder import Run, find_run
from engine.runs.ownership import check_owner, hash_token
from engine.runs.workers import Workers
from engine.train.settings import DETECTORS, SEGMENTERS, RunSettings

if TYPE_CHECKING:
    from engine.data.data_set import DataSet

KEPT_READERS = 128

# What a browser says it is: a secret of its own making, of which runs keep a hash only; after it
# those that others have handed to it by a link.
_TOKENS = r"^[A-Za-z0-9_-]{16,64}(,[A-Za-z0-9_-]{16,64}){0,7}$"
OwnerToken = Annotated[str | None, Header(alias="X-Owner", pattern=_TOKENS)]


@cache
def workers() -> Workers:
    """The workers of this process, on the folder that ``FOVEA_RUNS`` names."""
    return Workers()


@contextmanager
def looked_after() -> Iterator[None]:
    """While inside, queued runs are trained; what is under way at the end goes on by itself."""
    workers().start()
    try:
        yield
    finally:
        workers().close()


def owner_of(token: str | None) -> str:
    """What a run keeps of its owner: whose secret stands first.

    Raises:
        InputError: (401) the browser did not say who it is, so nobody could stop the run.
    """
    if token is None:
        raise InputError("owner_missing", 401)
    return hash_token(token.partition(",")[0])


def own_run(name: str, token: str | None) -> Run:
    """The run of that name, if it belongs to whoever has the token.

    Raises:
        InputError: there is none (404), or it is another's (403).
    """
    run = find_run(name, workers().root)
    check_owner(run, token)
    return run


def check_fits(settings: RunSettings, data: "DataSet | None" = None) -> None:
    """Refuses settings that need more memory than there is, before anything is reserved.

    Args:
        settings: of a run.
        data: what it would learn from, where that is at hand.

    Raises:
        InputError: as said, with the numbers; or network and pictures do not fit.
    """
    from engine.data.known import KNOWN_SETS, KnownSet
    from engine.device import choose_device
    from engine.train.memory import check_memory

    known = KNOWN_SETS.get(settings.data.name)
    if data is not None:
        count, height, width, channels = data.images.shape
        known = KnownSet((channels, height, width), len(data.classes), count)
    if known is None:
        return  # there is no such set: whoever loads it says so
    count = known.count
    if settings.net.name in DETECTORS:
        count = settings.detector.scenes
    elif settings.net.name in SEGMENTERS:
        count = settings.segmenter.mask_scenes
    check_memory(settings, known.input_shape, known.classes, count, choose_device())


class Readers:
    """The last runs looked at, each read on from where it was left."""

    def __init__(self) -> None:
        self._readers: OrderedDict[Path, CurveReader] = OrderedDict()
        self._lock = threading.Lock()

    def curves(self, folder: Path) -> Curves:
        """The curves of the run in a folder, as they are now."""
        with self._lock:
            return self._reader(folder).read()

    def epoch(self, folder: Path, number: int) -> dict | None:
        """What was written at the end of an epoch; None where it has not ended."""
        with self._lock:
            return self._reader(folder).epoch(number)

    def _reader(self, folder: Path) -> CurveReader:
        reader = self._readers.get(folder) or CurveReader(folder)
        self._readers[folder] = reader
        self._readers.move_to_end(folder)
        while len(self._readers) > KEPT_READERS:
            self._readers.popitem(last=False)
        return reader


@cache
def readers() -> Readers:
    """The readers of this process."""
    return Readers()

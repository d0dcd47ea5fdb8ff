"""The trainings of this server: its workers, and the readings that pages ask for again and again.

Imports no torch.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from engine.cache import Cache
from engine.runs.curves import CurveReader, Curves
from engine.runs.folder import Run, find_run
from engine.runs.ownership import check_may_look, check_owner
from engine.runs.workers import Workers
from engine.serving.visitors import Visitor
from engine.train.settings import RunSettings
from engine.trainable.net_settings import DETECTORS, SEGMENTERS

if TYPE_CHECKING:
    from engine.data.data_set import DataSet
    from engine.data.labelled_pictures import LabelledPictures

KEPT_READERS = 128


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


def seen_run(name: str, who: Visitor) -> Run:
    """The run of that name, if whoever asks may look at it: every route reads runs through this.

    Raises:
        InputError: (404) there is none, or it is another's and not shared.
    """
    run = find_run(name, workers().root)
    check_may_look(run, who.proofs)
    return run


def own_run(name: str, who: Visitor) -> Run:
    """The run of that name, if it belongs to whoever asks.

    Raises:
        InputError: there is none to be seen (404), or it is another's (403).
    """
    run = seen_run(name, who)
    check_owner(run, who.proofs)
    return run


def check_fits(settings: RunSettings, data: "DataSet | LabelledPictures | None" = None) -> None:
    """Refuses settings that need more memory than there is, before anything is reserved.

    Args:
        settings: of a run.
        data: what it would learn from, where that is at hand.

    Raises:
        InputError: as said, with the numbers; or network and pictures do not fit.
    """
    import engine.runs.subjects  # noqa: F401  the network may be of any subject
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
    if settings.net.name in DETECTORS and data is None:
        count = settings.detector.scenes
    elif settings.net.name in SEGMENTERS:
        count = settings.segmenter.mask_scenes
    check_memory(settings, known.input_shape, known.classes, count, choose_device())


class Readers:
    """The last runs looked at, each read on from where it was left."""

    def __init__(self) -> None:
        self._readers: Cache[CurveReader] = Cache(KEPT_READERS, size_of=CurveReader.count_bytes)

    def curves(self, folder: Path) -> Curves:
        """The curves of the run in a folder, as they are now."""
        reader = self._reader(folder)
        try:
            return reader.read()
        finally:
            self._readers.put(folder, reader)  # it has grown

    def epoch(self, folder: Path, number: int) -> dict | None:
        """What was written at the end of an epoch; None where it has not ended."""
        return self._reader(folder).epoch(number)

    def _reader(self, folder: Path) -> CurveReader:
        return self._readers.get(folder, lambda: CurveReader(folder))


@cache
def readers() -> Readers:
    """The readers of this process."""
    return Readers()

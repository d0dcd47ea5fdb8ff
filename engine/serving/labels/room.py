"""How much memory label files and photos take together: requests wait for room in one lane.

At most four times its body is held for a request: the body itself, the photos in it, and the answer
twice while it is packed. The lane has room for one of the largest or several small ones; a few wait
for it, each holding its body, and whoever comes then is asked to come again.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from fastapi import UploadFile

from engine.errors import InputError
from engine.pictures.lanes import Lane
from engine.serving.labels.contract import BODY_MB

SHARE = 4
MOST_WAITING = 3
_lane = Lane(SHARE * BODY_MB * 2**20)


@contextmanager
def room_for(files: Sequence[UploadFile]) -> Iterator[None]:
    """Waits until there is room for what becomes of these files, and holds it.

    Raises:
        InputError: (503) too many wait already.
    """
    if _lane.waiting >= MOST_WAITING:
        raise InputError("uploads_full", status=503)
    with _lane.hold(SHARE * sum(file.size or 0 for file in files)):
        yield

"""The thumbnails of Home's path: a few at a time, as fast as they come, and kept.

Nothing is drawn: each is a computation of its page (:mod:`engine.serving.thumbnail`). One request
takes :data:`BATCH_S` and what the last one that it began takes beyond; what is a job stays one.
"""

import inspect
import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pkgutil import iter_modules
from time import monotonic
from weakref import WeakKeyDictionary

from engine import serving
from engine.cache import Cache
from engine.errors import InputError
from engine.pictures import Picture
from engine.progress import Progress
from engine.serving.thumbnail import Thumbnail

log = logging.getLogger(__name__)

BATCH_S = 0.3
KEPT = 64  # of one picture, or of no picture's
Draw = Callable[..., Thumbnail | Progress]


@dataclass(frozen=True)
class Drawn:
    """Thumbnails by their pages' names, in the order asked for.

    Attributes:
        found: those that are there.
        unfinished: those to ask for again.
        none: pages that have none, or none of this picture.
        on_picture: those of all these that show the learner's picture.
    """

    found: dict[str, Thumbnail] = field(default_factory=dict)
    unfinished: list[str] = field(default_factory=list)
    none: list[str] = field(default_factory=list)
    on_picture: list[str] = field(default_factory=list)


@cache
def pages_with_thumbnails() -> frozenset[str]:
    """The names of the pages whose folder has one."""
    folders = [each.name for each in iter_modules(serving.__path__) if each.ispkg]
    return frozenset(
        name for name in folders if find_spec(f"{serving.__name__}.{name}.thumbnail") is not None
    )


def draw_thumbnails(picture: Picture, pages: Sequence[str]) -> Drawn:
    """The thumbnails of some pages, as many as are there within :data:`BATCH_S`."""
    until, drawn = monotonic() + BATCH_S, Drawn()
    for page in dict.fromkeys(pages):
        if page not in pages_with_thumbnails():
            drawn.none.append(page)
            continue
        draw, is_of_picture = _find(page)
        if is_of_picture:
            drawn.on_picture.append(page)
        kept = _kept_of(picture) if is_of_picture else _own
        found = kept.peek(page)
        if found is None and monotonic() < until:
            found = _try(page, lambda draw=draw, of=is_of_picture: draw(picture) if of else draw())
            if isinstance(found, _Kept):
                kept.put(page, found)
        if not isinstance(found, _Kept):
            drawn.unfinished.append(page)
        elif found.thumbnail is None:
            drawn.none.append(page)
        else:
            drawn.found[page] = found.thumbnail
    return drawn


@dataclass(frozen=True, eq=False)
class _Kept:
    thumbnail: Thumbnail | None


def _try(page: str, draw: Callable[[], Thumbnail | Progress]) -> _Kept | None:
    """None where it is still to come. One that cannot be drawn leaves the others alone."""
    try:
        found = draw()
    except InputError:
        return _Kept(None)  # too small a picture, weights that are not on this machine
    except Exception:
        log.exception("the thumbnail of %s cannot be drawn", page)
        return _Kept(None)
    return None if isinstance(found, Progress) else _Kept(found)


@cache
def _find(page: str) -> tuple[Draw, bool]:
    """What draws a page's thumbnail, and whether it looks at the learner's picture."""
    draw = import_module(f"{serving.__name__}.{page}.thumbnail").thumbnail
    return draw, bool(inspect.signature(draw).parameters)


_own: Cache[_Kept] = Cache(KEPT)
# By picture, so that what was made of a picture is forgotten with it.
_of_pictures: WeakKeyDictionary[Picture, Cache[_Kept]] = WeakKeyDictionary()
_lock = threading.Lock()


def _kept_of(picture: Picture) -> Cache[_Kept]:
    with _lock:
        return _of_pictures.setdefault(picture, Cache(KEPT))

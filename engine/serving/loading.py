"""Loads what most requests need, once, in one thread, while the others are answered.

torch, torchvision and Captum take seconds to import, and two threads that import them at once may
see them half made. So one thread does, and a route that needs them says "starting", with how far it
is, until they are there; pictures and contracts are answered meanwhile.
"""

import gc
import logging
import threading
import time
from collections.abc import Awaitable, Callable
from functools import cache, partial
from importlib import import_module

import anyio.to_thread
from fastapi import Request

from engine.errors import InputError
from engine.progress import Progress

log = logging.getLogger(__name__)

NEEDED = ("torch", "torchvision", "captum.attr")  # what everything rests on first
LATER = ("sklearn.svm",)
WAIT_S = 0.15  # of a stage's question, which is asked again
PATIENCE_S = 60.0  # of anything that is sent once
_TICK_S = 0.02


class StillLoading(Exception):
    """The answer needs what has not been loaded yet."""

    def __init__(self, progress: Progress[None]) -> None:
        super().__init__(f"{progress.done} of {progress.total}")
        self.progress = progress


class Loading:
    """The imports of this process, and how far they are.

    Args:
        load: imports one module by its name; replaced in tests.
    """

    def __init__(self, load: Callable[[str], object] = import_module) -> None:
        self._load = load
        self._done = 0
        self._ready = threading.Event()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    @property
    def ready(self) -> bool:
        """Whether everything that routes rest on is there."""
        return self._ready.is_set()

    @property
    def begun(self) -> bool:
        """Whether a thread is at it, or was."""
        return self._thread is not None

    @property
    def progress(self) -> Progress[None]:
        """How many of the imports are done."""
        return Progress(self._done, len(NEEDED))

    def start(self, then: Callable[[], None] | None = None) -> threading.Thread:
        """Begins in the background; ``then`` is called when all is there."""
        thread = threading.Thread(target=self._run, args=(then,), name="loading", daemon=True)
        self._thread = thread
        thread.start()
        return thread

    def load(self) -> None:
        """Loads now, or returns when another thread has."""
        with self._lock:
            for name in NEEDED[self._done :]:
                try:
                    self._load(name)
                except ImportError:
                    log.exception("%s cannot be imported", name)  # the routes will say what is not
                self._done += 1
        self._ready.set()

    def _run(self, then: Callable[[], None] | None) -> None:
        self.load()
        if then is not None:
            then()


@cache
def loading() -> Loading:
    """The imports of this process."""
    return Loading()


def start_loading() -> threading.Thread:
    """Load everything in the background, the default network last; returns the thread."""
    import_module("cv2")  # quick, needed by thumbnails, and not safe to import in two threads
    return loading().start(_look_at_a_picture)


async def loaded(request: Request) -> None:
    """A route's dependency: what it needs has been loaded.

    Raises:
        StillLoading: a question that can be asked again came too early.
        InputError: (503) something sent once has waited for a minute.
    """
    here = loading()
    if here.ready:
        return
    if not here.begun:  # in a test, or with a server that runs no lifespan
        await anyio.to_thread.run_sync(here.load)
        return
    again = request.method == "GET"
    if await _happens(lambda: here.ready, WAIT_S if again else PATIENCE_S):
        return
    if again:
        raise StillLoading(here.progress)
    raise InputError("engine_starting", status=503)


async def _happens(condition: Callable[[], bool], within_s: float) -> bool:
    sleep: Callable[[], Awaitable[None]] = partial(anyio.sleep, _TICK_S)
    deadline = time.monotonic() + within_s
    while not condition() and time.monotonic() < deadline:
        await sleep()
    return condition()


def _look_at_a_picture() -> None:
    """Load the default network and classify with it, so that the first request finds it warm."""
    from engine.pictures import sample
    from engine.serving.classify.compute import classify_picture
    from engine.serving.readings import read_picture

    try:
        classify_picture(sample("chelsea").pixels, "mobilenet_v2")
        read_picture(sample("chelsea"), "mobilenet_v2")
        for name in LATER:
            import_module(name)
    except InputError as error:
        log.warning("the default network is not at hand: %s", error)
    finally:
        _settle_memory()


def _settle_memory() -> None:
    """Leave what has been imported out of every later garbage collection.

    torch and its companions bring about a million objects that live as long as the process; walking
    them takes a third of a second, in which nobody is answered.
    """
    gc.collect()
    gc.freeze()

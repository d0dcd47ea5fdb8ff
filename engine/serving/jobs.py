"""Computations of seconds, run beside the requests that ask for them.

A request that needs a slow result starts a job, or joins the one that runs already, and is told how
far it is (HTTP 202) until the result is there. A job that nobody asks for any more stops by itself:
closing the page or choosing something else is all it takes to cancel.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from functools import cache
from time import monotonic
from typing import Any

from engine.progress import Progress

KEPT_RESULTS = 32
ABANDONED_AFTER_S = 3.0

Work = Callable[[], Iterator[Progress[Any]]]


class _Job:
    def __init__(self, work: Work, clock: Callable[[], float]) -> None:
        self.work = work
        self.clock = clock
        self.asked = clock()
        self.progress: Progress[Any] = Progress(0, 1)
        self.ended = threading.Event()
        self.error: BaseException | None = None
        self.abandoned = False

    def run(self) -> None:
        try:
            for step in self.work():
                self.progress = step
                if self.clock() - self.asked > ABANDONED_AFTER_S:
                    self.abandoned = step.result is None
                    break
        except BaseException as error:
            self.error = error
        finally:
            self.ended.set()


class Jobs:
    """Jobs by key: the same key is computed once and kept among the last results.

    Args:
        clock: seconds that only go forward; replaced in tests.
    """

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._jobs: OrderedDict[Hashable, _Job] = OrderedDict()
        self._lock = threading.Lock()

    def ask(self, key: Hashable, work: Work, wait_s: float = 0.15) -> Any:
        """The result for ``key``, or a :class:`Progress` after at most ``wait_s``.

        Args:
            key: names the computation; everything that it depends on belongs in it.
            work: yields :class:`Progress`, the last with the result.

        Raises:
            Whatever ``work`` raised; the next request starts anew.
        """
        with self._lock:
            job = self._jobs.get(key)
            if job is None or job.abandoned:
                job = self._start(key, work)
            job.asked = self._clock()
            self._jobs.move_to_end(key)
        if not job.ended.wait(wait_s):
            return job.progress
        if job.abandoned:
            return job.progress
        if job.error is not None:
            with self._lock:
                self._jobs.pop(key, None)
            raise job.error
        return job.progress.result

    def _start(self, key: Hashable, work: Work) -> _Job:
        job = self._jobs[key] = _Job(work, self._clock)
        threading.Thread(target=job.run, name="fovea-job", daemon=True).start()
        ended = [k for k, j in self._jobs.items() if j.ended.is_set()]
        for old in ended[: max(0, len(ended) - KEPT_RESULTS)]:
            del self._jobs[old]
        return job


@cache
def jobs() -> Jobs:
    """The jobs of this process."""
    return Jobs()

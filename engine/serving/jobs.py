"""Computations of seconds, run beside the requests that ask for them.

A request that needs a slow result starts a job, or joins the one that runs already, and is told how
far it is (HTTP 202) until the result is there. A job that nobody asks for any more stops by itself:
closing the page or choosing something else is all it takes to cancel.

Jobs are bounded in number, for each visitor and in memory together: so many run, so many wait, the
visitor with the fewest running comes next, and none begins beside another that would lift the
engine above its ceiling (:func:`engine.memory.ceiling_bytes`). Whoever comes when all is full is
told that nothing is done yet, and asks again, as everybody does. Imports no torch.
"""

import os
import threading
from collections import Counter
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass, field
from functools import cache
from time import monotonic, sleep
from typing import Any, TypeVar

from engine.cache import Cache, shared_budget
from engine.errors import InputError
from engine.memory import MIB, ceiling_bytes, give_back, taken_bytes
from engine.progress import Progress
from engine.serving.visitors import Asking, asking

KEPT_RESULTS = 64
ABANDONED_AFTER_S = 3.0
RUNNING = min(8, max(2, os.cpu_count() or 1))  # at once; each has the cores that torch gives it
WAITING = 48  # of all visitors together
ELSEWHERE = 4  # that wait for a network or another process, and take no core
PER_VISITOR, PER_ADDRESS = 6, 32  # running or waiting; a class of sixty may share an address
A_JOB_TAKES = 400 * MIB  # integrated gradients of MobileNetV2, measured
_STALE_AFTER_S = 0.5  # one not asked for since may give way to its visitor's next
_IDLE_S = 60.0
PATIENCE_S = 120.0  # of a request that waits for a job
_NOT_LET_IN_S = 0.1  # until a job that found no room is asked for again
_MOST_FAILED = 64

Work = Callable[[], Iterator[Progress[Any]]]
T = TypeVar("T")


@dataclass(eq=False)
class _Job:
    key: Hashable
    work: Work
    asker: Asking
    is_elsewhere: bool
    asked: float
    progress: Progress[Any] = field(default_factory=lambda: Progress(0, 1))
    ended: threading.Event = field(default_factory=threading.Event)
    error: BaseException | None = None
    is_running: bool = False
    is_dropped: bool = False
    is_abandoned: bool = False

    def run(self, clock: Callable[[], float]) -> None:
        try:
            for step in self.work():
                self.progress = step
                if self.is_dropped or clock() - self.asked > ABANDONED_AFTER_S:
                    self.is_abandoned = step.result is None
                    break
        except BaseException as error:
            self.error = error


class Jobs:
    """Jobs by key: the same key is computed once and kept among the last results.

    Args:
        clock: seconds that only go forward; replaced in tests.
        running: how many run at once.
        memory: says whether one more may begin beside those that run.
    """

    def __init__(
        self,
        clock: Callable[[], float] = monotonic,
        running: int = RUNNING,
        memory: Callable[[], bool] | None = None,
    ) -> None:
        self._clock, self._most_running = clock, running
        self._has_room = memory or _has_room
        self._jobs: dict[Hashable, _Job] = {}  # waiting and running, in the order they came
        self._results: Cache[tuple[Any]] = Cache(KEPT_RESULTS)
        self._failed: dict[Hashable, BaseException] = {}  # until somebody asks, in their order
        self._changed = threading.Condition()
        self._threads = 0

    def ask(
        self, key: Hashable, work: Work, wait_s: float = 0.15, is_elsewhere: bool = False
    ) -> Any:
        """The result for ``key``, or a :class:`Progress` after at most ``wait_s``.

        Args:
            key: names the computation; everything that it depends on belongs in it.
            work: yields :class:`Progress`, the last with the result.
            is_elsewhere: whether the work only waits, for a download or another process.

        Raises:
            Whatever ``work`` raised; the next request starts anew.
        """
        kept = self._results.peek(key)
        if kept is not None:
            return kept[0]
        with self._changed:
            if key in self._failed:
                raise self._failed.pop(key)
            job = self._jobs.get(key)
            if job is None:
                job = self._admit(_Job(key, work, asking.get(), is_elsewhere, self._clock()))
            if job is None:
                return Progress(0, 1)
            job.asked, job.is_dropped = self._clock(), False
        if not job.ended.wait(wait_s) or job.is_abandoned:
            return job.progress
        if job.error is not None:
            with self._changed:
                self._failed.pop(key, None)
            raise job.error
        return job.progress.result

    def counts(self) -> tuple[int, int]:
        """How many run, and how many wait."""
        with self._changed:
            running = sum(job.is_running for job in self._jobs.values())
            return running, len(self._jobs) - running

    def _admit(self, job: _Job) -> _Job | None:
        """Takes a job in; None where there is no room now."""
        every = list(self._jobs.values())
        self._make_way(job, [each for each in every if each.asker == job.asker])
        mine = sum(each.asker == job.asker and not each.is_dropped for each in every)
        if mine >= (PER_VISITOR if job.asker.is_vouched else PER_ADDRESS):
            return None
        if job.is_elsewhere:
            if sum(each.is_elsewhere for each in every) >= ELSEWHERE:
                return None
            job.is_running = True
            self._jobs[job.key] = job
            wait = threading.Thread(
                target=self._finish, args=(job,), name="fovea-wait", daemon=True
            )
            wait.start()
            return job
        if sum(not each.is_running for each in every) >= WAITING:
            return None
        self._jobs[job.key] = job
        if self._threads < self._most_running:
            self._threads += 1
            threading.Thread(target=self._serve, name="fovea-job", daemon=True).start()
        self._changed.notify()
        return job

    def _make_way(self, job: _Job, mine: list[_Job]) -> None:
        """What a visitor has turned away from gives way at once to what it wants now."""
        most = PER_VISITOR if job.asker.is_vouched else PER_ADDRESS
        stale = [each for each in mine if job.asked - each.asked > _STALE_AFTER_S]
        for each in sorted(stale, key=lambda one: one.asked)[: max(0, len(mine) + 1 - most)]:
            each.is_dropped = True
            if not each.is_running:
                self._forget(each)

    def _serve(self) -> None:
        while (job := self._next()) is not None:
            self._finish(job)

    def _next(self) -> _Job | None:
        """The job to run now; None once there has been none for a while: the thread ends."""
        with self._changed:
            idle_until = monotonic() + _IDLE_S
            while True:
                job = self._pick()
                if job is not None:
                    job.is_running = True
                    return job
                left = idle_until - monotonic()
                if left <= 0 and not any(not each.is_running for each in self._jobs.values()):
                    self._threads -= 1
                    return None
                self._changed.wait(min(max(left, 0.05), 0.5))

    def _pick(self) -> _Job | None:
        """Of the visitor with the fewest running, the one that came first."""
        now = self._clock()
        for each in list(self._jobs.values()):
            if not each.is_running and now - each.asked > ABANDONED_AFTER_S:
                self._forget(each)
        waiting = [each for each in self._jobs.values() if not each.is_running]
        at_work = [e for e in self._jobs.values() if e.is_running and not e.is_elsewhere]
        if not waiting or (at_work and not self._has_room()):
            return None
        running = Counter(each.asker for each in at_work)
        return min(waiting, key=lambda each: running[each.asker])

    def _forget(self, job: _Job) -> None:
        """A job that never ran ends abandoned."""
        self._jobs.pop(job.key, None)
        job.is_abandoned = True
        job.ended.set()

    def _finish(self, job: _Job) -> None:
        """Runs a job; what it gave is kept before it counts as ended."""
        _here.is_job = True
        job.run(self._clock)
        if job.error is None and not job.is_abandoned:
            self._results.put(job.key, (job.progress.result,))
        with self._changed:
            if self._jobs.get(job.key) is job:
                del self._jobs[job.key]
            if job.error is not None:
                self._failed[job.key] = job.error
                while len(self._failed) > _MOST_FAILED:
                    del self._failed[next(iter(self._failed))]
            self._changed.notify()
        job.ended.set()
        if not job.is_elsewhere:
            _settle()


_here = threading.local()


def in_job() -> bool:
    """Whether this thread runs a job."""
    return getattr(_here, "is_job", False)


def _has_room() -> bool:
    return taken_bytes() + A_JOB_TAKES <= ceiling_bytes()


def _settle() -> None:
    """Gives back what a job worked in; above the ceiling the caches give half of theirs too."""
    give_back()
    if taken_bytes() > ceiling_bytes():
        shared_budget().shrink_to(shared_budget().held_bytes // 2)
        give_back()


def wait_for(ask: Callable[[float], T | Progress[Any]], most_s: float = PATIENCE_S) -> T:
    """What a job gives, for a request that has to wait for it, as one for a file has.

    Args:
        ask: as a request asks for it, with how long it may wait at once.
        most_s: how long to ask in all.

    Raises:
        InputError: (503) it took longer, or it was not let in beside what else is asked for.
    """
    until = monotonic() + most_s
    while True:
        begun, look_s = monotonic(), ABANDONED_AFTER_S / 3
        found = ask(look_s)
        if not isinstance(found, Progress):
            return found
        if monotonic() >= until:
            raise InputError("answer_too_late", status=503)
        sleep(max(0.0, min(look_s, _NOT_LET_IN_S) - (monotonic() - begun)))


@cache
def jobs() -> Jobs:
    """The jobs of this process."""
    return Jobs()

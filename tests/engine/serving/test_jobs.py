"""Jobs: computed once, told how far they are, stopped when nobody asks any more."""

import threading
from collections.abc import Iterator

import pytest

from engine.progress import Progress
from engine.serving.jobs import ABANDONED_AFTER_S, KEPT_RESULTS, Jobs


class Counted:
    """Work in three parts that waits at a gate before each."""

    def __init__(self) -> None:
        self.gate = threading.Semaphore(0)
        self.started = 0
        self.closed = threading.Event()

    def __call__(self) -> Iterator[Progress[str]]:
        self.started += 1
        try:
            for done in range(3):
                assert self.gate.acquire(timeout=10)
                yield Progress(done + 1, 3, "result" if done == 2 else None)
        finally:
            self.closed.set()


def ask_until_ended(jobs: Jobs, key: str, work: Counted) -> object:
    answer: object = Progress(0, 3)
    while isinstance(answer, Progress):
        answer = jobs.ask(key, work, wait_s=0.01)
    return answer


def test_progress_then_the_result_and_no_second_computation() -> None:
    jobs, work = Jobs(), Counted()
    assert jobs.ask("a", work, wait_s=0) == Progress(0, 1)
    work.gate.release(3)
    assert ask_until_ended(jobs, "a", work) == "result"
    assert jobs.ask("a", work) == "result"
    assert work.started == 1


def test_a_job_that_nobody_asks_for_stops_and_can_be_started_again() -> None:
    now = 0.0
    jobs, work = Jobs(clock=lambda: now), Counted()
    jobs.ask("a", work, wait_s=0)
    now = ABANDONED_AFTER_S + 1
    work.gate.release(1)
    assert work.closed.wait(10)
    work.gate.release(3)
    assert ask_until_ended(jobs, "a", work) == "result"
    assert work.started == 2


def test_a_fault_is_raised_and_not_kept() -> None:
    def fail() -> Iterator[Progress[None]]:
        yield Progress(0, 1)
        raise ZeroDivisionError

    jobs, work = Jobs(), Counted()
    with pytest.raises(ZeroDivisionError):
        jobs.ask("a", fail, wait_s=10)
    work.gate.release(3)
    assert ask_until_ended(jobs, "a", work) == "result"


def test_only_the_last_results_are_kept() -> None:
    jobs, first = Jobs(), Counted()
    first.gate.release(6)
    assert ask_until_ended(jobs, "first", first) == "result"
    for n in range(KEPT_RESULTS + 1):
        work = Counted()
        work.gate.release(3)
        ask_until_ended(jobs, f"{n}", work)
    ask_until_ended(jobs, "first", first)
    assert first.started == 2

"""Jobs: computed once, told how far they are, stopped when nobody asks, bounded in every way."""

import threading
import time
from collections.abc import Iterator

import pytest

from engine.errors import InputError
from engine.progress import Progress
from engine.serving.jobs import (
    ABANDONED_AFTER_S,
    ELSEWHERE,
    KEPT_RESULTS,
    PER_ADDRESS,
    PER_VISITOR,
    WAITING,
    Jobs,
    wait_for,
)
from engine.serving.visitors import Asking, asking


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


def ask_until_ended(jobs: Jobs, key: object, work: Counted) -> object:
    answer: object = Progress(0, 3)
    while isinstance(answer, Progress):
        answer = jobs.ask(key, work, wait_s=0.01)
    return answer


def wait_for_counts(jobs: Jobs, *wanted: int) -> None:
    """Until as many run and wait as that."""
    end = time.monotonic() + 10
    while jobs.counts() != wanted:
        assert time.monotonic() < end, jobs.counts()
        time.sleep(0.005)


@pytest.fixture
def as_visitor(monkeypatch: pytest.MonkeyPatch):
    """Asks as a visitor by name, vouched for or not."""

    def become(name: str, is_vouched: bool = True) -> None:
        asking.set(Asking(name, is_vouched))

    yield become
    asking.set(Asking())


def test_progress_then_the_result_and_no_second_computation() -> None:
    jobs, work = Jobs(), Counted()
    assert jobs.ask("a", work, wait_s=0) == Progress(0, 1)
    work.gate.release(3)
    assert ask_until_ended(jobs, "a", work) == "result"
    assert jobs.ask("a", work) == "result"
    assert work.started == 1


def test_above_the_ceiling_a_result_is_still_there_for_who_asks_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settled = threading.Semaphore(0)
    monkeypatch.setattr("engine.serving.jobs.ceiling_bytes", lambda: 0)
    monkeypatch.setattr("engine.serving.jobs.give_back", settled.release)
    jobs, work = Jobs(clock=lambda: 0.0), Counted()
    work.gate.release(6)
    assert jobs.ask("a", work, wait_s=10) == "result"
    assert settled.acquire(timeout=10)
    assert settled.acquire(timeout=10)  # once more after the caches gave
    assert jobs.ask("a", work, wait_s=10) == "result"
    assert work.started == 1


def test_a_job_that_nobody_asks_for_stops_and_can_be_started_again() -> None:
    now = 0.0
    jobs, work = Jobs(clock=lambda: now), Counted()
    jobs.ask("a", work, wait_s=0)
    wait_for_counts(jobs, 1, 0)
    now = ABANDONED_AFTER_S + 1
    work.gate.release(1)
    assert work.closed.wait(10)
    wait_for_counts(jobs, 0, 0)
    work.gate.release(3)
    assert ask_until_ended(jobs, "a", work) == "result"
    assert work.started == 2


def test_a_fault_is_raised_even_if_nobody_was_waiting_just_then_and_not_kept() -> None:
    def fail() -> Iterator[Progress[None]]:
        yield Progress(0, 1)
        raise ZeroDivisionError

    jobs, work = Jobs(), Counted()
    with pytest.raises(ZeroDivisionError):
        jobs.ask("a", fail, wait_s=10)
    jobs.ask("b", fail, wait_s=0)
    wait_for_counts(jobs, 0, 0)
    with pytest.raises(ZeroDivisionError):
        jobs.ask("b", work, wait_s=10)
    work.gate.release(6)
    assert ask_until_ended(jobs, "a", work) == "result"
    assert ask_until_ended(jobs, "b", work) == "result"


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


def test_so_many_run_and_the_others_wait_their_turn() -> None:
    jobs, works = Jobs(clock=lambda: 0.0, running=2), [Counted() for _ in range(5)]
    for key, work in enumerate(works):
        jobs.ask(key, work, wait_s=0)
    wait_for_counts(jobs, 2, 3)
    assert sum(work.started for work in works) == 2
    for work in works:
        work.gate.release(3)
    for key, work in enumerate(works):
        assert ask_until_ended(jobs, key, work) == "result"
        assert work.started == 1


def test_the_visitor_with_the_fewest_running_comes_next(as_visitor) -> None:
    jobs = Jobs(clock=lambda: 0.0, running=2)
    works = {name: Counted() for name in ("a1", "a2", "a3", "b1")}
    for name, work in works.items():
        as_visitor(name[0])
        jobs.ask(name, work, wait_s=0)
        if name == "a2":
            wait_for_counts(jobs, 2, 0)
    works["a1"].gate.release(3)
    assert works["a1"].closed.wait(10)
    wait_for_counts(jobs, 2, 1)
    end = time.monotonic() + 10
    while not works["b1"].started and time.monotonic() < end:
        time.sleep(0.005)
    assert [work.started for work in works.values()] == [1, 1, 0, 1]  # b's first, not a's third
    for work in works.values():
        work.gate.release(3)


def test_a_visitor_has_so_many_and_what_it_turned_away_from_gives_way(as_visitor) -> None:
    now = 0.0
    jobs = Jobs(clock=lambda: now, running=1)
    as_visitor("me")
    works = [Counted() for _ in range(PER_VISITOR + 2)]
    for key, work in enumerate(works[:-1]):
        jobs.ask(key, work, wait_s=0)
    wait_for_counts(jobs, 1, PER_VISITOR - 1)  # one more was told to ask again, and is not queued
    as_visitor("you")
    other = Counted()
    jobs.ask("other", other, wait_s=0)
    wait_for_counts(jobs, 1, PER_VISITOR)
    as_visitor("me")
    now = 1.0
    for key in range(1, PER_VISITOR):
        jobs.ask(key, works[key], wait_s=0)  # all but the first are still wanted
    jobs.ask("newest", works[-1], wait_s=0)
    works[0].gate.release(1)
    assert works[0].closed.wait(10)  # it stopped at its next step
    for work in (*works, other):
        work.gate.release(3)
    assert ask_until_ended(jobs, "newest", works[-1]) == "result"


def test_an_address_may_be_many_visitors_and_all_together_have_an_end(as_visitor) -> None:
    jobs, gate = Jobs(clock=lambda: 0.0, running=1), Counted()
    as_visitor("school", is_vouched=False)
    for key in range(PER_ADDRESS + 5):
        jobs.ask(key, gate, wait_s=0)
    wait_for_counts(jobs, 1, PER_ADDRESS - 1)
    for key in range(WAITING):
        as_visitor(f"visitor {key}")
        jobs.ask(("other", key), gate, wait_s=0)
    wait_for_counts(jobs, 1, WAITING)
    gate.gate.release(3 * (WAITING + 1))


def test_none_begins_beside_another_without_memory_for_both() -> None:
    free = threading.Event()
    jobs = Jobs(clock=lambda: 0.0, running=2, memory=free.is_set)
    first, second = Counted(), Counted()
    jobs.ask("a", first, wait_s=0)
    wait_for_counts(jobs, 1, 0)  # one always may
    jobs.ask("b", second, wait_s=0)
    time.sleep(0.1)
    assert jobs.counts() == (1, 1)
    free.set()
    wait_for_counts(jobs, 2, 0)
    for work in (first, second):
        work.gate.release(3)


def test_what_waits_elsewhere_takes_no_turn_and_is_bounded_too() -> None:
    jobs, waiting, work = Jobs(clock=lambda: 0.0, running=1), Counted(), Counted()
    for key in range(ELSEWHERE + 2):
        jobs.ask(("download", key), waiting, wait_s=0, is_elsewhere=True)
    assert jobs.counts() == (ELSEWHERE, 0)
    work.gate.release(3)
    assert ask_until_ended(jobs, "a", work) == "result"
    waiting.gate.release(3 * ELSEWHERE)
    wait_for_counts(jobs, 0, 0)


def test_thirty_at_once_take_the_memory_of_a_few() -> None:
    """As thirty quick GETs do: each job holds 20 MiB while it works."""
    jobs, at_once, most, lock = Jobs(running=2), 0, 0, threading.Lock()

    def hold() -> Iterator[Progress[int]]:
        nonlocal at_once, most
        with lock:
            at_once += 1
            most = max(most, at_once)
        held = bytearray(20 * 2**20)
        yield Progress(1, 2)
        time.sleep(0.01)
        with lock:
            at_once -= 1
        yield Progress(2, 2, len(held))

    threads = [
        threading.Thread(target=ask_until_ended, args=(jobs, key, hold)) for key in range(30)
    ]
    for each in threads:
        each.start()
    for each in threads:
        each.join(30)
    assert not any(each.is_alive() for each in threads)
    assert most == 2


def test_who_waits_is_given_the_result() -> None:
    answers = iter([Progress(0, 1), Progress(0, 1), "there"])
    waited: list[float] = []

    def ask(wait_s: float) -> object:
        waited.append(wait_s)
        return next(answers)

    assert wait_for(ask) == "there"
    assert all(0 < each < ABANDONED_AFTER_S for each in waited), "else it would be given up"


def test_who_is_never_let_in_does_not_spin_and_is_told_in_the_end() -> None:
    asked = 0

    def ask(wait_s: float) -> Progress[str]:
        nonlocal asked
        asked += 1
        return Progress(0, 1)  # at once: there is no room

    with pytest.raises(InputError, match="not ready in time") as told:
        wait_for(ask, most_s=0.35)
    assert told.value.status == 503
    assert asked <= 6

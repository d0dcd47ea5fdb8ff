"""Batches: everyone gets the own answer, batches stay below the cap, faults reach the asker."""

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from engine.serving.batching import Batcher


def test_concurrent_requests_share_batches_and_get_their_own_answers() -> None:
    sizes: list[int] = []
    first_may_end = threading.Event()

    def square(items: Sequence[int]) -> list[int]:
        sizes.append(len(items))
        first_may_end.wait(120)
        return [item * item for item in items]

    ask = Batcher(square, max_batch=4)
    with ThreadPoolExecutor(16) as pool:
        answers = [pool.submit(ask, n) for n in range(16)]
        first_may_end.set()
        assert [answer.result(120) for answer in answers] == [n * n for n in range(16)]
    assert sum(sizes) == 16
    assert max(sizes) <= 4


def test_what_waits_while_a_batch_runs_is_answered_together() -> None:
    sizes: list[int] = []
    begun, may_end = threading.Event(), threading.Event()

    def run(items: Sequence[int]) -> list[int]:
        sizes.append(len(items))
        begun.set()
        may_end.wait(120)
        return list(items)

    ask = Batcher(run, max_batch=8)
    with ThreadPoolExecutor(6) as pool:
        first = pool.submit(ask, 0)
        assert begun.wait(120)
        rest = [pool.submit(ask, n) for n in range(1, 6)]
        while ask._waiting.qsize() < 5:
            pass
        may_end.set()
        assert [first.result(120), *(r.result(120) for r in rest)] == list(range(6))
    assert sizes == [1, 5]


def test_a_fault_reaches_whoever_asked_and_the_next_request_is_answered() -> None:
    def invert(items: Sequence[int]) -> list[float]:
        return [1 / item for item in items]

    ask = Batcher(invert, max_batch=4)
    with pytest.raises(ZeroDivisionError):
        ask(0)
    assert ask(4) == 0.25

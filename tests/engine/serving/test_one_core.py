"""Small computations on one core: there, nowhere else, and held up by nobody."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import torch

from engine.progress import Progress
from engine.serving import one_core
from engine.serving.jobs import Jobs
from engine.serving.one_core import on_one_core


def test_one_core_there_and_as_many_as_before_elsewhere() -> None:
    before = torch.get_num_threads()
    assert on_one_core(torch.get_num_threads) == 1
    assert torch.get_num_threads() == before
    with ThreadPoolExecutor(1) as fresh:
        assert fresh.submit(torch.get_num_threads).result() == before
    assert on_one_core(torch.get_num_threads) == 1


def test_arguments_go_in_and_results_and_errors_come_out() -> None:
    weight, picture = torch.rand(2, 1, 3, 3), torch.rand(1, 1, 5, 5)
    result = on_one_core(torch.conv2d, picture, weight, stride=2)
    torch.testing.assert_close(result, torch.conv2d(picture, weight, stride=2))
    with pytest.raises(ZeroDivisionError):
        on_one_core(divmod, 1, 0)


def test_a_long_computation_holds_nobody_up() -> None:
    go_on, begun = threading.Event(), threading.Event()

    def long() -> bool:
        begun.set()
        return go_on.wait(120)

    with ThreadPoolExecutor(4) as pool:
        held = [pool.submit(on_one_core, long) for _ in range(4)]
        assert begun.wait(120)
        start = time.monotonic()
        assert on_one_core(torch.get_num_threads) == 1
        assert time.monotonic() - start < 60  # a busy machine; 120 s would be the fault
        go_on.set()
        assert all(each.result() for each in held)


def test_small_ones_go_one_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(one_core, "TURN_S", 120.0)  # a busy machine makes none of them long
    at_once, most = 0, 0

    def count() -> None:
        nonlocal at_once, most
        at_once += 1
        most = max(most, at_once)
        time.sleep(0.001)
        at_once -= 1

    with ThreadPoolExecutor(8) as pool:
        for each in [pool.submit(on_one_core, count) for _ in range(16)]:
            each.result()
    assert most == 1


def test_within_one_it_goes_on_in_the_same_place() -> None:
    def outer() -> tuple[str, str]:
        return threading.current_thread().name, on_one_core(lambda: threading.current_thread().name)

    here, inside = on_one_core(outer)
    assert here == inside


def test_jobs_do_not_take_the_turn() -> None:
    jobs, go_on, begun = Jobs(running=1), threading.Event(), threading.Event()

    def work():
        def hold() -> bool:
            begun.set()
            return go_on.wait(120)

        yield Progress(1, 1, on_one_core(hold))

    jobs.ask("long", work, wait_s=0)
    assert begun.wait(120)
    with ThreadPoolExecutor(1) as pool:
        turn = pool.submit(on_one_core, time.monotonic)
        turn.result(timeout=120)
    go_on.set()
    assert jobs.ask("long", work, wait_s=120) is True

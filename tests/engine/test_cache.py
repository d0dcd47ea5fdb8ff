"""The one cache: what is kept, what goes first, and one budget for all caches together."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import pytest
import torch
from torch import nn

from engine.cache import Budget, Cache, measure_bytes, shared_budget
from engine.memory import cache_bytes


def always(text: str) -> Callable[[], str]:
    return lambda: text


def texts(most: int, most_bytes: int) -> Cache[str]:
    """A cache of texts that counts a letter as a byte, with a budget of its own."""
    return Cache(most, Budget(most_bytes), len)


def test_a_result_is_made_once_while_it_is_kept():
    kept, made = texts(2, 100), []

    def make(text: str) -> str:
        made.append(text)
        return text

    for key in ("a", "b", "a", "c", "a", "b"):
        assert kept.get(key, lambda key=key: make(key)) == key
    assert made == ["a", "b", "c", "b"]  # "b" was asked for longest ago when "c" came


@pytest.mark.parametrize(("most_bytes", "again"), [(10, False), (9, True)])
def test_size_bounds_what_is_kept(most_bytes: int, again: bool):
    kept = texts(8, most_bytes)
    kept.get(1, always("x" * 6))
    kept.get(2, always("y" * 4))
    assert kept.get(1, always("new")) == ("new" if again else "x" * 6)


def test_the_last_one_is_kept_whatever_its_size():
    kept = texts(3, 1)
    kept.get(1, always("large"))
    assert kept.get(1, always("other")) == "large"


def test_what_was_used_last_stays_whatever_caches_are_told_to_give_back():
    budget = Budget(20)
    one, two = Cache(9, budget, len), Cache(9, budget, len)
    one.put("a", "aaaa")
    two.put("b", "bbbb")
    two.put("c", "cccc")
    assert one.peek("a") == "aaaa"
    budget.shrink_to(6)
    assert (one.peek("a"), two.keys()) == ("aaaa", [])
    budget.shrink_to(0)
    assert one.peek("a") == "aaaa"


def test_caches_share_a_budget_and_the_longest_unused_goes_whosever_it_is():
    budget = Budget(10)
    one, two = Cache(9, budget, len), Cache(9, budget, len)
    one.put("a", "aaaa")
    two.put("b", "bbbb")
    assert one.peek("a") == "aaaa"  # now "b" is the one asked for longest ago
    one.put("c", "cc")
    assert budget.held_bytes == 10
    two.put("d", "d")
    assert (one.keys(), two.keys()) == (["a", "c"], ["d"])
    two.put("e", "e" * 50)
    assert (one.keys(), two.keys()) == ([], ["e"])  # it alone is too large, and stays
    two.forget("e")
    assert budget.held_bytes == 0


def test_a_cache_that_is_let_go_counts_no_more():
    budget = Budget(10)
    one = Cache(9, budget, len)
    one.put("a", "aaaa")
    del one
    assert budget.held_bytes == 0


def test_what_takes_anothers_key_takes_its_place():
    kept = texts(3, 100)
    kept.put(1, "aaaa")
    kept.put(1, "bb")
    assert (kept.peek(1), kept.held_bytes) == ("bb", 2)
    kept.clear()
    assert (kept.peek(1), kept.held_bytes) == (None, 0)


def test_many_who_ask_at_once_have_it_made_once_and_others_do_not_wait():
    kept, made, go_on = texts(9, 100), [], threading.Event()

    def slow() -> str:
        made.append(1)
        assert go_on.wait(120)
        return "slow"

    with ThreadPoolExecutor(4) as pool:
        waiting = [pool.submit(kept.get, "slow", slow) for _ in range(4)]
        assert kept.get("other", always("at once")) == "at once"
        go_on.set()
        assert [each.result() for each in waiting] == ["slow"] * 4
    assert made == [1]


def test_a_failure_is_raised_to_all_and_not_kept():
    kept, go_on = texts(3, 9), threading.Event()

    def fail() -> str:
        assert go_on.wait(120)
        return str(1 // 0)

    with ThreadPoolExecutor(3) as pool:
        waiting = [pool.submit(kept.get, 1, fail) for _ in range(3)]
        go_on.set()
        for each in waiting:
            with pytest.raises(ZeroDivisionError):
                each.result()
    assert kept.get(1, always("fine")) == "fine"


def test_many_threads_leave_the_count_right():
    budget = Budget(500)
    caches = [Cache(20, budget, len) for _ in range(4)]

    def hammer(seed: int) -> None:
        drawn = np.random.default_rng(seed)
        for _ in range(300):
            one, key = caches[drawn.integers(4)], int(drawn.integers(60))
            one.get(key, always("x" * (key % 17 + 1)))
            if key % 7 == 0:
                one.forget(key)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(hammer, range(8)))
    for one in caches:
        sizes = [len(one.peek(key) or "") for key in one.keys()]  # noqa: SIM118
        assert one.held_bytes == sum(sizes)
        assert len(sizes) <= 20
    assert budget.held_bytes <= 500


@dataclass
class Holder:
    picture: np.ndarray
    maps: dict[str, torch.Tensor]


def test_sizes_are_those_of_what_is_kept_alive():
    kib = 1024
    pixels, values = np.zeros((64, 64), np.uint8), torch.zeros(kib)
    assert measure_bytes(pixels) == 4 * kib
    assert measure_bytes(values) == 4 * kib
    assert measure_bytes(values[:1]) == 4 * kib  # a view keeps all of it alive
    assert measure_bytes(torch.zeros(10**12, device="meta")) == 0
    shared = Holder(pixels, {"a": values, "b": values[:5], "c": torch.zeros(kib)})
    assert 12 * kib <= measure_bytes(shared) < 12 * kib + 2000
    net = nn.Sequential(nn.Linear(255, 4), nn.BatchNorm1d(4))
    counted = sum(4 * each.numel() for each in net.parameters()) + 2 * 16 + 8
    assert counted <= measure_bytes(net) < counted + 1000
    assert measure_bytes([shared, shared]) < 13 * kib + 2000


def test_the_process_has_one_budget():
    assert Cache(1)._budget is Cache(1)._budget is shared_budget()
    assert shared_budget().most_bytes == cache_bytes() > 2**20

"""Memory for decoding is shared, bounded, and given out in turn."""

import threading
import time
from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image

from engine.pictures import decode
from engine.pictures.lanes import SMALL_BYTES, Lane, lane_for

WAIT_S = 5.0


def start(work: Callable[[], None]) -> threading.Thread:
    thread = threading.Thread(target=work)
    thread.start()
    return thread


def test_no_more_is_held_than_there_is() -> None:
    lane, held, most = Lane(100), 0, 0
    lock = threading.Lock()

    def work() -> None:
        nonlocal held, most
        with lane.hold(40):
            with lock:
                held += 40
                most = max(most, held)
            time.sleep(0.01)
            with lock:
                held -= 40

    threads = [start(work) for _ in range(9)]
    for thread in threads:
        thread.join(WAIT_S)
    assert most == 80


def test_one_that_needs_more_than_there_is_has_it_alone() -> None:
    lane = Lane(100)
    with lane.hold(500):
        entered = threading.Event()

        def work() -> None:
            with lane.hold(1):
                entered.set()

        thread = start(work)
        assert not entered.wait(0.05)
    thread.join(WAIT_S)
    assert entered.is_set()


def test_who_asks_again_and_again_lets_others_in_between() -> None:
    lane, order = Lane(1), []
    others = []
    for _ in range(5):
        with lane.hold(1):
            order.append("zip")
            if not others:
                others = [start(lambda: _enter(lane, order)) for _ in range(3)]
                while lane.waiting < len(others):
                    time.sleep(0.001)
    for thread in others:
        thread.join(WAIT_S)
    assert order == ["zip", "other", "other", "other", "zip", "zip", "zip", "zip"]


def _enter(lane: Lane, order: list[str]) -> None:
    with lane.hold(1):
        order.append("other")


def test_an_error_gives_the_room_back() -> None:
    lane = Lane(1)
    with pytest.raises(RuntimeError), lane.hold(1):
        raise RuntimeError
    with lane.hold(1):
        pass


def test_a_small_picture_does_not_wait_for_a_large_one(
    noise: np.ndarray, as_file: Callable[..., bytes]
) -> None:
    small = as_file(noise, "PNG")
    decode(small)
    with lane_for(SMALL_BYTES + 1).hold(10**12):
        begun = time.perf_counter()
        decode(small)
        assert time.perf_counter() - begun < 20  # it would wait for ever


def test_decoders_hold_their_lane(
    noise: np.ndarray, as_file: Callable[..., bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    """While one decodes, another that needs all of the lane waits."""
    opened = Image.open

    def look(*args: object, **options: object) -> Image.Image:
        blocked = threading.Event()

        def work() -> None:
            with lane_for(1).hold(SMALL_BYTES * 10):
                blocked.set()

        waiting.append(start(work))
        assert not blocked.wait(0.05)
        return opened(*args, **options)  # type: ignore[arg-type]

    waiting: list[threading.Thread] = []
    monkeypatch.setattr(Image, "open", look)
    decode(as_file(noise, "PNG"))
    waiting[0].join(WAIT_S)
    assert not waiting[0].is_alive()

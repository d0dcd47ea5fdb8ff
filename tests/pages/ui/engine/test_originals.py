"""Files for the engine's next start: bounded, forgotten in time, given again where needed."""

import pytest

from pages.ui.engine.originals import Originals

A, B, C = ("a" * 22, "b" * 22, "c" * 22)


class Clock:
    now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def kept(clock: Clock) -> Originals:
    store = Originals(100, clock)
    store.keep(A, b"1" * 40, "a.png", 60, "first")
    store.keep(B, b"2" * 40, "b.png", 120, "first")
    return store


def test_only_what_a_request_names_and_this_start_has_not_is_missing(kept: Originals) -> None:
    asked = f"/api/v1/home?picture={A}&depth=3"
    assert kept.missing(asked, "first") == []
    assert kept.missing(asked, "second") == [A]
    assert kept.missing(f"/api/v1/pictures/{B}", "second") == [B]
    assert kept.missing("/api/v1/home?picture=chelsea", "second") == []
    kept.note_given(A, "second")
    assert kept.missing(asked, "second") == []


def test_a_file_is_given_again_for_the_time_that_is_left(kept: Originals, clock: Clock) -> None:
    clock.now_s = 50
    again = kept.again(A)
    assert again is not None
    assert (again.method, again.path, again.content) == ("PUT", f"pictures/{A}", b"1" * 40)
    assert again.params == {"name": "a.png", "keep_s": 11}
    clock.now_s = 61
    assert kept.again(A) is None
    assert kept.missing(A, "second") == []
    assert kept.missing(B, "second") == [B]


def test_the_least_recently_needed_go_first_and_the_bound_holds(kept: Originals) -> None:
    assert kept.again(A) is not None
    kept.keep(C, b"3" * 40, "c.png", 60, "first")
    assert kept.again(B) is None
    assert kept.again(A) is not None
    kept.keep(B, b"4" * 101, "larger than all.png", 60, "first")
    assert kept.again(B) is None
    assert kept.again(A) is not None


def test_what_its_owner_forgets_is_gone_at_once(kept: Originals) -> None:
    kept.forget(A)
    kept.forget(A)
    assert kept.again(A) is None

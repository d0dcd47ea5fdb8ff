"""The last results of something slow: what is kept, and what goes first."""

import pytest

from engine.serving.kept import Kept


def test_a_result_is_made_once_while_it_is_kept() -> None:
    kept: Kept[str] = Kept(2, 100, len)
    made: list[str] = []

    def make(text: str) -> str:
        made.append(text)
        return text

    for key in ("a", "b", "a", "c", "a", "b"):
        assert kept.get(key, lambda key=key: make(key)) == key
    assert made == ["a", "b", "c", "b"]  # "b" was asked for longest ago when "c" came


@pytest.mark.parametrize(("most_bytes", "again"), [(10, False), (9, True)])
def test_size_bounds_what_is_kept(most_bytes: int, again: bool) -> None:
    kept: Kept[str] = Kept(8, most_bytes, len)
    kept.get(1, lambda: "x" * 6)
    kept.get(2, lambda: "y" * 4)
    assert kept.get(1, lambda: "new") == ("new" if again else "x" * 6)


def test_the_last_one_is_kept_whatever_its_size() -> None:
    kept: Kept[str] = Kept(3, 1, len)
    kept.get(1, lambda: "large")
    assert kept.get(1, lambda: "other") == "large"


def test_a_failure_is_raised_and_not_kept() -> None:
    kept: Kept[str] = Kept(3, 9, len)
    with pytest.raises(ZeroDivisionError):
        kept.get(1, lambda: str(1 // 0))
    assert kept.get(1, lambda: "fine") == "fine"

"""Numbers as the pages write them."""

import math

from hypothesis import given
from hypothesis import strategies as st

from pages.ui.words import brief, told_apart

NUMBERS = st.floats(allow_nan=False, allow_infinity=False)


def test_a_number_has_three_digits() -> None:
    assert [brief(each) for each in (0.59312, 4.27e6, -0.12, 3.0)] == [
        "0.593",
        "4.27 × 10⁶",
        "−0.12",
        "3",
    ]
    assert brief(math.inf) == "∞"


def test_two_that_differ_never_read_the_same() -> None:
    assert told_apart(0.593, 0.141) == ("0.593", "0.141")
    assert told_apart(0.59312, 0.5931) == ("0.59312", "0.5931")
    assert told_apart(0.5, 0.5) == ("0.5", "0.5")


@given(NUMBERS, st.integers(1, 10**6))
def test_a_difference_in_the_tenth_digit_is_seen(value: float, parts: int) -> None:
    other = value * (1 + parts * 1e-10)
    if math.isfinite(other) and abs(value) > 1e-300:
        first, second = told_apart(value, other)
        assert first != second

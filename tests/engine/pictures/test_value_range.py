"""What is black and what is white, where a file does not say."""

import numpy as np
import pytest

from engine.errors import InputError
from engine.pictures.value_range import find_range

SIXTEEN = 65_535.0


@pytest.mark.parametrize(
    ("low", "high", "kind", "container", "black", "white", "told"),
    [
        (0, 65_535, "u", SIXTEEN, 0, 65_535, False),
        (0, 40_000, "u", SIXTEEN, 0, 65_535, False),
        (100, 4_095, "u", SIXTEEN, 100, 4_095, True),
        (0, 16_383, "u", SIXTEEN, 0, 16_383, True),
        (0, 255, "u", SIXTEEN, 0, 255, True),  # eight bits in sixteen
        (0, 30, "u", SIXTEEN, 0, 30, True),
        (40_000, 41_000, "u", SIXTEEN, 40_000, 41_000, True),  # all but flat
        (300, 300, "u", SIXTEEN, 0, 65_535, False),  # flat
        (0, 4_095, "u", 4_095.0, 0, 4_095, False),
        (0, 40_000, "i", 0, 0, 65_535, False),
        (-5, 5, "i", 0, -5, 5, True),
        (0, 2**40, "u", 0, 0, 2**40, True),
        (0, 1, "f", 0, 0, 1, False),
        (0.01, 0.05, "f", 0, 0.01, 0.05, True),
        (0.5, 0.5, "f", 0, 0, 1, False),
        (0, 200, "f", 0, 0, 255, False),
        (-1, 1, "f", 0, -1, 1, True),
    ],
)
def test_ranges(
    low: float, high: float, kind: str, container: float, black: float, white: float, told: bool
) -> None:
    found = find_range(low, high, kind, container)
    assert (found.black, found.white) == (black, white)
    assert [note.key for note in found.notes] == (["stretched"] if told else [])


@pytest.mark.parametrize("kind", ["u", "i"])
@pytest.mark.parametrize(("low", "high"), [(0, 4095), (7, 900), (0, 60_000), (33_000, 34_000)])
def test_the_same_numbers_are_the_same_picture_in_16_and_in_32_bits(
    kind: str, low: float, high: float
) -> None:
    deep, wide = find_range(low, high, "u", SIXTEEN), find_range(low, high, kind)
    assert (deep.black, deep.white) == (wide.black, wide.white)


def test_bytes_are_rounded_and_clipped() -> None:
    scaled = find_range(0, 1, "f").to_bytes(np.array([-1, 0, 0.5, 1, 2]))
    assert scaled.tolist() == [0, 0, 128, 255, 255]


def test_numbers_must_be_finite() -> None:
    with pytest.raises(InputError, match="not finite"):
        find_range(0, 1, "f").to_bytes(np.array([0, np.nan]))

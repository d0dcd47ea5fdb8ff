"""A slider whose ways are factors: what it reads from links and browsers."""

import pytest

from pages.ui.controls import Slider

SIDE = Slider("side", 4, 2048, default=64, log=True)
ZOOM = Slider("zoom", 1, 256, default=28, step=0.01, log=True)


@pytest.mark.parametrize(
    ("slider", "raw", "value"),
    [
        (SIDE, "4", 4),
        (SIDE, "17", 17),
        (SIDE, 16.4, 16),
        (SIDE, 2048, 2048),
        (SIDE, "3", 64),
        (SIDE, "2049", 64),
        (SIDE, "inf", 64),
        (SIDE, "nan", 64),
        (SIDE, "", 64),
        (SIDE, None, 64),
        (SIDE, {"value": 5}, 64),
        (ZOOM, "1", 1),
        (ZOOM, "22.63", 22.63),
        (ZOOM, 5.656854, 5.66),
    ],
)
def test_values_are_multiples_of_the_step_within_the_bounds(
    slider: Slider, raw: object, value: float
) -> None:
    assert slider.read(raw) == value


def test_whole_steps_read_as_whole_numbers() -> None:
    assert isinstance(SIDE.read("16"), int)


def test_the_browser_is_told_that_it_is_logarithmic() -> None:
    assert SIDE.describe() == {"kind": "slider", "log": True, "low": 4, "high": 2048, "step": 1}
    assert Slider("plain", 0, 10, default=5).describe()["log"] is False

"""A picture's place in the square, and boxes there and back."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from engine.detection.nanodet.letterbox import INPUT_PX, fit, normalise, put_in

CPU = torch.device("cpu")
SIDES = st.integers(1, 5000)


@given(SIDES, SIDES)
def test_a_picture_fills_one_side_and_lies_in_the_middle(height: int, width: int) -> None:
    place = fit((height, width))
    assert max(place.scaled) == INPUT_PX
    assert min(place.scaled) >= 1
    for scaled, start in zip(place.scaled, place.corner, strict=True):
        after = INPUT_PX - scaled - start
        assert after - start in (0, 1)
    share = INPUT_PX / max(height, width)
    assert abs(place.scaled[0] - height * share) <= 1
    assert abs(place.scaled[1] - width * share) <= 1


@given(SIDES, SIDES, st.booleans())
def test_boxes_go_there_and_back(height: int, width: int, keep_shape: bool) -> None:
    place = fit((height, width), keep_shape)
    size = torch.tensor([width, height, width, height])
    boxes = torch.tensor([[0.0, 0, 1, 1], [0.25, 0.5, 0.75, 0.625]]) * size
    there = place.to_square(boxes)
    top, left = place.corner
    whole = [left, top, left + place.scaled[1], top + place.scaled[0]]
    torch.testing.assert_close(there[0], torch.tensor(whole).float())
    torch.testing.assert_close(place.to_picture(there), boxes, rtol=1e-5, atol=0.01)


def test_boxes_are_cut_at_the_picture_s_edge() -> None:
    place = fit((100, 200))  # twice as wide: 104 px of black above and below
    boxes = torch.tensor([[-5.0, 0, 500, 416], [10, 0, 20, 90]])
    assert place.to_picture(boxes)[0].tolist() == [0, 0, 200, 100]
    beside = place.to_picture(boxes)[1]
    assert beside[1] == beside[3] == 0


def test_what_lies_around_the_picture_is_black() -> None:
    pixels = np.full((60, 30, 3), 200, np.uint8)
    square = put_in(pixels, fit((60, 30)))
    assert square.shape == (INPUT_PX, INPUT_PX, 3)
    assert (square[:, 104:312] == 200).all()
    assert not square[:, :104].any()
    assert not square[:, 312:].any()
    assert (put_in(pixels, fit((60, 30), keep_shape=False)) == 200).all()


def test_a_large_picture_is_shrunk_by_the_mean_of_what_each_pixel_covers() -> None:
    stripes = np.zeros((4160, 4160, 3), np.uint8)
    stripes[::2] = 255  # every second row, so that a skipped one would show
    square = put_in(stripes, fit((4160, 4160)))
    assert 126 <= square.min() <= square.max() <= 129


def test_the_network_sees_blue_first_and_normalised() -> None:
    square = np.random.default_rng(0).integers(0, 256, (2, INPUT_PX, INPUT_PX, 3), np.uint8)
    batch = normalise(square, CPU)
    assert batch.shape == (2, 3, INPUT_PX, INPUT_PX)
    assert batch.dtype == torch.float32
    assert batch.is_contiguous(memory_format=torch.channels_last)
    red, green, blue = square[1, 7, 9].astype(float)
    expected = [(blue - 103.53) / 57.375, (green - 116.28) / 57.12, (red - 123.675) / 58.395]
    assert batch[1, :, 7, 9].tolist() == pytest.approx(expected, rel=1e-5)

"""Neighbours against numpy's correlation, the slide against OpenCV's."""

import cv2
import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from engine.convolution.locality import neighbour_correlation, slide_over


@given(st.integers(1, 9), st.integers(2, 9), st.integers(0, 99))
def test_neighbours_correlate_as_numpy_says(height: int, width: int, seed: int) -> None:
    grey = np.random.default_rng(seed).random((height, width))
    one = np.concatenate([grey[:, :-1].ravel(), grey[:-1].ravel()])
    other = np.concatenate([grey[:, 1:].ravel(), grey[1:].ravel()])
    found = neighbour_correlation(torch.from_numpy(grey))
    if one.std() and other.std():
        assert found == pytest.approx(np.corrcoef(one, other)[0, 1], abs=1e-9)
    else:
        assert found == 0


@pytest.mark.parametrize("size", [(1, 1), (1, 5), (4, 4)])
def test_where_nothing_varies_nothing_correlates(size: tuple[int, int]) -> None:
    assert neighbour_correlation(torch.full(size, 0.3)) == 0


def test_a_ramp_correlates_fully() -> None:
    assert neighbour_correlation(torch.arange(6.0)[None]) == pytest.approx(1)


@pytest.mark.parametrize("side", [1, 3, 5])
@pytest.mark.parametrize("size", [(1, 1), (7, 9)])
def test_the_slide_is_opencvs(size: tuple[int, int], side: int) -> None:
    random = np.random.default_rng(0)
    grey = random.random(size, dtype=np.float32)
    kernel = random.random((side, side), dtype=np.float32)
    expected = cv2.filter2D(grey, -1, kernel, borderType=cv2.BORDER_REPLICATE)
    found = slide_over(torch.from_numpy(grey), torch.from_numpy(kernel))
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-6)

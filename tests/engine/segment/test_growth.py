"""What is read off growing maps, against loops and SciPy."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from scipy.ndimage import uniform_filter
from torch.nn import functional as F

from engine.errors import InputError
from engine.segment.growing import meetings
from engine.segment.growth import phase_means, strongest_channel, unevenness, where_they_part


def test_the_strongest_channel_varies_most_and_ties_go_to_the_lower() -> None:
    maps = torch.stack([torch.full((4, 4), 9.0), torch.eye(4), 3 * torch.eye(4), 3 * torch.eye(4)])
    assert strongest_channel(maps) == 2
    assert strongest_channel(torch.zeros(3, 1, 1)) == 0


@given(st.integers(1, 4), st.integers(4, 11), st.integers(4, 11))
def test_phases_are_every_so_many_pixels(stride: int, height: int, width: int) -> None:
    maps = torch.randn(2, height, width, generator=torch.Generator().manual_seed(height + width))
    whole = maps[:, : height // stride * stride, : width // stride * stride]
    means = phase_means(maps, stride)
    for row in range(stride):
        for column in range(stride):
            expected = whole[:, row::stride, column::stride].mean(dim=(1, 2))
            torch.testing.assert_close(means[:, row, column], expected)


@pytest.mark.parametrize("stride", [0, 4])
def test_a_stride_that_does_not_fit_is_refused(stride: int) -> None:
    with pytest.raises(InputError):
        phase_means(torch.zeros(1, 3, 5), stride)


@given(st.integers(1, 8), st.integers(1, 4))
def test_kernels_that_the_stride_divides_are_even_and_no_others(kernel: int, stride: int) -> None:
    inside = meetings((12, 12), kernel, stride)[kernel:-kernel, kernel:-kernel]
    uneven = unevenness(inside[None], stride)
    assert (uneven == 0) == (kernel % stride == 0)


def test_unevenness_by_hand() -> None:
    grown = F.conv_transpose2d(torch.ones(1, 1, 9, 9), torch.ones(1, 1, 3, 3), stride=2)
    inside = grown[0][:, 3:-4, 3:-4]  # four phases of 1, 2, 2 and 4 kernels
    assert unevenness(inside, 2) == pytest.approx((4 - 1) / ((1 + 2 + 2 + 4) / 4))
    assert unevenness(torch.zeros(2, 4, 4), 2) == 0


def test_answers_part_where_a_window_has_most_of_them() -> None:
    readings = np.random.default_rng(0).integers(0, 3, (4, 20, 24))
    answers = np.array([[len(np.unique(readings[:, r, c])) for c in range(24)] for r in range(20)])
    counts = np.random.default_rng(1).random((20, 24)) < 0.5
    row, column = where_they_part(list(readings), counts, 5)
    sums = uniform_filter((answers - 1.0) * counts, 5)[2:-2, 2:-2]
    assert sums[row - 2, column - 2] == pytest.approx(sums.max())
    assert where_they_part([readings[0]], counts, 4) == (2, 2)

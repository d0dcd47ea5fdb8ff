"""Transposed convolution and unpooling, against PyTorch; where kernels meet, counted."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.nn import functional as F

from engine.errors import InputError
from engine.segment.growing import meetings, transposed_conv2d, unpool


def randn(*shape: int) -> torch.Tensor:
    drawn = torch.Generator().manual_seed(sum(shape))
    return torch.randn(*shape, generator=drawn, dtype=torch.float64)


@given(
    batch=st.integers(0, 2),
    channels=st.tuples(st.integers(1, 3), st.integers(1, 3)),
    size=st.tuples(st.integers(1, 5), st.integers(1, 5)),
    kernel=st.tuples(st.integers(1, 5), st.integers(1, 5)),
    stride=st.integers(1, 4),
    padding=st.integers(0, 1),
)
def test_transposed_convolution_as_torch(
    batch: int,
    channels: tuple[int, int],
    size: tuple[int, int],
    kernel: tuple[int, int],
    stride: int,
    padding: int,
):
    smallest = min((n - 1) * stride + k for n, k in zip(size, kernel, strict=True))
    padding = padding if smallest > 2 else 0
    x, kernels = randn(batch, channels[0], *size), randn(*channels, *kernel)
    expected = F.conv_transpose2d(x, kernels, stride=stride, padding=padding)
    torch.testing.assert_close(transposed_conv2d(x, kernels, stride, padding), expected)


def test_its_gradient_is_torchs():
    x, kernels = randn(1, 2, 3, 4).requires_grad_(), randn(2, 3, 3, 3).requires_grad_()
    mine = torch.autograd.grad(transposed_conv2d(x, kernels, 2).square().sum(), [x, kernels])
    theirs = F.conv_transpose2d(x, kernels, stride=2).square().sum()
    torch.testing.assert_close(mine, torch.autograd.grad(theirs, [x, kernels]))


@pytest.mark.parametrize(("kernel", "stride"), [(3, 2), (4, 2), (2, 2), (5, 3), (6, 3), (1, 2)])
def test_kernels_meet_evenly_where_the_stride_divides_the_side(kernel: int, stride: int):
    counts = meetings((6, 7), kernel, stride)
    assert counts.shape == (5 * stride + kernel, 6 * stride + kernel)
    inner = counts[kernel:-kernel, kernel:-kernel]
    assert (inner.min() == inner.max()) == (kernel % stride == 0)
    assert counts.sum() == 6 * 7 * kernel**2


@given(size=st.tuples(st.integers(3, 9), st.integers(3, 9)), side=st.integers(1, 3))
def test_unpooling_as_torch(size: tuple[int, int], side: int):
    x = randn(2, 3, *size)
    pooled, places = F.max_pool2d(x, side, return_indices=True)
    expected = F.max_unpool2d(pooled, places, [side, side], output_size=list(size))
    found = unpool(pooled, places, size)
    torch.testing.assert_close(found, expected)
    kept = found != 0
    torch.testing.assert_close(found[kept], x[kept])


def test_nothing_grows_from_nothing():
    assert transposed_conv2d(randn(0, 2, 3, 3), randn(2, 1, 2, 2), 2).shape == (0, 1, 6, 6)
    assert unpool(randn(0, 2, 3, 3), torch.zeros(0, 2, 3, 3).long(), (6, 6)).shape == (0, 2, 6, 6)


def test_what_does_not_belong_together_is_refused():
    with pytest.raises(ValueError, match="belong together"):
        transposed_conv2d(randn(1, 2, 3, 3), randn(3, 2, 2, 2), 1)
    with pytest.raises(InputError, match="stride"):
        transposed_conv2d(randn(1, 2, 3, 3), randn(2, 2, 2, 2), 0)
    with pytest.raises(InputError, match="padding"):
        transposed_conv2d(randn(1, 2, 1, 1), randn(2, 2, 2, 2), 1, padding=1)
    with pytest.raises(InputError, match="kernel"):
        meetings((3, 3), 0, 1)
    with pytest.raises(ValueError, match="belong together"):
        unpool(randn(1, 2, 3, 3), torch.zeros(1, 2, 3, 4).long(), (6, 6))
    with pytest.raises(ValueError, match="outside"):
        unpool(randn(1, 1, 1, 1), torch.full((1, 1, 1, 1), 36), (6, 6))

"""Presets against OpenCV: the kernels themselves, and the pictures that they make."""

from collections.abc import Callable

import cv2
import numpy as np
import pytest
import torch
import torch.nn.functional as F
from scipy.signal import windows
from torch import Tensor

from engine.convolution.kernels import kernel

ODD = (3, 5, 7)


@pytest.fixture(scope="module")
def picture() -> np.ndarray:
    return np.random.default_rng(5).random((20, 24), dtype=np.float32)


def slid(picture: np.ndarray, weight: Tensor) -> np.ndarray:
    """The picture under the kernel, zeros around it, same size."""
    padding = weight.shape[0] // 2
    return F.conv2d(torch.from_numpy(picture)[None, None], weight[None, None], padding=padding)[
        0, 0
    ].numpy()


@pytest.mark.parametrize("size", ODD)
def test_derivative_lines_are_opencvs(size: int) -> None:
    first, smooth = cv2.getDerivKernels(1, 0, size, normalize=True)
    second, _ = cv2.getDerivKernels(2, 0, size, normalize=True)
    sobel_x = torch.from_numpy(8 * smooth @ first.T)
    assert torch.equal(kernel("sobel_x", size), sobel_x)
    assert torch.equal(kernel("sobel_y", size), sobel_x.T)
    assert torch.equal(kernel("derivative", size, dims=1), torch.from_numpy(2 * first[:, 0]))
    assert torch.equal(kernel("laplacian", size, dims=1), torch.from_numpy(second[:, 0]))


@pytest.mark.parametrize("size", [1, 3, 5, 7])
def test_gaussian_is_opencvs(size: int) -> None:
    line = cv2.getGaussianKernel(size, 0)
    torch.testing.assert_close(kernel("gaussian", size), torch.from_numpy(line @ line.T).float())


@pytest.mark.parametrize("size", [2, 4, 6])
def test_even_gaussian_is_scipys_bell_with_opencvs_sigma(size: int) -> None:
    sigma = 0.3 * ((size - 1) * 0.5 - 1) + 0.8
    bell = torch.from_numpy(windows.gaussian(size, sigma)).float()
    torch.testing.assert_close(kernel("gaussian", size, dims=1), bell / bell.sum())


@pytest.mark.parametrize("size", ODD)
@pytest.mark.parametrize(
    ("name", "by_opencv"),
    [
        ("blur", lambda p, k, edge: cv2.blur(p, (k, k), borderType=edge)),
        ("gaussian", lambda p, k, edge: cv2.GaussianBlur(p, (k, k), 0, borderType=edge)),
        (
            "sobel_x",
            lambda p, k, edge: cv2.Sobel(
                p, -1, 1, 0, None, k, 8 / 2 ** (2 * k - 3), borderType=edge
            ),
        ),
        (
            "sobel_y",
            lambda p, k, edge: cv2.Sobel(
                p, -1, 0, 1, None, k, 8 / 2 ** (2 * k - 3), borderType=edge
            ),
        ),
        # OpenCV's ksize 1 is the 3×3 kernel of the four neighbours.
        (
            "laplacian",
            lambda p, k, edge: cv2.Laplacian(
                p,
                -1,
                None,
                1 if k == 3 else k,
                1 if k == 3 else 2.0 ** (4 - 2 * k),
                borderType=edge,
            ),
        ),
    ],
)
def test_pictures_come_out_as_opencvs(
    name: str, by_opencv: Callable[..., np.ndarray], size: int, picture: np.ndarray
) -> None:
    expected = by_opencv(picture, size, cv2.BORDER_CONSTANT)
    np.testing.assert_allclose(slid(picture, kernel(name, size)), expected, atol=2e-6)

"""Enlarged maps, against NumPy, scikit-image's bilinear resize and FCN's kernel by its formula."""

from typing import Any

import numpy as np
import pytest
import torch
from skimage.transform import resize

from engine.detection.upsampling import UPSAMPLINGS, Upsampling, bilinear_kernel, upsample
from engine.errors import InputError

FACTORS = [1, 2, 3, 4, 8]


def heat(rows: int, columns: int) -> torch.Tensor:
    return torch.rand(rows, columns, generator=torch.Generator().manual_seed(rows))


@pytest.mark.parametrize("how", UPSAMPLINGS)
@pytest.mark.parametrize("factor", FACTORS)
@pytest.mark.parametrize("shape", [(1, 1), (1, 5), (6, 7)])
def test_sizes_and_what_is_left_alone(shape: tuple[int, int], factor: int, how: Upsampling) -> None:
    coarse = heat(*shape)
    found = upsample(coarse, factor, how)
    assert found.shape == (shape[0] * factor, shape[1] * factor)
    assert float(found.max()) <= float(coarse.max()) + 1e-6
    if factor == 1:
        torch.testing.assert_close(found, coarse)


@pytest.mark.parametrize("factor", FACTORS)
def test_nearest_and_bilinear_as_others_have_them(factor: int) -> None:
    coarse = heat(5, 6).numpy()
    found = upsample(torch.tensor(coarse), factor, "nearest").numpy()
    np.testing.assert_array_equal(found, np.kron(coarse, np.ones((factor, factor))))
    size = (5 * factor, 6 * factor)
    expected: Any = resize(coarse, size, order=1, mode="edge", anti_aliasing=False)
    found = upsample(torch.tensor(coarse), factor, "bilinear").numpy()
    np.testing.assert_allclose(found, expected, atol=1e-6)


@pytest.mark.parametrize("factor", FACTORS)
def test_the_transposed_convolution_is_bilinear_inside_and_fades_at_the_border(factor: int) -> None:
    coarse = heat(5, 6)
    padded = np.pad(coarse.numpy(), 1)  # beyond the border there is nothing to add
    size = (7 * factor, 8 * factor)
    expected: Any = resize(padded, size, order=1, mode="edge", anti_aliasing=False)
    found = upsample(coarse, factor, "transposed").numpy()
    np.testing.assert_allclose(found, expected[factor:-factor, factor:-factor], atol=1e-6)
    edge = -(-factor // 2)
    inner = (slice(edge, -edge),) * 2
    bilinear = upsample(coarse, factor, "bilinear").numpy()
    np.testing.assert_allclose(found[inner], bilinear[inner], atol=1e-6)


@pytest.mark.parametrize("factor", FACTORS)
def test_the_kernel_is_fcns(factor: int) -> None:
    side = 2 * factor - factor % 2
    middle = factor - 1 if side % 2 else factor - 0.5
    expected = [
        [(1 - abs(y - middle) / factor) * (1 - abs(x - middle) / factor) for x in range(side)]
        for y in range(side)
    ]
    np.testing.assert_allclose(bilinear_kernel(factor).numpy(), expected, atol=1e-6)


def test_what_cannot_be_done_is_a_sentence() -> None:
    with pytest.raises(InputError, match="factor"):
        upsample(heat(2, 2), 0, "nearest")
    with pytest.raises(InputError, match="nearest, bilinear, transposed"):
        upsample(heat(2, 2), 2, "cubic")  # pyright: ignore[reportArgumentType]

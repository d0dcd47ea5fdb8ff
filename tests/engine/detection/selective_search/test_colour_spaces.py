"""Channels of other colour spaces, held against scikit-image's conversions."""

import numpy as np
import pytest
from skimage import color

from engine.detection.selective_search.colour_spaces import COLOUR_SPACES, to_colour_space
from engine.errors import InputError

PIXELS = np.random.default_rng(0).integers(0, 256, (40, 50, 3), dtype=np.uint8)


def test_hue_saturation_value_is_scikit_images() -> None:
    ours, theirs = to_colour_space(PIXELS, "hsv"), color.rgb2hsv(PIXELS)
    turned = np.abs(ours[:, :, 0] - theirs[:, :, 0])
    assert np.minimum(turned, 1 - turned).max() < 1e-5  # hue goes round
    np.testing.assert_allclose(ours[:, :, 1:], theirs[:, :, 1:], atol=1e-5)
    np.testing.assert_array_equal(to_colour_space(PIXELS, "h")[:, :, 0], ours[:, :, 0])


def test_lab_is_scikit_images_stretched() -> None:
    theirs = (color.rgb2lab(PIXELS) + np.array([0, 128, 128])) / [100, 255, 255]
    np.testing.assert_allclose(to_colour_space(PIXELS, "lab"), theirs, atol=4e-3)


def test_grey_is_the_luma() -> None:
    wanted = PIXELS @ np.array([0.299, 0.587, 0.114]) / 255
    np.testing.assert_allclose(to_colour_space(PIXELS, "grey")[:, :, 0], wanted, atol=1e-5)


def test_normalised_red_and_green_do_not_see_the_light() -> None:
    bright = np.full((4, 4, 3), (200, 100, 40), np.uint8)
    dim = bright // 2
    ours = to_colour_space(bright, "rgi"), to_colour_space(dim, "rgi")
    np.testing.assert_allclose(ours[0][:, :, :2], ours[1][:, :, :2], atol=1e-6)
    np.testing.assert_allclose(ours[0][:, :, 2], 2 * ours[1][:, :, 2], atol=1e-6)
    np.testing.assert_allclose(to_colour_space(np.zeros_like(dim), "rgi")[0, 0], [1 / 3, 1 / 3, 0])


@pytest.mark.parametrize("space", COLOUR_SPACES)
def test_every_channel_stays_in_its_range(space) -> None:
    found = to_colour_space(PIXELS, space)
    assert found.dtype == np.float32
    assert found.shape == (40, 50, 1 if space in ("h", "grey") else 3)
    assert found.min() >= 0
    assert found.max() <= 1


def test_an_unknown_space_is_refused_by_name() -> None:
    with pytest.raises(InputError, match="cmyk"):
        to_colour_space(PIXELS, "cmyk")  # pyright: ignore[reportArgumentType]
    with pytest.raises(ValueError, match="uint8"):
        to_colour_space(PIXELS[:, :, 0], "rgb")
